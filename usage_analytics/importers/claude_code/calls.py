"""From records to calls. One call is written once for each content block, and its counts grow: the maximum of each count is the truth.

The last line of a call carries a stop reason and the true output. Where no line has one, the output count is a placeholder, and what can
be measured instead is the length of what was written.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import msgspec

from usage_analytics.importers.claude_code.origin import agent_of, app_of, project_of
from usage_analytics.importers.claude_code.records import Iteration, Record, Usage, decode_blocks, decode_text
from usage_analytics.importers.sink import Sink
from usage_analytics.pricing.models import canonical

NANOS: Final = 1_000_000_000
MOST_TOKENS: Final = 10**12  # a call that claims more is not a call
ROW: Final = (
    "event_id",
    "request_id",
    "is_sidechain",
    "is_copy",
    "occurred_at",
    "app",
    "project",
    "conversation_id",
    "agent_id",
    "entrypoint",
    "version",
    "model",
    "model_raw",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "output_is_final",
    "unfinished",
    "web_searches",
    "speed",
    "geo",
    "batch",
    "iterations",
    "reported_cost_nanos",
    "reported_cost_kind",
)


class Calls:
    """Gathers the lines of one piece of a transcript by call."""

    def __init__(self, agent: str | None) -> None:
        self._agent = agent
        self.lines: dict[tuple[str, str | None], list[Record]] = {}  # by message id and request id

    def hand_over(self, sink: Sink) -> int:
        """Give the calls to the sink. Returns how many lines held counts that no call can have."""
        rows: list[tuple[Any, ...]] = []
        refused = 0
        for (event_id, request_id), lines in self.lines.items():
            row, iterations = self._row(event_id, request_id, lines)
            if row is None:
                refused += len(lines)
                continue
            rows.append(row)
            if iterations:
                rows.extend(_beside(row, iterations))
        if rows:
            columns: dict[str, Any] = dict(zip(ROW, zip(*rows, strict=True), strict=True))
            columns["source"] = ["claude_code"] * len(rows)
            columns["grain"] = ["call"] * len(rows)
            sink.add("observation", columns)
        return refused

    # One pass over the lines of a call, written out: this is where an import of a million lines spends its time.
    def _row(
        self, event_id: str, request_id: str | None, lines: list[Record]
    ) -> tuple[tuple[Any, ...] | None, list[Iteration] | None]:
        first = lines[0]
        moment = first.timestamp
        fresh = read = flat = write_5m = write_1h = output = searches = 0
        cost: float | None = None
        final = False
        usage: Usage
        for line in lines:
            message = line.message
            usage = message.usage  # type: ignore[union-attr,assignment]
            if message.stop_reason is not None:  # type: ignore[union-attr]
                final = True
            if line.timestamp < moment:  # type: ignore[operator]
                moment = line.timestamp
            if (count := usage.input_tokens) and count > fresh:
                fresh = count
            if (count := usage.cache_read_input_tokens) and count > read:
                read = count
            if (count := usage.cache_creation_input_tokens) and count > flat:
                flat = count
            if (count := usage.output_tokens) and count > output:
                output = count
            if (created := usage.cache_creation) is not None:
                if (count := created.ephemeral_5m_input_tokens) and count > write_5m:
                    write_5m = count
                if (count := created.ephemeral_1h_input_tokens) and count > write_1h:
                    write_1h = count
            if (tools := usage.server_tool_use) is not None and (count := tools.web_search_requests) and count > searches:
                searches = count
            if line.costUSD is not None and (cost is None or line.costUSD > cost):
                cost = line.costUSD
        writes = max(flat, write_5m + write_1h)
        write_1h = min(write_1h, writes)
        if fresh + read + writes + output > MOST_TOKENS:
            return None, None
        sidechain = bool(first.isSidechain) or self._agent is not None
        raw = first.message.model  # type: ignore[union-attr]
        return (
            event_id,
            request_id,
            sidechain,
            len(first.forkedFrom) > 4,  # more than null
            moment,
            app_of(first.entrypoint),
            project_of(first.cwd),
            first.sessionId,
            agent_of(first.agentId, self._agent) if sidechain else None,
            first.entrypoint,
            first.version,
            canonical(raw),
            raw,
            fresh,
            read,
            writes - write_1h,
            write_1h,
            output,
            final,
            None if final else _unfinished(lines),
            searches or None,
            "fast" if usage.speed == "fast" else None,
            usage.inference_geo if usage.inference_geo in ("us", "global") else None,
            usage.service_tier == "batch",
            _passes(usage.iterations, fresh, read, writes, output) if usage.iterations else None,
            None if cost is None else round(cost * NANOS),
            None if cost is None else "estimate",
        ), usage.iterations


def _writes(flat: int, write_5m: int, write_1h: int) -> tuple[int, int]:
    """All cache writes and those that live an hour; either form of the count may be missing or short in the wild."""
    total = max(flat, write_5m + write_1h)
    return total, min(write_1h, total)


def identity(record: Record) -> str:
    """The identity of a call that has no id of its own: its line's, else what the line says."""
    if record.uuid:
        return record.uuid
    usage = msgspec.json.encode(record.message.usage if record.message else None)
    return f"{record.sessionId}:{record.timestamp}:{zlib.crc32(usage):08x}"


