"""If the power goes between a commit and its checkpoint, every import is there whole or not at all."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P5"


def check(where: Path) -> Result:
    """Kills a process after its commit, cuts the log off at random, and opens the database again."""
    return by_tests(
        where,
        "tests/faults/test_log.py::test_what_was_committed_is_there_though_nobody_folded_it_into_the_file",
        "tests/faults/test_log.py::test_a_log_that_was_cut_short_leaves_whole_imports",
    )
