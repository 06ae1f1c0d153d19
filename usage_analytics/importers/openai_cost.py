"""OpenAI, cost: `cost_….csv`, what was billed by day, and where the export is grouped by them, by line item and project."""

from __future__ import annotations

from typing import Final

from usage_analytics.importers.cells import Cells, Row, Unclear, add_rows, dollars, moment, numbered, numbers, read_cells, word
from usage_analytics.importers.delimited import header
from usage_analytics.importers.openai_usage import VENDOR, grain
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "openai_cost"
label: Final = "OpenAI cost export"

_SIGNS: Final = {"amount_value", "line_item"}
_PLACED: Final = {"start_time", "end_time", "start_time_iso", "end_time_iso", "amount_value", "amount_currency", "project_id"}


def claims(head: Head) -> bool:
    """A CSV with the columns that the export has."""
    return set(header(head.start)) >= _SIGNS


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each amount that was billed."""
    amounts = [row for batch in read_cells(opened, sink, amount) for row in batch]
    add_rows("observation", numbered(amounts, lambda row: row["reported_cost_nanos"]), sink)


def amount(cells: Cells) -> Row | None:
    """What a row states; None for a day without an amount. A line item may name a model: "gpt-5, input". Raises Unclear."""
    start, billed, item = moment(cells, "start_time_iso"), dollars(cells, "amount_value"), word(cells, "line_item")
    if billed is None:
        return None
    if (word(cells, "amount_currency") or "usd").lower() != "usd":
        raise Unclear("amount_currency is not US dollars, and other currencies are not converted; export the cost in US dollars.")
    model = item.partition(",")[0].strip() if item and "," in item else None
    stated = (item, word(cells, "project_id"), word(cells, "organization_id"))
    return {
        "source": name,
        "grain": grain(start, cells),
        "event_id": " ".join((start.isoformat(), *filter(None, stated))),
        "is_sidechain": False,
        "is_copy": False,
        "occurred_at": start,
        "app": VENDOR,
        "account": VENDOR,
        "project": word(cells, "project_id"),
        "model": models.canonical(model),
        "model_raw": model,
        "output_is_final": True,
        "reported_cost_nanos": billed,
        "reported_cost_kind": "billed",
        "paid_from": "api",
        "extra": numbers(cells, _PLACED),
    }
