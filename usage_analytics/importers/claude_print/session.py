"""Turn the messages of a process into calls, who paid for them, refusals, and the totals of its result."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct

from usage_analytics.events import PaidFrom
from usage_analytics.importers.claude_code.calls import Calls
from usage_analytics.importers.claude_code.records import Message, Record
from usage_analytics.importers.claude_print.results import Results
from usage_analytics.importers.json_lines import Document
from usage_analytics.importers.json_values import add_rows, inner, moment, word
from usage_analytics.importers.refusals import WINDOWS, gauge_in
from usage_analytics.importers.sink import Opened, Sink

SUBSCRIPTION: Final = frozenset({"none", "oauth", "/login managed key"})  # what `apiKeySource` says where no key pays
ENTRYPOINT: Final = "sdk-cli"
COPIED: Final = Raw(b'"printed"')  # a transcript of the same call knows better when and where it was
_UNCLEAR: Final = "A count in the message is not a whole number."

Row = dict[str, Any]


class _Printed(Struct):
    """The fields of a message that are read, with the text of an answer left undecoded."""

    message: Message


_printed: Final = msgspec.json.Decoder(_Printed).decode


class Sessions:
    """Reads the messages of one file in their order."""

    def __init__(self, opened: Opened) -> None:
        self._now = opened.dated or datetime(1970, 1, 1)
        self._dated_by = opened.dated_by
        self._calls = Calls(None)
        self._results = Results()
        self._about: dict[str, Document] = {}  # the last `init` of each session
        self._pays: dict[str, PaidFrom] = {}
        self._paid_from: dict[str, PaidFrom] = {}  # by message id
        self._streamed: dict[tuple[str, str | None], Record] = {}  # what each thread is being answered
        self._limits: list[Row] = []
        self._windows: list[Row] = []

    def take(self, message: Document) -> tuple[bool, str | None]:
        """Note a message. Returns whether it belongs to a call or is a result, and why it can't be read."""
        self._now = moment(message.get("timestamp")) or self._now
        session, kind = word(message.get("session_id")) or "", message.get("type")
        if kind == "assistant" and inner(message, "message", "usage"):
            return self._answer(session, message, inner(message, "message"))
        if kind == "stream_event":
            return self._part(session, message, inner(message, "event"))
        if kind == "result":
            self._refusal(
                session, gauge_in(str(message.get("result") or "").replace("’", "'")) if message.get("is_error") else None
            )
            return self._results.take(session, message, self._now, self._pays.get(session), self._about.get(session, {})), None
        if kind == "system" and message.get("subtype") == "init":
            self._about[session] = message
            key = word(message.get("apiKeySource"))
            if key and key.lower() not in SUBSCRIPTION:
                self._pays[session] = "api"
        elif kind == "rate_limit_event":
            self._limit(session, inner(message, "rate_limit_info"))
        return False, None

    def hand_over(self, sink: Sink) -> None:
        """Give everything to the sink."""
        known = {record.sessionId or "" for lines in self._calls.lines.values() for record in lines}
        for _, reason in self._calls.hand_over(sink, self._paid_from):
            sink.reject(None, reason)
        self._results.hand_over(sink, known)
        add_rows(sink, "limit_seen", self._limits)
        add_rows(sink, "balance_seen", self._windows)

    def _answer(self, session: str, said: Document, message: Document) -> tuple[bool, str | None]:
        """A message, or a part of one, as a line of a transcript."""
        try:
            decoded = _printed(msgspec.json.encode({"message": message})).message
        except msgspec.MsgspecError:
            return False, _UNCLEAR
        if decoded.usage is None or decoded.model == "<synthetic>":
            return False, None
        about, thread = self._about.get(session, {}), word(said.get("parent_tool_use_id"))
        record = Record(
            type="assistant",
            isSidechain=thread is not None,
            agentId=thread,
            entrypoint=ENTRYPOINT,
            cwd=word(about.get("cwd")),
            sessionId=session,
            version=word(about.get("claude_code_version")),
            message=decoded,
            requestId=word(said.get("request_id")),
            uuid=word(said.get("uuid")),
            timestamp=self._now,
            forkedFrom=COPIED,
        )
        self._streamed[session, thread] = record
        event_id = decoded.id or record.uuid or ""
        self._calls.lines.setdefault((event_id, record.requestId), []).append(record)
        if pays := self._pays.get(session):
            self._paid_from[event_id] = pays
        return True, None

    def _part(self, session: str, said: Document, event: Document) -> tuple[bool, str | None]:
        """A piece of a message as it streams: the first names it, the last but one has its final counts."""
        if event.get("type") == "message_start":
            return self._answer(session, said, inner(event, "message"))
        begun = self._streamed.get((session, word(said.get("parent_tool_use_id"))))
        if event.get("type") != "message_delta" or begun is None or begun.message is None:
            return False, None
        ended = {"id": begun.message.id, "model": begun.message.model, "stop_reason": inner(event, "delta").get("stop_reason")}
        return self._answer(session, {"request_id": begun.requestId, **said}, ended | {"usage": inner(event, "usage")})

    def _limit(self, session: str, told: Document) -> None:
        """How much of the plan allowance is used, and whether credits pay from here on: the one place where that is said outright."""
        uses_credits = told.get("isUsingOverage", told.get("overageInUse"))
        before = self._pays.get(session)
        if isinstance(uses_credits, bool) and before != "api":
            self._pays[session] = "credits" if uses_credits else "plan"
        resets = moment(told.get("resetsAt"))
        if uses_credits is True and before != "credits":
            self._refusal(session, "credits_started", resets)
        elif told.get("status") == "rejected" and uses_credits is not True:
            self._refusal(
                session, WINDOWS.get(str(told.get("rateLimitType")), "unknown"), resets, word(told.get("overageDisabledReason"))
            )
        windows = inner(told, "unifiedWindows") or {str(told.get("rateLimitType")): told}
        seen: Row = {}
        for name, column in (("five_hour", "session"), ("seven_day", "weekly")):
            share = inner(windows, name).get("utilization")
            if isinstance(share, int | float) and 0 <= share <= 2:
                resets_at = moment(inner(windows, name).get("resetsAt"))
                seen |= {f"{column}_percent": share * 100.0, f"{column}_resets_at": resets_at}
        if seen:
            self._windows.append({"document": "usage", "seen_at": self._now, "dated_by": self._dated_by} | seen)

    def _refusal(self, session: str, gauge: str | None, resets: datetime | None = None, reason: str | None = None) -> None:
        if gauge is not None:
            about = {"source": "claude_code", "app": "claude -p", "conversation_id": session or None}
            self._limits.append(about | {"occurred_at": self._now, "gauge": gauge, "resets_at": resets, "reason": reason})
