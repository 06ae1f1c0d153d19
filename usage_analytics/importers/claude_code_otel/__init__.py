"""Claude Code's own telemetry (OpenTelemetry): logs and metrics as OTLP, in JSON or protobuf, as an exporter or a receiver saved them.

An `api_request` event is one call, known by its request id, which the transcript of the same call names too. A `user_prompt` is a prompt;
its text, if present, is never read. An `api_error` counts if it says that a limit was reached. Metrics are sums by minute
and session: they count only for sessions of which no call is known.
"""

from __future__ import annotations

import re
from typing import Final

from usage_analytics.importers.claude_code_otel.documents import is_protobuf, read_documents
from usage_analytics.importers.claude_code_otel.events import Events
from usage_analytics.importers.claude_code_otel.points import Points
from usage_analytics.importers.sink import Head, Opened, Sink

name: Final = "claude_code_otel"
label: Final = "Claude Code telemetry (OpenTelemetry)"

CALLS_AT_ONCE: Final = 10_000
_SIGNALS: Final = re.compile(rb'\\?"resource_?(?:Logs|Metrics|logs|metrics)\\?"\s*:\s*\[')
_BEFORE: Final = 4096  # what a receiver may write before the signal itself


def claims(head: Head) -> bool:
    """OTLP in JSON, alone or wrapped by what received it, or in protobuf."""
    start = head.start.lstrip(b"\0\r\n\t ")
    return is_protobuf(head.start) or (start[:1] in (b"{", b"[") and bool(_SIGNALS.search(start[:_BEFORE])))


def read(opened: Opened, sink: Sink) -> None:
    """Give the sink the calls, prompts, limits and sums of every document. Raise UnreadableFile."""
    events, points = Events(), Points()
    for document in read_documents(opened, sink):
        used, problems = events.take(document.content)
        summed, more = points.take(document.content)
        events.hand_over(sink, unless_fewer=CALLS_AT_ONCE)
        if document.salvaged:
            continue
        if not (used or summed):
            if problems or more:
                sink.reject(document.line, (problems or more)[0])
                sink.lines(0, other=document.lines - 1)
            else:
                sink.lines(0, other=document.lines)
        elif problems or more:
            sink.lines(0, salvaged=document.lines)
    events.hand_over(sink)
    points.hand_over(sink)
