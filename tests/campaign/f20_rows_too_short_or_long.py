"""A row with too few or too many cells is rejected with its line number; the rest is imported."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P4"


def check(where: Path) -> Result:
    """Reads tables with short, long, empty and repeated rows."""
    return by_tests(
        where,
        "tests/importers/test_delimited.py",
        only="short_and_long or empty_cells or blank or row_of_nothing",
    )
