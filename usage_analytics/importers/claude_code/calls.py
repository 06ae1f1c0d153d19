"""Turn records into calls. A call has one line per content block, and its counts grow: the maximum of each count is correct.

The last line of a call has a stop reason and the final output count. If no line has one, the output count is only a placeholder, and we
measure the length of what was written instead.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any, Final

import msgspec

from usage_analytics.importers.claude_code.origin import agent_of, app_of, project_of
from usage_analytics.importers.claude_code.records import CacheCreation, Iteration, Record, Usage, decode_blocks, decode_text
from usage_analytics.importers.sink import Sink
from usage_analytics.pricing.models import canonical

NANOS: Final = 1_000_000_000
MOST_TOKENS: Final = 10**12  # a call that claims more is not a call
INSIDE: Final = (None, "message")  # passes of these types are inside the totals of their call
GEOGRAPHIES: Final = frozenset({"us", "global"})
_IMPOSSIBLE: Final = "A call with such a count or of such a time cannot be."
# What the calls of a piece mostly have in common, and what each has of its own
ABOUT: Final = (
    "conversation_id",
    "is_sidechain",
    "agent_id",
    "project",
    "version",
    "entrypoint",
    "app",
    "is_copy",
    "model_raw",
    "model",
    "speed",
    "geo",
    "batch",
)
COUNTED: Final = (
    "event_id",
    "request_id",
    "occurred_at",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "output_is_final",
    "unfinished",
    "web_searches",
    "iterations",
    "reported_cost_nanos",
    "reported_cost_kind",
)

About = tuple[Any, ...]
Counted = tuple[Any, ...]


class Calls:
    """Gathers the lines of one piece of a transcript by call."""

    def __init__(self, agent: str | None) -> None:
        self._agent = agent
        self.lines: dict[tuple[str, str | None], list[Record]] = {}  # by message id and request id

    def hand_over(self, sink: Sink, paid_from: Mapping[str, str] | None = None) -> list[tuple[Record, str]]:
        """Pass the calls to the sink. Return lines with impossible values, with the reason. `paid_from` is keyed by message ID."""
        found: dict[About, list[Counted]] = {}
        before: About = ()
        together: list[Counted] = []
        refused: list[tuple[Record, str]] = []
        for (event_id, request_id), lines in self.lines.items():
            for same in _by_origin(lines) if len(lines) > 1 else (lines,):
                about, counted, is_plain = self._row(event_id, request_id, same)
                if not is_plain:
                    possible = [line for line in same if _is_possible(line)]
                    refused += [(line, _IMPOSSIBLE) for line in same if not _is_possible(line)]
                    if not possible:
                        continue
                    about, counted, _ = self._row(event_id, request_id, possible)
                    for line in possible:
                        for beside_about, beside in _beside(*self._row(event_id, request_id, [line])[:2], line):
                            found.setdefault(beside_about, []).append(beside)
                if about != before:  # of thousands of calls, hardly one is in another place than the one before it
                    before, together = about, found.setdefault(about, [])
                together.append(counted)
        for about, calls in found.items():
            columns = {
                name: values
                for name, values in zip(COUNTED, zip(*calls, strict=True), strict=True)
                if values.count(None) < len(calls)
            }
            if paid_from:
                columns["paid_from"] = tuple(paid_from.get(event_id) for event_id in columns["event_id"])
            sink.add("observation", columns, {"source": "claude_code", "grain": "call"} | self._words(about))
        return refused

    def _words(self, about: About) -> dict[str, Any]:
        """What calls have in common, as columns."""
        session, sidechain, agent, folder, version, entrypoint, is_copy, raw, speed, geo, batch = about
        thread = agent_of(agent, self._agent) if sidechain else None
        place = (session, sidechain, thread, project_of(folder), version, entrypoint, app_of(entrypoint))
        return dict(zip(ABOUT, (*place, is_copy, raw, canonical(raw), speed, geo, batch), strict=True))

    # One pass over the lines of a call, written out: this is where an import of a million lines spends its time. Whatever is taken from
    # them is a maximum, so that neither their order nor a cut between them changes a call.
    def _row(  # noqa: C901
        self, event_id: str, request_id: str | None, lines: list[Record]
    ) -> tuple[About, Counted, bool]:
        """What the call has in common with others, see `_words`; what it counts; and whether that is all there is to it."""
        first = lines[0]
        moment = first.timestamp
        fresh = read = write_5m = write_1h = output = searches = 0
        cost = speed = geo = None
        final = batch = False
        has_passes = False
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
            if (count := usage.output_tokens) and count > output:
                output = count
            short = usage.cache_creation_input_tokens or 0
            if (created := usage.cache_creation) is not None:
                if (long := created.ephemeral_1h_input_tokens) and long > 0:
                    short -= long
                    if long > write_1h:
                        write_1h = long
                if (count := created.ephemeral_5m_input_tokens) and count > write_5m:
                    write_5m = count
            if short > write_5m:
                write_5m = short
            if (tools := usage.server_tool_use) is not None and (count := tools.web_search_requests) and count > searches:
                searches = count
            if line.costUSD is not None and (cost is None or line.costUSD > cost):
                cost = line.costUSD
            if usage.speed == "fast":
                speed = "fast"
            if usage.inference_geo in GEOGRAPHIES and (geo is None or usage.inference_geo > geo):
                geo = usage.inference_geo
            if usage.service_tier == "batch":
                batch = True
            if (passes := usage.iterations) and (len(passes) > 1 or passes[0].type not in INSIDE):
                has_passes = True
        is_possible = fresh + read + write_5m + write_1h + output + searches <= MOST_TOKENS and 1970 <= moment.year < 9000  # type: ignore[union-attr]
        sidechain = bool(first.isSidechain) or self._agent is not None
        raw = first.message.model  # type: ignore[union-attr]
        reported = None if cost is None else nanos(cost)
        place = (first.sessionId, sidechain, first.agentId, first.cwd, first.version, first.entrypoint, len(first.forkedFrom) > 4)
        return (
            (*place, raw, speed, geo, batch),
            (
                event_id,
                request_id,
                moment.replace(tzinfo=None) if moment.tzinfo is UTC else moment,  # type: ignore[union-attr]
                fresh,
                read,
                write_5m,
                write_1h,
                output,
                final,
                None if final else _unfinished(lines),
                searches or None,
                _several_passes(lines) if has_passes else None,
                reported,
                None if reported is None else "estimate",
            ),
            is_possible and not has_passes,
        )


def _by_origin(lines: list[Record]) -> Iterable[list[Record]]:
    """Return the lines of one call, copies apart: the store decides which of them is the most complete."""
    first = lines[0]
    for line in lines:
        if line.sessionId != first.sessionId or line.isSidechain is not first.isSidechain or line.cwd != first.cwd:
            break
    else:
        return (lines,)
    groups: dict[tuple[Any, ...], list[Record]] = {}
    for line in lines:
        is_copy = len(line.forkedFrom) > 4  # more than null
        place = (line.sessionId, line.isSidechain, line.agentId, line.cwd, line.version, line.entrypoint, is_copy)
        groups.setdefault(place, []).append(line)
    return groups.values()


def _is_possible(record: Record) -> bool:
    """Return whether a line's counts and time are possible for a call."""
    usage = record.message.usage if record.message else None
    if usage is None or record.timestamp is None:
        return False
    created = _writes(usage.cache_creation_input_tokens or 0, usage.cache_creation)
    searches = usage.server_tool_use.web_search_requests if usage.server_tool_use else 0
    counts = (usage.input_tokens or 0, usage.cache_read_input_tokens or 0, *created, usage.output_tokens or 0, searches or 0)
    within = [count for one in usage.iterations or () for count in _tokens(one).values()]
    return max(*counts, *within) <= MOST_TOKENS and 1970 <= record.timestamp.year < 9000


