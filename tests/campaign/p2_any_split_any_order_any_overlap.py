"""Files split anywhere, in any order and with any overlap give the same calls and the same money."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P2"


def check(where: Path) -> Result:
    """Generates 500 sets of transcripts, five to a database, cuts, shuffles and repeats them, and compares every derived table."""
    return by_tests(
        where,
        "tests/store/test_promises.py::test_p2_holds_in_five_hundred_cases",
    )
