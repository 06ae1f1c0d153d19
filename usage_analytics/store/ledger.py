"""What was imported: the files, what became of their lines, and where a sync goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple


class SyncPosition(NamedTuple):  # one for each of ten thousand files: far quicker to make than a dataclass
    """Where a file is and how much of it a sync has read."""

    path: str
    inode: int
    size: int
    modified_ns: int
    start_offset: int
    end_offset: int
    mark: str


@dataclass(frozen=True, slots=True)
class NewImport:
    """A file that was staged: what becomes a line of the ledger."""

    import_no: int
    name: str
    format: str
    lines: int
    other: int
    salvaged: int
    rejected: int
    rejects: tuple[tuple[int | None, str], ...] = ()
    digest: str | None = None
    sync_position: SyncPosition | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """A line of the ledger. Times are naive UTC; `first_event_at` and `last_event_at` are None without events and range totals."""

    import_id: int
    batch: int
    name: str
    format: str
    imported_at: datetime
    lines: int
    events_new: int
    events_duplicate: int
    lines_other: int
    salvaged: int
    rejected: int
    first_event_at: datetime | None
    last_event_at: datetime | None
    digest: str | None = None
    path: str | None = None
    inode: int | None = None
    size: int | None = None
    modified_ns: int | None = None
    start_offset: int | None = None
    end_offset: int | None = None
    range_totals: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Staged files and their rows, ready to be committed; `line` is the identity in the archive that their parts were written for."""

    folder: Path
    imports: tuple[NewImport, ...]
    line: str = ""
