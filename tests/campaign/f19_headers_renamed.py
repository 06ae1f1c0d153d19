"""Columns are recognized in any order, case and padding; unknown ones are kept, and a missing one is named."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P4"


def check(where: Path) -> Result:
    """Reorders, renames, repeats and pads headers of every table format."""
    return by_tests(
        where,
        "tests/importers/test_delimited.py",
        "tests/importers/test_usage_events.py",
        "tests/importers/test_console_tokens.py",
        only="header or column or named_twice or without_the_columns",
    )
