"""Undo leaves no trace: the database is as before the import, and the same files can be imported again."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P3"


def check(where: Path) -> Result:
    """Imports, undoes in any order and imports again, in 30 databases of five generated sets each, and compares every derived table."""
    return by_tests(
        where,
        "tests/store/test_promises.py::test_p3_holds_in_many_cases",
        "tests/store/test_promises.py::test_an_undo_of_nothing_or_of_the_unknown_changes_nothing",
        "tests/store/test_promises.py::test_what_an_undone_import_shared_with_another_stays",
    )
