"""A deleted log is noticed by comparing with the archive, and what it held is brought back."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P5 P9"


def check(where: Path) -> Result:
    """Deletes the log of a process that was killed after its commit, and puts an old copy of the database in place."""
    return by_tests(
        where,
        "tests/faults/test_log.py::test_with_its_archive_nothing_is_lost_whatever_becomes_of_the_log",
        "tests/archive/test_written.py::test_an_old_copy_of_the_database_catches_up",
        "tests/archive/test_rebuild.py::test_a_database_that_is_missing_is_made_again_with_a_sentence",
    )
