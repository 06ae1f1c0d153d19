"""Which transcripts Claude Code will delete, when, and how many of them are safe in the database.

Claude Code deletes a transcript that has not changed for `cleanupPeriodDays`, 30 unless its settings say otherwise, when it next starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usage_analytics.ingest.discover import Look
from usage_analytics.sources.claude_code import cleanup, folders, from_home, transcripts

if TYPE_CHECKING:
    from usage_analytics.store import Store

SOON: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Retention:
    """One folder's transcripts. A file is safe where all of it has been read. Times are naive UTC.

    `soon_files` of them go within `SOON`, the first at `first_at` (None where there are none); `soon_unread` of those are not safe yet.
    """

    days: int
    is_set: bool
    settings: str
    files: int
    safe_files: int
    soon_files: int
    soon_bytes: int
    soon_unread: int
    first_at: datetime | None


def retention(
    store: Store, now: datetime, places: Sequence[Path] | None = None, look: Look = transcripts
) -> tuple[Retention, ...]:
    """Look at Claude Code's folders on this machine, or at others; a folder without transcripts is left out. See `discover.changed`."""
    found = folders() if places is None else tuple(places)
    known = store.sync_positions()
    answers = []
    for place in found:
        files = list(look(place))
        if not files:
            continue
        rule = cleanup(place)
        safe = {one.path for one in files if one.path in known and known[one.path].end_offset >= one.size}
        latest = (now + SOON).replace(tzinfo=UTC).timestamp() - rule.days * 86_400
        near = [one for one in files if one.modified_ns / 1e9 <= latest]
        soon = [
            (datetime.fromtimestamp(one.modified_ns / 1e9, UTC).replace(tzinfo=None) + timedelta(days=rule.days), one)
            for one in near
        ]
        answers.append(
            Retention(
                rule.days,
                rule.is_set,
                from_home(rule.settings),
                len(files),
                len(safe),
                len(soon),
                sum(one.size for _, one in soon),
                sum(one.path not in safe for _, one in soon),
                min((end for end, _ in soon), default=None),
            )
        )
    return tuple(answers)
