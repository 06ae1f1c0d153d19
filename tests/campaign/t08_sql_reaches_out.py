"""Even SQL that got in could reach nothing: the database engine opens no other file, no network and no extension."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.campaign.frame import Result, all_of, by_tests, holds
from tests.databases import add, new, rows
from tests.transcripts import call, text

PROMISES = "P8"


def check(where: Path) -> Result:
    """Runs statements that read, write, attach, install and reconfigure, on the program's own connection."""
    store = new(where / "store")
    add(store, {"a.jsonl": text(call("a"))})
    planted = where / "planted"
    (where / "other.csv").write_text("a\n1\n")
    statements = (
        f"from read_csv('{where}/other.csv')",
        f"from '{where}/other.csv'",
        f"copy (select 1) to '{planted}'",
        f"attach '{planted}'",
        f"export database '{planted}'",
        "install httpfs",
        "load httpfs",
        "from glob('/etc/*')",
        "from read_text('/etc/passwd')",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "from read_parquet('http://127.0.0.1:9/x.parquet')",
        f"import database '{where}'",
        "set temp_directory = '/tmp'",
        "select getenv('HOME')",
        f"copy call to '{planted}'",
    )
    for statement in statements:
        try:
            found = rows(store, statement)
        except (duckdb.Error, ValueError, TypeError):
            continue
        raise AssertionError(f"{statement} answered {found}")
    assert not planted.exists()
    assert store.rows("events_total") == [{"events": 1}]
    known = by_tests(where, "tests/store/test_lease.py::test_a_connection_reaches_nothing_but_its_own_file")
    return all_of(holds(f"{len(statements)} statements refused"), known)
