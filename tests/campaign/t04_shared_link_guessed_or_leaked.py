"""A shared link can't be guessed, is kept by no cache, names no referrer, and is gone when it ends or is revoked."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = ""


def check(where: Path) -> Result:
    """Asks for unknown, expired, paused and revoked links and compares answers and times; tries passcodes from many addresses."""
    return by_tests(
        where,
        "tests/server/test_shares.py",
        "tests/control/test_shares.py",
    )
