"""Helicone, requests: its export as CSV, JSON or JSON Lines. One row a request through the gateway; its cost is Helicone's own estimate."""

from __future__ import annotations

from typing import Final

from usage_analytics.importers.cells import Cells, Row, add_rows, dollars, moment, whole, word
from usage_analytics.importers.labels import extra, is_label
from usage_analytics.importers.litellm import VENDORS
from usage_analytics.importers.records import columns, nested, read_records
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "helicone"
label: Final = "Helicone requests"

GATEWAY: Final = "Helicone"
_SIGNS: Final = {"request_created_at", "response_status", "prompt_tokens", "completion_tokens"}
_APP: Final = ("app", "appname", "app_name", "application", "helicone-property-app")
_SESSION: Final = ("helicone-session-id", "session_id", "session")


def claims(head: Head) -> bool:
    """A table or JSON with the columns of a request."""
    return columns(head) >= _SIGNS


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each request."""
    for rows in read_records(opened, sink, request):
        add_rows("observation", rows, sink)


def request(cells: Cells) -> Row:
    """What a row states. Raises Unclear."""
    model, status = word(cells, "model", "response_model", "request_model"), whole(cells, "response_status")
    told = {
        key.lower(): value for key, value in nested(cells, "request_properties", "properties").items() if isinstance(value, str)
    }
    app = next((told[key] for key in _APP if key in told and is_label(told[key])), GATEWAY)
    cost, at = dollars(cells, "cost", "costusd", "cost_usd"), moment(cells, "request_created_at")
    return {
        "source": name,
        "grain": "call",
        "event_id": word(cells, "request_id", "response_id") or f"{at.isoformat()} {model} {word(cells, 'prompt_tokens')}",
        "request_id": word(cells, "request_id"),
        "is_sidechain": False,
        "is_copy": False,
        "occurred_at": at,
        "app": app,
        "account": VENDORS.get((word(cells, "provider") or "").lower()),
        "conversation_id": next((told[key] for key in _SESSION if told.get(key)), None),
        "model": models.canonical(model),
        "model_raw": model,
        **tokens(cells),
        "output_is_final": True,
        "reported_cost_nanos": cost,
        "reported_cost_kind": None if cost is None else "estimate",
        "error": f"http {status}" if status is not None and status >= 400 else None,
        # Paths and addresses are left out: some vendors' hold a key.
        "extra": extra({column: cells.get(column) for column in ("provider", "country_code")}),
    }


def tokens(cells: Cells) -> Row:
    """Return disjoint token counts: if the total shows that the prompt includes cached tokens, they are subtracted. Raise Unclear."""
    sent, output = whole(cells, "prompt_tokens"), whole(cells, "completion_tokens")
    read, written = whole(cells, "prompt_cache_read_tokens"), whole(cells, "prompt_cache_write_tokens")
    cached = (read or 0) + (written or 0)
    if sent is not None and cached and sent >= cached and whole(cells, "total_tokens") == sent + (output or 0):
        sent -= cached
    return {
        "input_tokens": sent,
        "cache_read_tokens": read,
        "cache_write_5m_tokens": written,
        "output_tokens": output,
    }
