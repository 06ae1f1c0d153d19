"""Text in any common encoding is read like the same text in UTF-8."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P4"


def check(where: Path) -> Result:
    """Writes one transcript and one table in UTF-8, UTF-16, Latin-1 and Windows-1252, with and without a mark, and compares."""
    return by_tests(
        where,
        "tests/ingest/test_unpack.py",
        "tests/ingest/test_import.py::test_text_in_every_encoding_is_the_same_transcript",
        only="encoding or latin or utf or nul or bad_byte",
    )
