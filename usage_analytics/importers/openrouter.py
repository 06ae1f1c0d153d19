"""OpenRouter, activity: one row a generation, with what it took from OpenRouter's credits. It is a bill of its own."""

from __future__ import annotations

from typing import Final

from usage_analytics.importers.cells import Cells, Row, add_rows, dollars, moment, numbers, read_cells, whole, word
from usage_analytics.importers.delimited import header
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "openrouter"
label: Final = "OpenRouter activity (generations)"

VENDOR: Final = "OpenRouter"
_SIGNS: Final = {"generation_id", "created_at", "cost_total"}
_PLACED: Final = {
    *_SIGNS, "tokens_prompt", "tokens_completion", "tokens_cached", "model_permaslug", "api_key_name", "app_name", "user",
}  # fmt: skip


def claims(head: Head) -> bool:
    """A CSV with the columns that the export has."""
    return set(header(head.start)) >= _SIGNS


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each generation, with what was billed for it."""
    for rows in read_cells(opened, sink, generation):
        add_rows("observation", rows, sink)


def generation(cells: Cells) -> Row:
    """What a row states. The tokens of a prompt include those that were read from the cache. Raises Unclear."""
    model, sent, cached = word(cells, "model_permaslug"), whole(cells, "tokens_prompt"), whole(cells, "tokens_cached")
    cost, at = dollars(cells, "cost_total"), moment(cells, "created_at")
    return {
        "source": name,
        "grain": "call",
        "event_id": word(cells, "generation_id") or f"{at.isoformat()} {model} {sent}",
        "is_sidechain": False,
        "is_copy": False,
        "occurred_at": at,
        "app": word(cells, "app_name", "api_key_name") or VENDOR,
        "account": VENDOR,
        "project": word(cells, "api_key_name"),
        "model": models.canonical(model),
        "model_raw": model,
        "input_tokens": None if sent is None else max(sent - (cached or 0), 0),
        "cache_read_tokens": cached,
        "output_tokens": whole(cells, "tokens_completion"),
        "output_is_final": True,
        "reported_cost_nanos": cost,
        "reported_cost_kind": None if cost is None else "billed",
        "paid_from": "api",
        "error": "cancelled" if (word(cells, "cancelled") or "").lower() == "true" else None,
        "extra": numbers(cells, _PLACED),
    }
