"""One piece of a transcript: its records sorted into calls, prompts, refusals and what the client says of a session."""

from __future__ import annotations

from typing import Any, Final

from usage_analytics.importers.claude_code import limits
from usage_analytics.importers.claude_code.calls import MOST_TOKENS, Calls, identity, nanos
from usage_analytics.importers.claude_code.lines import Reader
from usage_analytics.importers.claude_code.prompts import Prompts
from usage_analytics.importers.claude_code.records import Record
from usage_analytics.importers.sink import Sink
from usage_analytics.pricing.models import canonical

TOTAL: Final = (
    "conversation_id",
    "started_at",
    "model",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reported_cost_nanos",
)


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
        """Read the lines, pass on their content, and account for each line."""
        placed = 0
        refused: list[tuple[Record, str]] = []
        calls = self._calls.lines
        for record in self._reader.records(chunk):
            message = record.message
            if (
                message is None
                or message.usage is None
                or (record.type != "assistant" and (record.type is not None or message.model is None))
                or message.model == limits.SYNTHETIC
                or record.isApiErrorMessage
            ):  # not a call
                if record.type in ("user", "system"):
                    self._prompts.take(record)
                if record.type in ("assistant", "system") and limits.is_notice(record):
                    self._notices.append(record)
                if record.type == "cost-state" and record.sessionId and record.modelUsage:
                    self._totals[record.sessionId] = record
                continue
            placed += not record.salvaged
            if record.timestamp is None:
                refused.append((record, "A call without a time cannot be placed."))
                continue
            key = (message.id or record.requestId or identity(record), record.requestId)
            if key in calls:
                calls[key].append(record)
            else:
                calls[key] = [record]
        refused += self._calls.hand_over(sink)
        self._prompts.hand_over(sink)
        limits.hand_over(self._notices, sink)
        _hand_over_totals(self._totals, sink)
        sink.lines(0, other=self._reader.line_records - placed)
        for record, reason in refused:
            if not record.salvaged:
                sink.reject(self._reader.line_of(record), reason)


def _hand_over_totals(totals: dict[str, Record], sink: Sink) -> None:
    """Pass on the session's final cost: cumulative, and including calls that the transcript doesn't show."""
    rows: list[tuple[Any, ...]] = []
    for session, record in totals.items():
        started = limits.at(record.startTime / 1000) if record.startTime else None
        for raw, used in (record.modelUsage or {}).items():
            counts = (used.inputTokens, used.cacheReadInputTokens, used.cacheCreationInputTokens, used.outputTokens)
            if canonical(raw) and all(0 <= (count or 0) <= MOST_TOKENS for count in counts):
                rows.append((session, started, canonical(raw), *counts, nanos(used.costUSD)))
    if rows:
        sink.add("session_total", dict(zip(TOTAL, zip(*rows, strict=True), strict=True)))
