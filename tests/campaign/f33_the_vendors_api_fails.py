"""When a vendor's API refuses, delays, breaks off or repeats itself, we wait, go on where we were, and count nothing twice."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P1 P8"


def check(where: Path) -> Result:
    """Answers 401, 429, 500, nothing, half a document, drop by drop, with a wrong clock, and the same page again."""
    return by_tests(where, "tests/sources/test_organization_connection.py", "tests/ingest/test_sources.py")