def _passes(
    iterations: list[Iteration], fresh: int, read: int, writes: int, output: int
) -> list[dict[str, int]] | None:
    """The passes of a call, where there are several and they add up to it: each is priced by its own length."""
    passes = [_tokens(one) for one in iterations if one.type in (None, "message")]
    if len(passes) < 2:
        return None
    sums = {name: sum(one[name] for one in passes) for name in passes[0]}
    wrote = sums["cache_write_5m_tokens"] + sums["cache_write_1h_tokens"]
    whole = (sums["input_tokens"], sums["cache_read_tokens"], wrote, sums["output_tokens"]) == (fresh, read, writes, output)
    return passes if whole else None


def _tokens(one: Iteration) -> dict[str, int]:
    created = one.cache_creation
    nested = ((created.ephemeral_5m_input_tokens or 0), (created.ephemeral_1h_input_tokens or 0)) if created else (0, 0)
    writes, write_1h = _writes(one.cache_creation_input_tokens or 0, *nested)
    return {
        "input_tokens": one.input_tokens or 0,
        "cache_read_tokens": one.cache_read_input_tokens or 0,
        "cache_write_5m_tokens": writes - write_1h,
        "cache_write_1h_tokens": write_1h,
        "output_tokens": one.output_tokens or 0,
    }


def _beside(row: tuple[Any, ...], iterations: list[Iteration]) -> Iterator[tuple[Any, ...]]:
    """Passes that are charged beside the call's own totals: an adviser's answer, a compaction."""
    for number, one in enumerate(iterations):
        if one.type in (None, "message"):
            continue
        fields = dict(zip(ROW, row, strict=True)) | _tokens(one)
        raw = one.model or fields["model_raw"]
        fields |= {"event_id": f"{fields['event_id']}:{one.type}:{number}", "model_raw": raw, "model": canonical(raw)}
        fields |= {"output_is_final": True, "unfinished": None, "web_searches": None, "iterations": None}
        fields |= {"reported_cost_nanos": None, "reported_cost_kind": None}
        yield tuple(fields[name] for name in ROW)


def _unfinished(lines: list[Record]) -> list[dict[str, int]]:
    """What each line of an unfinished output wrote, in characters; lines are told apart so that copies count once."""
    measured = {}
    for line in lines:
        content = bytes(line.message.content)  # type: ignore[union-attr]
        measured[zlib.crc32((line.uuid or "").encode() or content)] = _visible_characters(content)
    return [{"line": mark, "chars": chars} for mark, chars in measured.items()]


def _visible_characters(content: bytes) -> int:
    """Characters of text, thinking and tool calls; 0 for content of another shape."""
    try:
        if content.startswith(b'"'):
            return len(decode_text(content))
        blocks = decode_blocks(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return len(content)
    return sum(
        len(block.text or "") + len(block.thinking or "") + len(bytes(block.input).decode("utf-8", "replace"))
        for block in blocks
    )
