"""Claude Code's statistics (`~/.claude/stats-cache.json`): tokens by day and model, which outlive the transcripts they were counted from.

A day has one number for each model. Its kinds of tokens are estimated from the sums over all days, which are split; the low estimate has
everything that was sent read from the cache, the high one everything written to it. Whether a day's number has the cache in it is told by
which of the two sums the days come to. These days count only where no call of Claude Code is known.
"""

from __future__ import annotations

from math import log
from typing import Any, Final

import msgspec

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.json_lines import BROKEN, Document
from usage_analytics.importers.json_values import add_rows, count, inner, moment, objects, word
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "stats_cache"
label: Final = "Claude Code statistics (stats-cache.json)"

LARGEST_BYTES: Final = 64 << 20
KINDS: Final = {
    "input_tokens": "inputTokens",
    "cache_read_tokens": "cacheReadInputTokens",
    "cache_write_5m_tokens": "cacheCreationInputTokens",
    "output_tokens": "outputTokens",
}
FRESH: Final = ("input_tokens", "output_tokens")

Row = dict[str, Any]
Shares = dict[str, float]


def claims(head: Head) -> bool:
    """A JSON object with tokens by day and model, and the last day that was counted."""
    start = head.start.lstrip()
    return start.startswith(b"{") and b'"lastComputedDate"' in start and b'"dailyActivity"' in start


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each day and model. Raises UnreadableFile."""
    if opened.path.stat().st_size > LARGEST_BYTES:
        raise UnreadableFile(f"{opened.name} is too large for Claude Code's statistics. Copy the file again.")
    content = opened.path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        document = msgspec.json.decode(content)
    except BROKEN as error:
        raise UnreadableFile(f"{opened.name} is cut off or damaged. Copy the file again.") from error
    days = objects(document.get("dailyModelTokens")) if isinstance(document, dict) else []
    rows, unclear = [], 0
    shares = shares_of(days, inner(document, "modelUsage"))
    for day in days:
        at = moment(day.get("date"))
        for raw, tokens in inner(day, "tokensByModel").items():
            total = count(tokens)
            if at is None or total is None:
                unclear += 1
            elif total:
                rows.append(_day(str(word(day.get("date"))), raw, total, shares.get(raw) or shares[""]) | {"occurred_at": at})
    lines = max(len(content.splitlines()), len(rows) + unclear)
    sink.lines(lines, other=lines - len(rows) - unclear)
    for _ in range(unclear):
        sink.reject(None, "A day has no date, or its tokens are not a whole number.")
    add_rows(sink, "observation", rows)


def shares_of(days: list[Document], usage: Document) -> dict[str, Shares]:
    """What a token of a day's number stands for, by kind and model; under no name, for models of which no split is known."""
    by_days: dict[str, int] = {}
    for day in days:
        for raw, tokens in inner(day, "tokensByModel").items():
            by_days[raw] = by_days.get(raw, 0) + (count(tokens) or 0)
    split = {raw: {kind: count(inner(usage, raw).get(key)) or 0 for kind, key in KINDS.items()} for raw in usage}
    split[""] = {kind: sum(one[kind] for one in split.values()) for kind in KINDS}
    by_days[""] = sum(total for raw, total in by_days.items() if raw in usage)
    found = {}
    for raw, counts in split.items():
        fresh, whole, told = sum(counts[kind] for kind in FRESH), sum(counts.values()), by_days.get(raw, 0)
        nearer_fresh = fresh and told and abs(log(told / fresh)) < abs(log(told / whole))
        base = fresh if nearer_fresh else whole
        found[raw] = {kind: counts[kind] / base for kind in KINDS} if base else {"input_tokens": 1.0}
    return found


def _day(date: str, raw: str, total: int, shares: Shares) -> Row:
    likely = {kind: round(total * shares.get(kind, 0.0)) for kind in KINDS} | {"cache_write_1h_tokens": 0}
    sent = sum(likely.values()) - likely["output_tokens"]
    none = dict.fromkeys(likely, 0) | {"output_tokens": likely["output_tokens"]}
    return likely | {
        "source": name,
        "grain": "day",
        "event_id": f"{date} {raw}",
        "is_sidechain": False,
        "is_copy": False,
        "app": "Claude Code",
        "model": models.canonical(raw),
        "model_raw": raw,
        "output_is_final": True,
        "estimates": [none | {"cache_read_tokens": sent}, none | {"cache_write_5m_tokens": sent}],
    }
