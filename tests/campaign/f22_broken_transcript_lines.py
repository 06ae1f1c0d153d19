"""Broken transcript lines are repaired where a whole record is left, rejected with their number otherwise, and always counted."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P4"


def check(where: Path) -> Result:
    """Splices, cuts, nests 20,000 deep, fills with NUL, makes lines of 50 MB, and counts what became of every line."""
    return by_tests(
        where,
        "tests/importers/test_claude_code_broken_lines.py",
    )
