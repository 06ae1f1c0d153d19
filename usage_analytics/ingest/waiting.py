"""What a sync would find: Claude Code's folders on this machine, and how much of their content is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from usage_analytics.ingest.discover import candidates, changed, known_before
from usage_analytics.sources.claude_code import folders, from_home, transcripts

if TYPE_CHECKING:
    from usage_analytics.ingest.sources import Source
    from usage_analytics.store import Store


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of transcripts; `name` begins with ~ if it is in the home folder."""

    name: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """All folders, the files in them that are new or have grown, and the bytes that have not been read; `asks`: an API is asked too."""

    folders: tuple[Folder, ...]
    new_files: int
    new_bytes: int
    asks: bool = False


def waiting(store: Store, places: Sequence[Path] | None = None, known: Sequence[Source] | None = None) -> Waiting:
    """Look at Claude Code's folders (those of this machine, or others), or at all sources of `known`, without reading what is new."""
    own = ((None, tuple(folders() if places is None else places), None),)
    found = own if known is None else tuple((one.name, one.places, one.folder) for one in known)
    looked_at, fresh = [], []
    for name, below, folder in found:
        for place in below:
            sizes = [file.size for file in transcripts(place)]
            looked_at.append(Folder(name if folder and name else from_home(place), len(sizes), sum(sizes)))
        fresh += changed(store, below)
        if folder is not None and not below and folder.is_dir():
            files, _ = candidates([folder])
            looked_at.append(Folder(name or from_home(folder), len(files), sum(file.size for file in files)))
            fresh += known_before(store, files)[0]
    unread = {file.path: file.size - file.offset for file in fresh}
    return Waiting(tuple(looked_at), len(unread), sum(unread.values()), any(one.kind == "organization" for one in known or ()))
