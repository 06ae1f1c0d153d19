"""Without enough data there is no advice, and nothing later than the moment asked for is used."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = ""


def check(where: Path) -> Result:
    """Asks for advice with no data, three requests and unclear payment, and again at every minute of a day."""
    return by_tests(
        where,
        "tests/test_cli_auto_reload.py",
        "tests/answers/test_auto_reload_said.py",
        "tests/answers/test_auto_reload_settled.py",
        only="no_advice or without_evidence or unknown or nothing_later or same_to_the_byte or cannot_be_known or limit_says",
    )
