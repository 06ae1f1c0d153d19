"""The database can always be made again from its archive, with the same content."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.examples import examples
from tests.campaign.frame import Result, all_of, answer, by_tests, holds

PROMISES = "P9"


def check(where: Path) -> Result:
    """Imports an example of every format, deletes the database, opens it, and compares every answer; also with losses between."""
    db = where / "usage.duckdb"
    answer("import", *[path for paths in examples().values() for path in paths], db=db)
    asked = [("spend", "--by", by) for by in ("model", "app", "day", "project", "account", "conversation-length")]
    before = [answer(*words, db=db) for words in asked]
    db.unlink()
    assert [answer(*words, db=db) for words in asked] == before
    answer("rebuild", db=db)
    assert [answer(*words, db=db) for words in asked] == before
    known = by_tests(
        where,
        "tests/archive/test_rebuild.py::test_a_rebuilt_database_is_the_same",
        "tests/archive/test_rebuild.py::test_a_rebuild_that_is_interrupted_leaves_the_old_file",
        "tests/archive/test_rebuild.py::test_any_sequence_with_losses_ends_as_without",
    )
    return all_of(holds(f"${before[0]['cost_usd']} in {before[0]['calls']} calls, twice"), known)
