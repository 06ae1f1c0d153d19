"""OpenAI, usage: `completions_usage_….csv`, buckets of tokens by model, key and project, in UTC. It states no cost."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from usage_analytics.importers.cells import (
    Cells,
    Row,
    Unclear,
    add_rows,
    instant,
    moment,
    numbered,
    numbers,
    read_cells,
    whole,
    word,
)
from usage_analytics.importers.delimited import header
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "openai_usage"
label: Final = "OpenAI usage export"

VENDOR: Final = "OpenAI"
_SIGNS: Final = {"start_time_iso", "num_model_requests", "input_tokens"}
_WHOSE: Final = ("project_id", "api_key_id", "user_id", "model", "batch", "service_tier")
_PLACED: Final = {
    "start_time", "end_time", "start_time_iso", "end_time_iso", "project_id", "api_key_id", "model", "batch",
    "input_tokens", "output_tokens", "input_cached_tokens", "input_uncached_tokens",
}  # fmt: skip
_GRAINS: Final = {86_400: "day", 3_600: "hour", 60: "minute"}


def claims(head: Head) -> bool:
    """A CSV with the columns that the export has."""
    return set(header(head.start)) >= _SIGNS


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each bucket in which something was used."""
    buckets = [row for batch in read_cells(opened, sink, bucket) for row in batch]
    add_rows("observation", numbered(buckets, lambda row: (row["input_tokens"] or 0) + (row["output_tokens"] or 0)), sink)


def bucket(cells: Cells) -> Row | None:
    """What a row states; None for a bucket without usage. Raises Unclear."""
    start = moment(cells, "start_time_iso")
    if not whole(cells, "num_model_requests") and not whole(cells, "input_tokens"):
        return None
    model, cached = word(cells, "model"), whole(cells, "input_cached_tokens")
    sent, fresh = whole(cells, "input_tokens"), whole(cells, "input_uncached_tokens")
    if fresh is None and sent is not None:
        fresh = max(sent - (cached or 0), 0)
    batch = (word(cells, "batch") or "").lower()
    return {
        "source": name,
        "grain": grain(start, cells),
        "event_id": " ".join((start.isoformat(), *(f"{column}={value}" for column in _WHOSE if (value := word(cells, column))))),
        "is_sidechain": False,
        "is_copy": False,
        "occurred_at": start,
        "app": word(cells, "api_key_id") or VENDOR,
        "account": VENDOR,
        "project": word(cells, "project_id"),
        "model": models.canonical(model),
        "model_raw": model,
        "input_tokens": fresh,
        "cache_read_tokens": cached,
        "output_tokens": whole(cells, "output_tokens"),
        "output_is_final": True,
        "batch": {"true": True, "false": False}.get(batch),
        "paid_from": "api",
        "extra": numbers(cells, _PLACED),
    }


def grain(start: datetime, cells: Cells) -> str:
    """How long a bucket is. Raises Unclear."""
    end = instant(word(cells, "end_time_iso"))
    found = _GRAINS.get(round((end - start).total_seconds())) if end else "day"
    if found is None:
        raise Unclear("end_time_iso is not a day, an hour or a minute after the start; import the export as it was downloaded.")
    return found
