"""10,000 transcripts are read within 15 s, with progress every second, and known again within 1 s."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = ""


def check(where: Path) -> Result:
    """Writes 10,000 files into 60 folders, syncs them, and syncs again."""
    return by_tests(
        where,
        "tests/faults/test_scale.py",
    )
