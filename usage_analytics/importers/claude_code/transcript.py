"""One piece of a transcript: its records sorted into calls, prompts, refusals and what the client says of a session."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from usage_analytics.importers.claude_code import limits
from usage_analytics.importers.claude_code.calls import NANOS, Calls
from usage_analytics.importers.claude_code.lines import Reader
from usage_analytics.importers.claude_code.prompts import Prompts
from usage_analytics.importers.claude_code.records import Record
from usage_analytics.importers.sink import Sink
from usage_analytics.pricing.models import canonical

SYNTHETIC: Final = "<synthetic>"  # the client's own notices, written as if a model had


class Piece:
    """Reads whole lines of a transcript into a sink."""

    def __init__(self, agent: str | None, reader: Reader) -> None:
        self._reader = reader
        self._calls = Calls(agent)
        self._prompts = Prompts()
        self._notices: list[Record] = []
        self._totals: dict[str, Record] = {}

    def read(self, chunk: bytes, sink: Sink) -> None:
        """Read the lines, hand over what they hold, and account for each."""
        placed = timeless = 0
        moment: datetime | None = None
        for record in self._reader.records(chunk):
            message = record.message
            if message is not None and message.usage is not None and _is_call(record):
                if self._calls.take(record, moment):
                    placed += not record.salvaged
                else:
                    timeless += not record.salvaged
            else:
                self._sort(record)
            moment = record.timestamp or moment
        refused = self._calls.hand_over(sink)
        self._prompts.hand_over(sink)
        limits.hand_over(self._notices, sink)
        _hand_over_totals(self._totals, sink)
        sink.lines(0, other=self._reader.line_records - placed - timeless)
        _reject(sink, timeless, "A call without a time cannot be placed.")
        _reject(sink, refused, "A call with more tokens than any call can have is not counted.")

    def _sort(self, record: Record) -> None:
        if record.type in ("user", "system"):
            self._prompts.take(record)
        elif record.type == "assistant":
            self._notices.append(record)
        elif record.type == "cost-state" and record.sessionId and record.modelUsage:
            self._totals[record.sessionId] = record


def _is_call(record: Record) -> bool:
    message = record.message
    return (
        record.type in ("assistant", None)
        and message is not None
        and message.model is not None
        and message.model != SYNTHETIC
        and not record.isApiErrorMessage
    )


def _reject(sink: Sink, lines: int, reason: str) -> None:
    for _ in range(lines):
        sink.reject(None, reason)


def _hand_over_totals(totals: dict[str, Record], sink: Sink) -> None:
    """The last word of a session on what it has cost: cumulative, and with calls that the transcript does not show."""
    rows: list[tuple[Any, ...]] = []
    for session, record in totals.items():
        started = datetime.fromtimestamp(record.startTime / 1000, UTC) if record.startTime else None
        for raw, used in (record.modelUsage or {}).items():
            cost = None if used.costUSD is None else round(used.costUSD * NANOS)
            counts = (used.inputTokens, used.cacheReadInputTokens, used.cacheCreationInputTokens, used.outputTokens)
            rows.append((session, started, canonical(raw), *counts, cost))
    if rows:
        names = ("conversation_id", "started_at", "model", "input_tokens", "cache_read_tokens", "cache_write_tokens")
        names += ("output_tokens", "reported_cost_nanos")
        sink.add("session_total", dict(zip(names, zip(*rows, strict=True), strict=True)))
