"""A quoted newline, mixed line ends or a quote that never closes costs its own line at most."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P4"


def check(where: Path) -> Result:
    """Reads tables with every kind of line end and broken quotes, cut into blocks of every size."""
    return by_tests(
        where,
        "tests/importers/test_delimited.py",
        only="newline or quote or several_lines or block_size",
    )
