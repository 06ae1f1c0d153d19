"""Nothing that people write to Claude is kept: not in the database, its log, temporary files, the archive or messages."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P7"


def check(where: Path) -> Result:
    """Puts a made-up word into every text of a transcript, imports, kills, fills the disk and discards, and then searches
    every byte that is left.
    """
    return by_tests(
        where,
        "tests/faults/test_canary.py",
    )
