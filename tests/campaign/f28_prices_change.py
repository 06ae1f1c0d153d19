"""A price change re-prices calls from its date on, and never changes what was counted."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P6"


def check(where: Path) -> Result:
    """Sets own prices over the list, dates them, takes them back, and loses the database meanwhile."""
    return by_tests(
        where,
        "tests/test_cli.py::test_own_prices_go_over_the_list_and_back",
        "tests/test_cli.py::test_prices_that_cannot_be_are_refused_and_change_nothing",
        "tests/pricing/test_cost.py::test_an_own_price_holds_from_its_date",
        "tests/pricing/test_cost.py::test_a_multiplier_scales_the_list_from_its_date",
        "tests/archive/test_rebuild.py::test_a_price_change_and_an_undo_of_all_may_come_with_what_has_to_be_caught_up",
    )
