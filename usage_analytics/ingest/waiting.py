"""What a sync would find: Claude Code's folders on this machine, and how much in them is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from usage_analytics.ingest.discover import changed
from usage_analytics.sources.claude_code import folders, from_home, transcripts

if TYPE_CHECKING:
    from usage_analytics.store import Store


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of transcripts; `name` begins with ~ where it lies in the home folder."""

    name: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """All folders, and the files in them that are new or have grown, with the bytes that have not been read."""

    folders: tuple[Folder, ...]
    new_files: int
    new_bytes: int


def waiting(store: Store, places: Sequence[Path] | None = None) -> Waiting:
    """Look, without reading what is new."""
    found = folders() if places is None else tuple(places)
    fresh = changed(store, found)
    looked_at = []
    for place in found:
        sizes = [one.size for one in transcripts(place)]
        looked_at.append(Folder(from_home(place), len(sizes), sum(sizes)))
    return Waiting(tuple(looked_at), len(fresh), sum(one.size - one.offset for one in fresh))
