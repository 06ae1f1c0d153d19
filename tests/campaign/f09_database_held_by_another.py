"""A database that another program holds is waited for, and then that program is named by its process number."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = ""


def check(where: Path) -> Result:
    """Holds the file with another process, shortly and for long, and lets two programs ask for it without an end."""
    return by_tests(
        where,
        "tests/store/test_lease.py::test_who_holds_the_file_is_named_once_patience_ends",
        "tests/store/test_lease.py::test_who_waits_long_enough_gets_the_file",
        "tests/store/test_lease.py::test_an_import_gets_its_turn_though_another_process_never_stops_reading",
        "tests/store/test_lease.py::test_the_file_is_let_go_when_nobody_reads_any_more",
    )
