"""A shared report holds what its level says and no more: never keys, paths, addresses or session ids."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P7"


def check(where: Path) -> Result:
    """Shares reports with marked names at every level, and searches the pages, the files and what the server keeps."""
    return by_tests(
        where,
        "tests/server/test_canaries.py",
        "tests/reports/test_redaction.py",
    )
