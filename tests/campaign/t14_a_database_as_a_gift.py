"""A database file or backup from somebody else is never opened as code: only checked archives of usage are restored."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb

from tests.campaign.examples import examples
from tests.campaign.frame import Result, all_of, answer, by_tests, command, holds

PROMISES = "P9"


def check(where: Path) -> Result:
    """Imports and restores a foreign DuckDB and SQLite file under several names, and backups with changed parts, links and paths."""
    gift, db = where / "gift" / "usage.duckdb", where / "mine" / "usage.duckdb"
    gift.parent.mkdir()
    with duckdb.connect(str(gift)) as made:
        (where / "secret.csv").write_text("a\n1\n")
        made.execute(f"create view event as from read_csv('{where}/secret.csv')")
        made.execute("create macro spend() as (select 1)")
    tried = 0
    for name in ("gift.duckdb", "gift.parquet", "gift.csv", "gift.jsonl", "gift.gz"):
        shutil.copy(gift, where / name)
        done = command("import", where / name, db=db)
        assert (done.returncode, name in done.stdout + done.stderr) == (1, True), done.stderr
        tried += 1
    assert command("restore", "--from", gift.parent, db=db).returncode == 2
    example = next(paths[0] for paths in examples().values() if paths)
    answer("import", example, db=where / "other" / "usage.duckdb")
    whole = answer("spend", db=where / "other" / "usage.duckdb")["calls"]
    answer("backup", "--to", where / "copy", db=where / "other" / "usage.duckdb")
    for spoil in (changed_part, linked_part, climbing_ledger):
        copy = where / spoil.__name__
        shutil.copytree(where / "copy", copy)
        spoil(copy)
        target = where / f"for-{spoil.__name__}" / "usage.duckdb"
        done = command("restore", "--from", copy, db=target)
        assert done.returncode in (1, 2), f"{spoil.__name__}: {done.stdout}"
        assert not list(where.rglob("climbed*"))
        if target.exists():
            assert answer("spend", db=target)["calls"] < whole, "what was changed counts"
        tried += 1
    known = by_tests(
        where,
        "tests/archive/test_copies.py",
        "tests/ingest/test_unpack.py",
        only="no_backup or flipped or damaged_part or first_bytes or overwrites",
    )
    return all_of(holds(f"{tried} gifts refused"), known)


def changed_part(copy: Path) -> None:
    """One byte of a part is another."""
    part = next(copy.rglob("*observation.parquet"))
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)


def linked_part(copy: Path) -> None:
    """A part is a link to a file elsewhere."""
    part = next(copy.rglob("*observation.parquet"))
    part.unlink()
    part.symlink_to("/etc/passwd")


def climbing_ledger(copy: Path) -> None:
    """The ledger names a part outside the folder."""
    ledger = next(copy.rglob("ledger.jsonl"))
    lines = [json.loads(line) for line in ledger.read_text().splitlines()]
    text = json.dumps(lines[-1]).replace(".parquet", "/../../../climbed.parquet")
    ledger.write_text("\n".join([*map(json.dumps, lines[:-1]), text]) + "\n")
