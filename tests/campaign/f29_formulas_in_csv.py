"""No cell of a CSV file that we write can be run by a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = ""


def check(where: Path) -> Result:
    """Exports names that begin with =, +, -, @, tab, return and NUL, and reads the file back."""
    return by_tests(
        where,
        "tests/ui/test_tables.py",
        "tests/reports/test_hostile_names.py::test_markdown_has_no_link_image_or_row_of_theirs",
    )
