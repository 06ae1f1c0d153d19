"""A file that you hand on can't run anything on the machine of whoever opens it."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = ""


def check(where: Path) -> Result:
    """Opens HTML, Markdown, JSON, PDF and CSV made from hostile names, and looks for anything that would run or call out."""
    return by_tests(
        where,
        "tests/ui/test_tables.py::test_no_cell_of_a_csv_is_a_formula",
        "tests/reports/test_hostile_names.py",
    )
