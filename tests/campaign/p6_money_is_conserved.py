"""Every breakdown adds up to the same money, to the billionth of a dollar."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P6"


def check(where: Path) -> Result:
    """Sums generated transcripts by hand and compares the total, every breakdown, every page and the CSV cells with it."""
    return by_tests(
        where,
        "tests/store/test_promises.py::test_p6_money_is_conserved_from_the_lines_to_every_breakdown",
        "tests/store/test_promises.py::test_p6_money_is_conserved_whatever_the_transcripts_hold",
        "tests/test_cli.py::test_every_breakdown_adds_up_to_the_same_money",
        "tests/pages/test_overview_page.py::test_the_bars_the_parts_and_the_figure_come_to_the_same_money",
        "tests/ui/test_tables.py::test_money_leaves_exact_to_the_nano_dollar",
    )
