"""A compressed file that is cut off, damaged or wrongly named adds nothing, and we say where it ends."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P5"


def check(where: Path) -> Result:
    """Cuts and damages gzip files and renames them, and imports them."""
    return by_tests(
        where,
        "tests/ingest/test_unpack.py",
        only="gzip or tar",
    )
