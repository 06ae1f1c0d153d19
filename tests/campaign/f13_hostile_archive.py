"""An archive can't write outside its folder, lead elsewhere, or grow beyond its limits."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P5"


def check(where: Path) -> Result:
    """Crafts zip files with paths, links, bombs, lies about sizes, too many entries and archives in archives."""
    return by_tests(
        where,
        "tests/ingest/test_unpack.py",
        only="zip or archive or entry or names_in or encrypted or systems",
    )
