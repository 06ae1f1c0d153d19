"""Langfuse, observations: its export as CSV, JSON or JSON Lines, or what its API answers. Generations have usage, spans and events none.

What a generation cost is Langfuse's own estimate, or what the program told it. The kinds of tokens are apart, under the vendor's names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from usage_analytics.importers.cells import NANOS, Cells, Row, add_rows, dollars, moment, whole, word
from usage_analytics.importers.labels import extra, is_label
from usage_analytics.importers.records import columns, nested, read_records
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "langfuse"
label: Final = "Langfuse observations"

TOOL: Final = "Langfuse"
_SIGNS: Final = {"id", "traceid", "type", "starttime", "model"}


def claims(head: Head) -> bool:
    """A table or JSON with the columns of an observation."""
    return columns(head) >= _SIGNS


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each generation."""
    for rows in read_records(opened, sink, generation):
        add_rows("observation", rows, sink)


def generation(cells: Cells) -> Row | None:
    """What a generation states; None for what uses no model. Raises Unclear."""
    model, used = word(cells, "model", "providedmodelname"), nested(cells, "usagedetails", "usage")
    costs, cost = nested(cells, "costdetails", "providedcostdetails"), dollars(cells, "totalcost", "calculatedtotalcost")
    total = costs.get("total")
    if cost is None and isinstance(total, int | float):
        cost = round(total * NANOS)
    counts = kinds(used, cells)
    if cost is None and all(count is None for count in counts.values()):
        return None
    trace = word(cells, "tracename")
    return {
        "source": name,
        "grain": "call",
        "event_id": word(cells, "id") or f"{word(cells, 'traceid')} {word(cells, 'starttime')}",
        "is_sidechain": False,
        "is_copy": False,
        "occurred_at": moment(cells, "starttime"),
        "app": trace if trace and is_label(trace) else TOOL,
        "project": word(cells, "projectid"),
        "conversation_id": word(cells, "sessionid", "traceid"),
        "model": models.canonical(model),
        "model_raw": model,
        **counts,
        "output_is_final": True,
        "reported_cost_nanos": cost,
        "reported_cost_kind": None if cost is None else "estimate",
        "error": "error" if (word(cells, "level") or "").upper() == "ERROR" else None,
        "extra": extra({column: cells.get(column) for column in ("environment", "version", "type", "level")}),
    }


def kinds(used: Mapping[str, Any], cells: Cells) -> dict[str, int | None]:
    """The kinds of tokens by the names of all vendors; those of a prompt and an answer alone where no others are given. Raises Unclear."""
    found: dict[str, int | None] = dict.fromkeys(
        ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")
    )
    for key, count in used.items():
        if isinstance(count, bool) or not isinstance(count, int | float) or count < 0:
            continue
        if (kind := kind_of(key.lower())) is not None:
            found[kind] = (found[kind] or 0) + int(count)
    if found["input_tokens"] is None:
        found["input_tokens"] = whole(cells, "prompttokens", "inputusage")
    if found["output_tokens"] is None:
        found["output_tokens"] = whole(cells, "completiontokens", "outputusage")
    return found


def kind_of(key: str) -> str | None:
    """The column that a vendor's name of a count belongs to; None for a sum, an amount or a unit."""
    if "total" in key or "cost" in key:
        return None
    if "cache" in key:
        if "creation" in key or "write" in key:
            return "cache_write_1h_tokens" if "1h" in key else "cache_write_5m_tokens"
        return "cache_read_tokens"
    if key.startswith(("input", "prompt")):
        return "input_tokens"
    return "output_tokens" if key.startswith(("output", "completion")) else None
