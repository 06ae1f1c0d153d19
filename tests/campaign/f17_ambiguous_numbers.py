"""A number that could mean two things is rejected with its line, never guessed; NaN and infinity are never stored."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P4 P6"


def check(where: Path) -> Result:
    """Writes counts and amounts the European way, with signs, exponents, 20 digits and words into every format."""
    return by_tests(
        where,
        "tests/importers/test_usage_events.py",
        "tests/importers/test_console_cost.py",
        "tests/importers/test_console_tokens.py",
        "tests/importers/test_claude_code_broken_lines.py",
        "tests/control/test_settings.py",
        only="count or amount or money or spreadsheet or batch",
    )