def _writes(flat: int, created: CacheCreation | None) -> tuple[int, int]:
    """Cache writes that live five minutes and those that live an hour; either form of the count may be missing or short in the wild."""
    if created is None:
        return flat, 0
    long = max(created.ephemeral_1h_input_tokens or 0, 0)
    return max(flat - long, created.ephemeral_5m_input_tokens or 0), long


def nanos(dollars: float | None) -> int | None:
    """Return whole nano-dollars; None if nothing was paid."""
    return round(dollars * NANOS) if dollars is not None and 0 <= dollars < 1e9 else None


def identity(record: Record) -> str:
    """Return the identity of a call without an ID: its line's ID, else a digest of the line's values."""
    if record.uuid:
        return record.uuid
    usage = msgspec.json.encode(record.message.usage if record.message else None)
    return f"{record.sessionId}:{record.timestamp}:{zlib.crc32(usage):08x}"


def _several_passes(lines: list[Record]) -> list[dict[str, int]] | None:
    """The passes of a call, where there are several and they add up to what their line counts: each is priced by its own length."""
    found: list[list[dict[str, int]]] = []
    for line in lines:
        usage: Usage = line.message.usage  # type: ignore[union-attr,assignment]
        passes = [_tokens(one) for one in usage.iterations or () if one.type in INSIDE]
        if len(passes) < 2:
            continue
        whole = (
            usage.input_tokens or 0,
            usage.cache_read_input_tokens or 0,
            sum(_writes(usage.cache_creation_input_tokens or 0, usage.cache_creation)),
            usage.output_tokens or 0,
        )
        sums = tuple(map(sum, zip(*(one.values() for one in passes), strict=True)))
        # What lives how long is said of the call, and sometimes not of its passes.
        if (sums[0], sums[1], sums[2] + sums[3], sums[4]) == whole:
            found.append(passes)
    return max(found, key=lambda passes: [tuple(one.values()) for one in passes], default=None)


