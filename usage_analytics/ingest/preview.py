"""What staged files contain, before anything is added: counted and priced in a temporary database."""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from usage_analytics.ingest.duplicates import Duplicate, duplicates
from usage_analytics.ingest.receipt import Unread
from usage_analytics.ingest.staging import PREFIX, Staged
from usage_analytics.store import Store
from usage_analytics.store.own_rates import rates_for

if TYPE_CHECKING:
    from usage_analytics.store.ledger import Import

COMPARED_CALLS: Final = 100_000  # above this, which of them are known is only found out on import


@dataclass(frozen=True, slots=True)
class PreviewedFile:
    """One file: lines = event lines + lines_other + salvaged + rejected. `new` and `known` are None where they were not compared.

    `cost_nanos` is None without a priced call. A file that is `repeated` was imported before, byte for byte, and adds nothing.
    """

    name: str
    format: str
    lines: int
    lines_other: int
    salvaged: int
    rejected: int
    calls: int
    new: int | None
    known: int | None
    cost_nanos: int | None
    first_event_at: datetime | None
    last_event_at: datetime | None
    repeated: bool = False
    range_totals: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """All files; `rejects` are (file, line, reason), without any content of the line. `duplicates` are empty where too many to compare."""

    files: tuple[PreviewedFile, ...]
    rejects: tuple[tuple[str, int | None, str], ...]
    unread: tuple[Unread, ...]
    duplicates: tuple[Duplicate, ...] = ()

    @property
    def new(self) -> int | None:
        """How many calls an import would add; None where that was not compared."""
        known = [one.new for one in self.files if one.new is not None]
        return sum(known) if len(known) == len(self.files) else None

    @property
    def adds(self) -> bool:
        """Whether there is anything to import."""
        return any(not one.repeated for one in self.files)


def preview(store: Store, staged: Staged, moment: datetime, *, compared: int = COMPARED_CALLS) -> Preview:
    """Return what importing the staged files into `store` would add, without adding it; `moment` dates the temporary ledger."""
    fresh: list[PreviewedFile] = []
    repeated_calls: tuple[Duplicate, ...] = ()
    if staged.batch.imports:
        with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-preview-", dir=store.path.parent) as folder:
            scratch = Store(Path(folder) / "usage.duckdb", rates_for(store.path), archived=False)
            added = scratch.add(staged.batch, moment)
            calls = scratch.rows("imports_calls")
            repeats = scratch.rows("imports_repeats") if len(calls) <= compared else []
            scratch.close()
        known: dict[tuple[str, str], str | None] | None = None
        if len(calls) <= compared:
            ids = [call["event_id"] for call in calls]
            there = store.rows("imports_known", ids=ids) if store.path.exists() else []
            known = {(row["source"], row["event_id"]): row["name"] for row in there}
            files = {one.import_id: new for one, new in zip(added, staged.batch.imports, strict=True)}
            repeated_calls = duplicates(repeats, files, known)
        own: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for call in calls:
            own[call["import_id"]].append(call)
        for one in added:
            priced = [call["cost_nanos"] for call in own[one.import_id] if call["cost_nanos"] is not None]
            new = already = None
            if known is not None:
                there_before = sum((call["source"], call["event_id"]) in known for call in own[one.import_id])
                new, already = len(own[one.import_id]) - there_before, one.events_duplicate + there_before
            fresh.append(_file(one, new, already, sum(priced) if priced else None))
    repeated = [_file(one, 0, one.events_new + one.events_duplicate, None, repeated=True) for one in staged.repeated]
    rejects = tuple((one.name, line, reason) for one in staged.batch.imports for line, reason in one.rejects)
    return Preview((*fresh, *repeated), rejects, staged.unread, repeated_calls)


def _file(one: Import, new: int | None, known: int | None, cost_nanos: int | None, *, repeated: bool = False) -> PreviewedFile:
    return PreviewedFile(
        name=one.name,
        format=one.format,
        lines=one.lines,
        lines_other=one.lines_other,
        salvaged=one.salvaged,
        rejected=one.rejected,
        calls=one.events_new + one.events_duplicate,
        new=new,
        known=known,
        cost_nanos=cost_nanos,
        first_event_at=one.first_event_at,
        last_event_at=one.last_event_at,
        repeated=repeated,
        range_totals=one.range_totals,
    )
