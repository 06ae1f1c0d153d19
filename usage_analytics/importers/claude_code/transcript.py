"""One piece of a transcript: its records sorted into calls, prompts, refusals and what the client says of a session."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from usage_analytics.importers.claude_code import limits
from usage_analytics.importers.claude_code.calls import NANOS, Calls, identity
from usage_analytics.importers.claude_code.lines import Reader
from usage_analytics.importers.claude_code.prompts import Prompts
from usage_analytics.importers.claude_code.records import Message, Record
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

    # One pass over the records, written out: a large import goes through here a million times.
    def read(self, chunk: bytes, sink: Sink) -> None:
        """Read the lines, hand over what they hold, and account for each."""
        placed = timeless = 0
        moment: datetime | None = None
        calls = self._calls.lines
        for record in self._reader.records(chunk):
            message = record.message
            if message is None or message.usage is None or not _is_call(record, message):
                self._sort(record)
                moment = record.timestamp or moment
                continue
            if record.timestamp is None:
                if moment is None:
                    timeless += not record.salvaged
                    continue
                record.timestamp = moment
            else:
                moment = record.timestamp
            placed += not record.salvaged
            key = (message.id or identity(record), record.requestId)
            if key in calls:
                calls[key].append(record)
            else:
                calls[key] = [record]
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


def _is_call(record: Record, message: Message) -> bool:
    model = message.model
    return model is not None and model != SYNTHETIC and record.type in ("assistant", None) and not record.isApiErrorMessage


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