def _tokens(one: Iteration) -> dict[str, int]:
    short, long = _writes(one.cache_creation_input_tokens or 0, one.cache_creation)
    return {
        "input_tokens": max(one.input_tokens or 0, 0),
        "cache_read_tokens": max(one.cache_read_input_tokens or 0, 0),
        "cache_write_5m_tokens": max(short, 0),
        "cache_write_1h_tokens": long,
        "output_tokens": max(one.output_tokens or 0, 0),
    }


def _beside(about: About, counted: Counted, line: Record) -> Iterator[tuple[About, Counted]]:
    """Passes that are charged beside the call's own totals, as one of its lines states them: an adviser's answer, a compaction."""
    fields = dict(zip(COUNTED, counted, strict=True))
    fields |= {"output_is_final": True, "unfinished": None, "web_searches": None, "iterations": None}
    fields |= {"reported_cost_nanos": None, "reported_cost_kind": None}
    for number, one in enumerate(line.message.usage.iterations or ()):  # type: ignore[union-attr]
        if one.type not in INSIDE:
            named = fields | _tokens(one) | {"event_id": f"{counted[0]}:{one.type}:{number}"}
            yield (*about[:7], one.model or about[7], *about[8:]), tuple(named[name] for name in COUNTED)


def _unfinished(lines: list[Record]) -> list[dict[str, int]]:
    """What each line of an unfinished output wrote, in characters; lines are told apart by content so that copies count once."""
    contents = dict.fromkeys(bytes(line.message.content) for line in lines)  # type: ignore[union-attr]
    written = []
    for content in contents:
        try:
            if content.startswith(b'"'):
                visible = len(decode_text(content))
            else:  # text, thinking and tool calls
                visible = sum(
                    len(block.text or "") + len(block.thinking or "") + len(bytes(block.input).decode("utf-8", "replace"))
                    for block in decode_blocks(content)
                )
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            visible = len(content)
        written.append({"line": zlib.crc32(content), "chars": visible})
    return written
