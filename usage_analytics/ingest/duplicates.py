"""Calls that a file names and your data or another of the files has already: one by one, and which of them a person may count again.

Without an ID of its own, a row is known by all of its values, so two equal rows are one call. A person may know better: what they choose
gets an identity of its own, which is the same whenever the same file is read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

    from usage_analytics.ingest.staging import Staged
    from usage_analytics.store.ledger import NewImport

_OF_ROWS: Final = ("usage_events", "mapped:")  # sources whose rows may have no ID
_DIGEST: Final = re.compile(r"[0-9a-f]{32}")  # of a whole row

Key = tuple[str, str]  # source and ID


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A call that a file repeats: how often, and where it is first. Amounts are nano-dollars, None where unknown; times naive UTC."""

    name: str
    import_no: int
    event_id: str
    occurred_at: datetime
    app: str | None
    model: str | None
    cost_nanos: int | None
    times: int
    first_in: str | None
    has_own_id: bool


def duplicates(
    rows: Iterable[Mapping[str, Any]], files: Mapping[int, NewImport], known: Mapping[Key, str | None]
) -> tuple[Duplicate, ...]:
    """Return what the files repeat, in their order; `rows` are of `imports_repeats`, `known` says which file brought what is known."""
    first, found = dict(known), []
    for row in rows:
        key, file = (row["source"], row["event_id"]), files[row["import_id"]]
        is_new = key not in first
        times = row["times"] - is_new
        first.setdefault(key, file.name)
        if times:
            own = not (row["source"].startswith(_OF_ROWS) and _DIGEST.fullmatch(row["event_id"]))
            about = {name: row[name] for name in ("event_id", "occurred_at", "app", "model", "cost_nanos")}
            found.append(Duplicate(file.name, file.import_no, times=times, first_in=first[key], has_own_id=own, **about))
    return tuple(found)


def count_separately(ready: Staged, chosen: Sequence[Duplicate]) -> None:
    """Give the chosen rows of staged files an ID of their own, before they are committed; those with their own ID stay as they are."""
    wanted = {(one.import_no, one.event_id): one.times for one in chosen if not one.has_own_id}
    if not wanted:
        return
    seen: Counter[tuple[int, str]] = Counter()
    left = Counter(wanted)
    by_no = {f"{ready.batch.line}-{one.import_no}": one for one in ready.batch.imports}
    for part in sorted(ready.batch.folder.glob("*/source=*/month=*/*-observation.parquet")):
        _rewrite(part, by_no, set(wanted), left, seen)


def _rewrite(
    part: Path,
    files: Mapping[str, NewImport],
    wanted: Collection[tuple[int, str]],
    left: Counter[tuple[int, str]],
    seen: Counter[tuple[int, str]],
) -> None:
    import pyarrow as pa  # here: most imports have nothing to rewrite
    import pyarrow.parquet as pq

    table = pq.read_table(part, partitioning=None)
    ids = table["event_id"].to_pylist()
    changed = False
    for place, (uid, event_id) in enumerate(zip(table["import"].to_pylist(), ids, strict=True)):
        file = files[uid]
        key = (file.import_no, event_id)
        if key in wanted and left[key]:
            left[key] -= 1
            seen[key] += 1
            ids[place] = f"{event_id}+{(file.digest or uid)[:12]}.{seen[key]}"
            changed = True
    if changed:
        column = table.schema.get_field_index("event_id")
        again = table.set_column(column, table.schema.field(column), pa.array(ids, table.schema.field(column).type))
        pq.write_table(again, part, compression="zstd")
