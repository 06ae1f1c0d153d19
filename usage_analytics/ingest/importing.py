"""How files are imported: find them, stage them in child processes, commit them in one transaction, and say what became of every line."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from usage_analytics.ingest.discover import Look, candidates, changed, known_before
from usage_analytics.ingest.pool import Progress
from usage_analytics.ingest.receipt import FileReceipt, Receipt
from usage_analytics.ingest.staging import Staged, staged
from usage_analytics.ingest.tables import Tables, asking, doubtful
from usage_analytics.sources.claude_code import folders, transcripts

if TYPE_CHECKING:
    from usage_analytics.store import Store
    from usage_analytics.store.ledger import Import

Tell = Callable[[Progress], None]


def import_paths(
    store: Store,
    paths: Sequence[Path],
    progress: Tell | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    tables: Tables | None = None,
) -> Receipt:
    """Import files, folders and archives. Files of the same bytes as before add nothing and are not read again. Raises Cancelled."""
    return commit(store, stage(store, paths, progress, cancelled, tables))


def stage(
    store: Store,
    paths: Sequence[Path],
    progress: Tell | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    tables: Tables | None = None,
    *,
    account: str | None = None,
) -> Staged:
    """Read files without adding them; the caller commits or discards the result. `tables` says how to read files without an importer.

    `account` is the account for rows that don't name one.
    """
    how = tables or Tables()
    found, unread = candidates(paths)
    fresh, repeated = (found, ()) if how.propose else known_before(store, found)
    fresh = [replace(one, account=account) for one in fresh]
    ready = staged(store, fresh, progress, cancelled, how.wishes(store))
    if unsure := doubtful(store, ready):  # whether amounts are dollars or cents is asked before any of them is added
        ready.discard()
        ready = staged(store, fresh, progress, cancelled, how.wishes(store, ask_units=tuple(unsure)))
        ready = asking(ready, unsure)
    return ready.with_more(unread=unread, repeated=repeated)


def sync(
    store: Store,
    places: Sequence[Path] | None = None,
    progress: Tell | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    account: str | None = None,
    *,
    look: Look = transcripts,
) -> Receipt:
    """Read what is new in Claude Code's folders: those of this machine, or the given ones, which are of `account`. See `changed`."""
    fresh = changed(store, folders() if places is None else places, account, look)
    return commit(store, staged(store, fresh, progress, cancelled))


def commit(store: Store, ready: Staged) -> Receipt:
    """Add staged files to the database: all of them or none."""
    begun = time.monotonic()
    try:
        added = store.add(ready.batch, datetime.now(UTC).replace(tzinfo=None)) if ready.batch.imports else ()
        files = [_receipt(one, one.events_new, store.rejects(one.import_id) if one.rejected else ()) for one in added]
        files += [_receipt(one, 0) for one in ready.repeated]  # all that such a file holds was there already
        total = int(store.rows("events_total")[0]["events"])
    finally:
        ready.discard()
    return Receipt(tuple(files), ready.unread, total, ready.seconds + time.monotonic() - begun)


def undo(store: Store, import_ids: Sequence[int]) -> None:
    """Undo imports, so that a person can redo them later. Raise BadRequest if an ID is unknown."""
    store.undo(list(import_ids), redoable=True)


def _receipt(one: Import, new: int, rejects: tuple[tuple[int | None, str], ...] = ()) -> FileReceipt:
    return FileReceipt(
        id=one.import_id,
        name=one.name,
        format=one.format,
        lines=one.lines,
        events_new=new,
        events_duplicate=one.events_new + one.events_duplicate - new,
        lines_other=one.lines_other,
        salvaged=one.salvaged,
        rejected=one.rejected,
        rejects=rejects,
        first_event_at=one.first_event_at,
        last_event_at=one.last_event_at,
        range_totals=one.range_totals,
    )
