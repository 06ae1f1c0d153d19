"""An example of every format that the program reads, found among the fixtures by content, so that a new importer is met by itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.campaign.frame import PROJECT
from usage_analytics.errors import UnreadableFile
from usage_analytics.importers import NAMES, claimant
from usage_analytics.importers.sink import Head

FIXTURES = PROJECT / "tests" / "fixtures"
START = 64 << 10


@cache
def examples() -> dict[str, tuple[Path, ...]]:
    """The fixture files of each importer by its name; an importer without any is there with none."""
    found: dict[str, list[Path]] = {name: [] for name in NAMES}
    for path in sorted(FIXTURES.rglob("*")):
        if path.is_file() and not path.name.endswith(".expected.json"):
            with path.open("rb") as file:
                start = file.read(START)
            try:
                found[claimant(Head(path.name, start)).name].append(path)
            except UnreadableFile:
                continue
    return {name: tuple(paths) for name, paths in found.items()}
