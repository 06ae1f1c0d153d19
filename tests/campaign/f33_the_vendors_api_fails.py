"""When a vendor's API refuses, delays, breaks off or repeats itself, we wait, go on where we were, and count nothing twice."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import PROJECT, NotHere, Result, by_tests

PROMISES = "P1 P8"


def check(where: Path) -> Result:
    """Answers 401, 429, 500, nothing, half a document and the same page again from a server of its own, where a source asks one."""
    found = [
        path
        for path in sorted((PROJECT / "tests" / "sources").glob("test_*.py"))
        if "httpserver" in path.read_text().lower().replace("_", "") or "receiving" in path.read_text()
    ]
    if not found:
        raise NotHere(
            "no source of this version asks an API: exports are files, and what the organization APIs answered is read from files"
        )
    return by_tests(where, *(str(path.relative_to(PROJECT)) for path in found))
