"""What the Claude Console's exports have in common: buckets of usage per key and workspace, in UTC.

A bucket has no ID, and two rows of a file may differ only in their amount. So a row is identified by its time, its dimensions and its rank
among rows that share them, largest first. The same bytes again, rows in another order, or a later export of an unfinished day then
observe the same rows, and the store keeps the larger amount of each.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from usage_analytics.importers.delimited import read_rows
from usage_analytics.importers.labels import extra
from usage_analytics.importers.sink import Opened, Sink
from usage_analytics.pricing import models

NO_KEY: Final = "Workbench"  # usage without a key comes from the Console's own workbench
_TIME: Final = re.compile(r"20\d\d-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?Z?)?")
_MINUTES_OF_AN_HOUR: Final = re.compile(r"_\d\dh_UTC", re.IGNORECASE)
_COUNT: Final = re.compile(r"\d{1,15}")
# Values that say no more than a missing column does: files of different versions describe the same bucket.
_NEUTRAL: Final = {"", "--", "standard", "message", "not_available", "≤ 200k"}

Cells = Mapping[str, str]


class Unclear(ValueError):
    """A row that cannot be read exactly. The message is the reason, for people."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One row: where it stood, when and what for, and the columns of an observation that it fills."""

    line: int
    starts_at: datetime
    dimensions: tuple[str, ...]
    measures: dict[str, Any]
    rank: tuple[int, ...]  # larger comes first among buckets with the same time and dimensions


def read_buckets(opened: Opened, sink: Sink, bucket: Callable[[int, Cells], Bucket]) -> list[Bucket]:
    """Every row as a bucket; those that are unclear are rejected."""
    found = []
    for rows in read_rows(opened, sink):
        for line, cells in zip(rows.lines, rows.table.to_pylist(), strict=True):
            try:
                found.append(bucket(line, cells))
            except Unclear as reason:
                sink.reject(line, str(reason))
    return found


def add_buckets(buckets: list[Bucket], source: str, opened: Opened, sink: Sink) -> None:
    """Hand the buckets over as observations."""
    if not buckets:
        return
    alike: dict[tuple[datetime, tuple[str, ...]], list[Bucket]] = defaultdict(list)
    for bucket in buckets:
        alike[bucket.starts_at, bucket.dimensions].append(bucket)
    times = [starts_at for starts_at, _ in alike]
    if _MINUTES_OF_AN_HOUR.search(opened.name) or any(time.minute for time in times):
        grain = "minute"
    else:
        grain = "hour" if any(time.hour for time in times) else "day"
    rows = [
        {"source": source, "grain": grain, "occurred_at": starts_at, "output_is_final": True}
        | {"event_id": " ".join((starts_at.isoformat(), *dimensions, f"#{ordinal}")), "is_sidechain": False, "is_copy": False}
        | bucket.measures
        for (starts_at, dimensions), same in alike.items()
        for ordinal, bucket in enumerate(sorted(same, key=lambda one: one.rank, reverse=True), 1)
    ]
    sink.add("observation", {column: [row[column] for row in rows] for column in rows[0]})


def time(cells: Cells) -> datetime:
    """When the bucket starts, in UTC."""
    text = cells["usage_date_utc"].strip()
    try:
        if _TIME.fullmatch(text):
            return datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        pass
    raise Unclear("usage_date_utc is not a time such as 2026-02-12 or 2026-02-12 15:00; import the export as it was downloaded.")


def count(cells: Cells, column: str) -> int | None:
    """A whole number; None when the file has no such column or the cell is empty."""
    text = cells.get(column, "").strip()
    if text in ("", "--"):
        return None
    if not _COUNT.fullmatch(text):
        raise Unclear(f"{column} is not a whole number such as 1200; import the export as it was downloaded.")
    return int(text)


def word(cells: Cells, column: str) -> str | None:
    """Return the text of a cell; None if it is empty."""
    text = cells.get(column, "").strip()
    return None if text in ("", "--") else text


def dimensions(cells: Cells, columns: Iterable[str]) -> tuple[str, ...]:
    """`column=value` of those that say something which not every version of the format takes for granted."""
    stated = ((column, cells.get(column, "").strip()) for column in columns)
    return tuple(f"{column}={value}" for column, value in stated if value not in _NEUTRAL)


def belonging(cells: Cells) -> dict[str, Any]:
    """Return the account, the model, and what changes its price."""
    model = word(cells, "model_version") or word(cells, "model")
    usage_type, speed, geo = (word(cells, column) for column in ("usage_type", "speed", "inference_geo"))
    return {
        "app": word(cells, "api_key") or NO_KEY,
        "project": word(cells, "workspace"),
        "model": models.canonical(model),
        "model_raw": model,
        "batch": usage_type == "batch" if usage_type else None,
        "speed": None if speed == "standard" else speed,
        "geo": None if geo == "not_available" else geo,
    }


def others(cells: Cells, known: Iterable[str]) -> str | None:
    """The columns that have no place of their own, as JSON.

    `long_context` says that every prompt in the bucket was above the long-context threshold. A bucket's own sum says nothing
    about the length of its prompts.
    """
    window = word(cells, "context_window")
    kept = {column: word(cells, column) for column in cells if column not in set(known)}
    if window and (window.startswith(">") or window.lower().startswith("200k-")):
        kept["long_context"] = "true"
    return extra(kept)
