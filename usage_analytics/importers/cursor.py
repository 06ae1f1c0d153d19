"""Cursor, usage: `usage-events-….csv` and `team-usage-events-….csv`, one row per request. Cursor's bill is separate from Anthropic's.

Its header has changed four times: `Tokens` and `Cost ($)` alone (August 2025), four kinds of tokens with `Cost to you`, `Kind` and
`Max Mode`, and `Cloud Agent ID` and `Automation ID` (2026), which start work without a person. A request-based plan exports `Requests` in
place of `Cost`; a team's export names the `User`.

A request has no ID. We identify it by what every version contains (its millisecond, its model and its total tokens) and by its rank among
requests that share all three. So a request that is in two versions of the export, or in overlapping files, is one call.
"""

from __future__ import annotations

from typing import Final

from usage_analytics.events import PaidFrom
from usage_analytics.importers.cells import Cells, Row, add_rows, dollars, moment, numbered, read_cells, whole, word
from usage_analytics.importers.delimited import header
from usage_analytics.importers.labels import extra
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "cursor"
label: Final = "Cursor usage export"

VENDOR: Final = "Cursor"
_WRITTEN, _FRESH = "input_(w/_cache_write)", "input_(w/o_cache_write)"
_SIGNS: Final = ({"date", "model", "cache_read", _WRITTEN}, {"date", "model", "kind", "max_mode", "tokens"})
_COST: Final = ("cost", "cost_($)")
_PLACED: Final = {
    "date", "user", "model", "cloud_agent_id", _WRITTEN, _FRESH, "cache_read", "output_tokens", "output", "total_tokens", *_COST,
}  # fmt: skip
# What stands in place of an amount.
_NOT_AN_AMOUNT: Final = frozenset(("included", "free", "no charge", "not charged"))


def claims(head: Head) -> bool:
    """A CSV with the columns of the export of today, or of August 2025."""
    columns = set(header(head.start))
    return any(columns >= signs for signs in _SIGNS)


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each request: its tokens, what Cursor charged for it, and whether its plan included it."""
    requests = [row for batch in read_cells(opened, sink, _request) for row in batch]
    add_rows("observation", numbered(requests, lambda row: (row["reported_cost_nanos"] or 0, row["extra"] or "")), sink)


def _request(cells: Cells) -> Row:
    at, model = moment(cells, "date"), word(cells, "model")
    kind = (word(cells, "kind") or "").lower()
    agent, automation = word(cells, "cloud_agent_id"), word(cells, "automation_id")
    person = word(cells, "user")
    total = whole(cells, "total_tokens", "tokens")
    own_key = "api key" in kind  # billed by the model's vendor, to whoever's key it is
    account = None if own_key else VENDOR if person in (None, "You") else f"{VENDOR} ({person})"
    return (
        {
            "source": name,
            "grain": "call",
            "event_id": f"{at.isoformat(timespec='milliseconds')} {model} {total or ''}".rstrip(),
            "is_sidechain": False,
            "is_copy": False,
            "occurred_at": at,
            "app": VENDOR,
            "account": account,
            "conversation_id": agent,
            "run": "scheduled" if automation else "headless" if agent else None,
            "human_prompt": False if automation else None,
            "model": models.canonical(model),
            "model_raw": model,
            "speed": models.speed(model),
            "output_is_final": True,
            "error": "errored" if "error" in kind else "aborted" if "abort" in kind else None,
            "extra": extra({column: value for column, value in cells.items() if column not in _PLACED}),
        }
        | tokens(cells, total)
        | charge(cells, kind)
    )


def tokens(cells: Cells, total: int | None) -> Row:
    """The four kinds, which are disjoint; only where the total says that “w/” includes “w/o”, what was written is the difference."""
    written, fresh = whole(cells, _WRITTEN), whole(cells, _FRESH)
    read, output = whole(cells, "cache_read"), whole(cells, "output_tokens", "output")
    if written and fresh and written >= fresh and total == written + (read or 0) + (output or 0):
        written -= fresh
    return {"input_tokens": fresh, "cache_read_tokens": read, "cache_write_5m_tokens": written, "output_tokens": output}


def charge(cells: Cells, kind: str) -> Row:
    """Who paid, and the amount: billed where Cursor charged it, else its own estimate of what the plan included."""
    stated = (word(cells, *_COST) or "").lower()
    amount = None if stated in _NOT_AN_AMOUNT else dollars(cells, *_COST)
    charged = dollars(cells, "cost_to_you")
    paid_from: PaidFrom | None = None
    billed = None
    if "api key" in kind:
        paid_from = "api"
    elif "charge" in kind:  # errored or aborted, and not charged
        billed = 0
    elif charged is not None:
        paid_from, billed = ("api", charged) if charged else ("plan", None)
    elif "demand" in kind or "usage" in kind:
        paid_from, billed = "api", amount
    elif "included" in kind or "free" in kind or stated in _NOT_AN_AMOUNT:
        paid_from = "plan"
    reported = amount if billed is None else billed
    return {
        "reported_cost_nanos": reported,
        "reported_cost_kind": None if reported is None else "estimate" if billed is None else "billed",
        "paid_from": paid_from,
    }
