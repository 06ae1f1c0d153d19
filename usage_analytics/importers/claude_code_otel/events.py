"""Log events: calls, prompts and refusals. Of any other event nothing is read, and of these no text is."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from usage_analytics.events import Run
from usage_analytics.importers.cache_lifetimes import amounts
from usage_analytics.importers.claude_code.origin import app_of
from usage_analytics.importers.claude_code_otel.documents import LOGS, attributes
from usage_analytics.importers.json_lines import Document
from usage_analytics.importers.json_values import add_rows, count, inner, moment, nanos, objects, word
from usage_analytics.importers.labels import extra
from usage_analytics.importers.refusals import gauge_of_error
from usage_analytics.importers.sink import Sink
from usage_analytics.pricing import models

SOURCE: Final = "claude_code_otel"
PREFIX: Final = "claude_code."
COUNTS: Final = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens")
MICRO_NANOS: Final = 1000
_KEPT: Final = {"effort": "effort", "skill.name": "skill", "mcp_server.name": "mcp_server", "agent.name": "agent"}
_NO_TIME: Final = "A call without a time cannot be placed."
_NO_COUNT: Final = "A count in the event is not a whole number."

Attributes = Mapping[str, Any]
Row = dict[str, Any]


class Events:
    """Gathers what the events of a file come to."""

    def __init__(self) -> None:
        self._calls: list[Row] = []
        self._prompts: list[Row] = []
        self._limits: list[Row] = []
        self._programs: set[str] = set()  # sessions that a program leads

    def take(self, document: Document) -> tuple[int, list[str]]:
        """Note the events of a document. Returns how many of them are calls, and why others, which should be, are not."""
        before, problems = len(self._calls), []
        for kind, told, at in records_of(document):
            if kind == "api_request":
                row = _call(told, at)
                if isinstance(row, str):
                    problems.append(row)
                else:
                    self._calls.append(row)
                    self._note_program(told)
            elif kind == "user_prompt" and at and (session := word(told.get("session.id"))):
                self._prompts.append({"conversation_id": session, "occurred_at": at})
                self._note_program(told)
            elif kind == "api_error" and at and (gauge := gauge_of_error(str(told.get("error") or ""))):
                self._limits.append(_belonging(told) | {"source": SOURCE, "occurred_at": at, "gauge": gauge})
        return len(self._calls) - before, problems

    def hand_over(self, sink: Sink, *, unless_fewer: int = 0) -> None:
        """Give everything to the sink; nothing yet of fewer calls than these."""
        if len(self._calls) < unless_fewer:
            return
        add_rows(sink, "observation", self._calls)
        self._calls.clear()
        if unless_fewer:  # who led a session may be said further on
            return
        asked = [row | {"kind": "sdk" if row["conversation_id"] in self._programs else "human"} for row in self._prompts]
        add_rows(sink, "prompt", asked)
        add_rows(sink, "limit_seen", self._limits)

    def _note_program(self, told: Attributes) -> None:
        if (word(told.get("app.entrypoint")) or "").startswith("sdk-") or told.get("query_source") == "sdk":
            self._programs.add(str(told.get("session.id")))


def run_of(source: str | None) -> tuple[str | None, Run | None]:
    """The thread and the kind of run that a query source names; both None on the main thread.

    What the client asks on the side (titles, compaction, suggestions) is a thread of its own, so that it is no message of the conversation.
    """
    if source is None or source == "main" or source.startswith(("repl_main_thread", "auto_mode")):
        return None, None
    if source == "sdk":
        return None, "headless"
    return source, "subagent" if source.startswith(("agent", "subagent")) else None


def records_of(document: Document) -> Iterator[tuple[str, Attributes, datetime | None]]:
    """Every event of the client: its name, its attributes and those of what sent it, and when."""
    for resource in objects(document.get(LOGS)):
        sender = attributes(resource.get("resource"))
        for scope in objects(resource.get("scopeLogs")):
            for record in objects(scope.get("logRecords")):
                told = sender | attributes(record)
                body = inner(record, "body").get("stringValue")
                named = word(record.get("eventName")) or word(body) or ""
                if not named.startswith(PREFIX) and sender.get("service.name") != "claude-code":
                    continue
                times = (told.get("event.timestamp"), record.get("timeUnixNano"), record.get("observedTimeUnixNano"))
                at = next(filter(None, map(moment, times)), None)
                yield word(told.get("event.name")) or named.removeprefix(PREFIX), told, at


def _belonging(told: Attributes) -> Row:
    return {"app": app_of(word(told.get("app.entrypoint"))), "conversation_id": word(told.get("session.id"))}


def _call(told: Attributes, at: datetime | None) -> Row | str:
    """The observation that a request comes to; or, in a sentence, why it is none."""
    counts = {name: count(told.get(name)) for name in COUNTS}
    if any(told.get(name) is not None and counts[name] is None for name in COUNTS):
        return _NO_COUNT
    if at is None:
        return _NO_TIME
    request, session, sequence = word(told.get("request_id")), told.get("session.id"), told.get("event.sequence")
    if request:
        identity = request
    elif session and sequence is not None:  # where it stands in its session
        identity = f"{session}:{sequence}"
    else:
        said = msgspec.json.encode({name: str(told.get(name)) for name in (*COUNTS, "model", "cost_usd", "duration_ms")})
        identity = f"{session}:{at.isoformat()}:{zlib.crc32(said):08x}"
    raw, agent = word(told.get("model")), run_of(word(told.get("query_source")))
    cost, micros = nanos(told.get("cost_usd")), count(told.get("cost_usd_micros"))
    reported = micros * MICRO_NANOS if cost is None and micros is not None else cost
    fast = told.get("speed") == "fast" or models.speed(raw) == "fast"
    entrypoint = word(told.get("app.entrypoint"))
    return {
        "source": SOURCE,
        "grain": "call",
        "event_id": identity,
        "request_id": request,
        "is_sidechain": agent[0] is not None,
        "is_copy": False,
        "occurred_at": at,
        **_belonging(told),
        "agent_id": agent[0],
        "run": agent[1],
        "human_prompt": False if agent[1] == "headless" else None,
        "entrypoint": entrypoint,
        "model": models.canonical(raw),
        "model_raw": raw,
        "output_is_final": True,
        "speed": "fast" if fast else None,
        "reported_cost_nanos": reported,
        "reported_cost_kind": None if reported is None else "estimate",
        "extra": extra({name: word(told.get(key)) for key, name in _KEPT.items()}),
    } | amounts(
        counts | {"version": word(told.get("service.version")) or word(told.get("app.version"))},
        models.canonical(raw),
        at,
        reported,
        fast=fast,
        precise_to_nanos=1 if cost is not None else MICRO_NANOS,
    )
