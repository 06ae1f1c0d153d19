"""Claude Console, cost: `claude_api_cost_….csv`, one row per day, model, key and token kind, in dollars rounded to cents.

Four versions of the header are known (December 2025; with `inference_geo` and `speed`; with `list_price_usd`; with `api_key_id` and
`api_key_status`, autumn 2026). Two rows may agree in everything but their cost: both count.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from usage_analytics.importers import console
from usage_analytics.importers.delimited import header
from usage_analytics.importers.sink import Head, Opened, Sink

name: Final = "console_cost"
label: Final = "Claude Console cost export"

_SIGNS: Final = {"usage_date_utc", "token_type", "cost_usd"}
_DIMENSIONS: Final = (
    "model", "api_key", "workspace", "usage_type", "context_window", "token_type", "cost_type", "inference_geo", "speed",
)  # fmt: skip
_PLACED: Final = {"usage_date_utc", "model", "api_key", "workspace", "usage_type", "cost_usd", "inference_geo", "speed"}
_DOLLARS: Final = re.compile(r"\$?(?:\d{1,9}|\d{1,3}(?:,\d{3}){1,2}(?=\.))(?:\.\d{1,12})?")
_NANOS: Final = 1_000_000_000


def claims(head: Head) -> bool:
    """A CSV with the columns that every version of the cost export has."""
    return set(header(head.start)) >= _SIGNS


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each row, with what was billed and without token counts."""
    console.add_buckets(console.read_buckets(opened, sink, _bucket), name, opened, sink)


def _bucket(line: int, cells: console.Cells) -> console.Bucket:
    text = cells["cost_usd"].strip()
    if not _DOLLARS.fullmatch(text):
        raise console.Unclear("cost_usd is not an amount in dollars such as 1234.50; import the export as it was downloaded.")
    nanos = round(Decimal(text.replace(",", "").removeprefix("$")) * _NANOS)
    return console.Bucket(
        line=line,
        starts_at=console.time(cells),
        dimensions=console.dimensions(cells, _DIMENSIONS),
        measures=console.belonging(cells)
        | {"reported_cost_nanos": nanos, "reported_cost_kind": "billed", "extra": console.others(cells, _PLACED)},
        rank=(nanos,),
    )
