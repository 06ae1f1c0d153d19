"""OpenRouter, activity by day: one row a day and model, with what it took from OpenRouter's credits.

Its prompt tokens don't say which of them were read from the cache, so that no price can be computed of them: they are kept beside the bill.
"""

from __future__ import annotations

from typing import Final

from usage_analytics.importers.cells import Cells, Row, add_rows, dollars, moment, numbered, numbers, read_cells, word
from usage_analytics.importers.delimited import header
from usage_analytics.importers.openrouter import VENDOR
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "openrouter_daily"
label: Final = "OpenRouter activity (daily)"

_SIGNS: Final = {"date", "slug", "usage", "requests"}


def claims(head: Head) -> bool:
    """A CSV with the columns that the export has."""
    return set(header(head.start)) >= _SIGNS


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each day and model, with what was billed."""
    days = [row for batch in read_cells(opened, sink, day) for row in batch]
    add_rows("observation", numbered(days, lambda row: row["reported_cost_nanos"] or 0), sink)


def day(cells: Cells) -> Row:
    """What a row states. Raises Unclear."""
    at, model, cost = moment(cells, "date"), word(cells, "slug"), dollars(cells, "usage")
    return {
        "source": name,
        "grain": "day",
        "event_id": f"{at:%Y-%m-%d} {model}",
        "is_sidechain": False,
        "is_copy": False,
        "occurred_at": at,
        "app": VENDOR,
        "account": VENDOR,
        "model": models.canonical(model),
        "model_raw": model,
        "output_is_final": True,
        "reported_cost_nanos": cost,
        "reported_cost_kind": None if cost is None else "billed",
        "paid_from": "api",
        "extra": numbers(cells, {"date", "slug", "usage"}),
    }
