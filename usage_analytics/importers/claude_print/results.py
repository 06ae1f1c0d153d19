"""Results: everything that a process has used so far, by model. So only the last result of a process counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from usage_analytics.events import PaidFrom
from usage_analytics.importers.cache_lifetimes import amounts
from usage_analytics.importers.claude_code.origin import app_of, project_of
from usage_analytics.importers.json_lines import Document
from usage_analytics.importers.json_values import add_rows, count, inner, nanos, word
from usage_analytics.importers.sink import Sink
from usage_analytics.pricing import models

SOURCE: Final = "claude_print"
SEARCH_NANOS: Final = 10_000_000
COUNTS: Final = {
    "input_tokens": ("inputTokens", "input_tokens"),
    "output_tokens": ("outputTokens", "output_tokens"),
    "cache_read_tokens": ("cacheReadInputTokens", "cache_read_input_tokens"),
    "cache_creation_tokens": ("cacheCreationInputTokens", "cache_creation_input_tokens"),
}

_TOTALLED: Final = ("conversation_id", "model", "input_tokens", "cache_read_tokens", "output_tokens", "reported_cost_nanos")

Row = dict[str, Any]


class Results:
    """Gathers the results of a file by process."""

    def __init__(self) -> None:
        self._processes: list[tuple[str, int, list[Row]]] = []  # session, tokens so far, a row for each model

    def take(self, session: str, result: Document, at: datetime, pays: PaidFrom | None, about: Document) -> bool:
        """Note a result. Return whether it has usage."""
        used = result.get("modelUsage")
        own = inner(result, "usage")
        if isinstance(used, dict) and used:
            by_model = {raw: values for raw, values in used.items() if isinstance(values, dict)}
        else:  # before there were totals by model
            by_model = {word(about.get("model")) or "": own | {"costUSD": result.get("total_cost_usd")}} if own else {}
        shared: Row = {
            "source": SOURCE,
            "grain": "minute",
            "is_sidechain": False,
            "is_copy": False,
            "occurred_at": at,
            "app": app_of("sdk-cli"),
            "project": project_of(word(about.get("cwd"))),
            "conversation_id": session or None,
            "run": "headless",
            "human_prompt": False,
            "entrypoint": "sdk-cli",
            "output_is_final": True,
            "speed": "fast" if result.get("fast_mode_state") == "on" else None,
            "paid_from": pays,
            "version": word(about.get("claude_code_version")),
        }
        identity = word(result.get("uuid")) or f"{session} {result.get('duration_ms')}"
        rows = [shared | {"event_id": f"run {identity} {raw}"} | _used(raw, values, shared) for raw, values in by_model.items()]
        if not rows:
            return False
        total = sum(row[name] or 0 for row in rows for name in ("input_tokens", "cache_read_tokens", "output_tokens"))
        this = sum(count(own.get(stated)) or 0 for name, (_, stated) in COUNTS.items() if name != "cache_creation_tokens")
        for place, (other, before, _) in enumerate(self._processes):
            if other == session and total >= before + this > before:  # it goes on counting where the one before stood
                self._processes[place] = (session, total, rows)
                return True
        self._processes.append((session, total, rows))
        return True

    def hand_over(self, sink: Sink, itemized: set[str]) -> None:
        """Give the sums to the sink: as what a session came to where its calls are here, else as usage of its own."""
        alone = [row for session, _, rows in self._processes if session not in itemized for row in rows]
        add_rows(sink, "observation", alone)
        totals = [row for session, _, rows in self._processes if session in itemized for row in rows]
        short, long = "cache_write_5m_tokens", "cache_write_1h_tokens"
        add_rows(
            sink,
            "session_total",
            [
                {name: row[name] for name in _TOTALLED}
                | {
                    "cache_write_tokens": None if row[short] is None else row[short] + row[long],
                    "reported_cost_nanos": row["reported_cost_nanos"],
                }
                for row in totals
            ],
        )


def _used(raw: str, values: Document, shared: Row) -> Row:
    """What was used of one model."""
    counts = {column: next((count(values[name]) for name in names if name in values), None) for column, names in COUNTS.items()}
    searches, cost = count(values.get("webSearchRequests")) or 0, nanos(values.get("costUSD"))
    model = models.canonical(raw)
    of_tokens = None if cost is None else cost - searches * SEARCH_NANOS
    fast = shared["speed"] == "fast"
    tokens = amounts(counts | {"version": shared["version"]}, model, shared["occurred_at"], of_tokens, fast=fast)
    return tokens | {
        "model": model,
        "model_raw": raw or None,
        "web_searches": searches or tokens.get("web_searches"),
        "reported_cost_nanos": cost,
        "reported_cost_kind": None if cost is None else "estimate",
    }
