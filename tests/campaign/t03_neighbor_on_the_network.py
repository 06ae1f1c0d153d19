"""The dashboard listens on this machine only, and refuses to listen beyond it without sign-in."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = ""


def check(where: Path) -> Result:
    """Starts it at 0.0.0.0 with and without sign-in, and asks from an address of another machine."""
    return by_tests(
        where,
        "tests/server/test_listening.py",
        "tests/server/test_access.py",
    )
