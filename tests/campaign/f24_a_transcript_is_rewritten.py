"""A transcript that is cut, rewritten, replaced or renamed is noticed; nothing that was known is lost or counted twice."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P1 P4"


def check(where: Path) -> Result:
    """Cuts, rewrites at the same size, replaces by a copy or a link, renames and removes transcripts between two syncs."""
    return by_tests(
        where,
        "tests/ingest/test_sync.py",
        only="cut_short or anew or replaced or renamed or goes or undone",
    )
