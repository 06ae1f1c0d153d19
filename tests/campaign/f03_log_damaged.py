"""A damaged log costs nothing: the database is made again from the archive, and the damaged files are kept."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P5 P9"


def check(where: Path) -> Result:
    """Flips bits and clears pages in the log of a killed process, with and without an archive beside it."""
    return by_tests(
        where,
        "tests/faults/test_log.py::test_a_log_that_is_damaged_leaves_whole_imports_or_is_said_to_be_damaged",
        "tests/faults/test_log.py::test_what_to_do_about_a_damaged_log_works",
        "tests/faults/test_log.py::test_with_its_archive_nothing_is_lost_whatever_becomes_of_the_log",
    )
