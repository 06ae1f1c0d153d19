"""The receipt of an import: every file, every line, and what it added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FileReceipt:
    """One imported file. lines = lines that became events + lines_other + salvaged + rejected."""

    id: int
    name: str
    format: str
    lines: int
    events_new: int
    events_duplicate: int
    lines_other: int
    salvaged: int
    rejected: int
    rejects: tuple[tuple[int | None, str], ...]
    first_event_at: datetime | None
    last_event_at: datetime | None
    range_totals: int = 0  # what it states of ranges of dates, which are no events


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that we can't use, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """One run of an import or a sync."""

    files: tuple[FileReceipt, ...]
    unread: tuple[Unread, ...]
    events_total: int
    seconds: float = 0.0

    @property
    def events_new(self) -> int:
        """How many events this run added."""
        return sum(one.events_new for one in self.files)
