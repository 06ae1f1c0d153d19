"""One odd value far down in a file costs one line, not the file."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P4"


def check(where: Path) -> Result:
    """Puts a word where a number was in row 30,001 and dirt between good lines."""
    return by_tests(
        where,
        "tests/importers/test_usage_events.py",
        only="far_down or dirty or many_shapes or no_object or container",
    )
