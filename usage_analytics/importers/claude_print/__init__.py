"""What `claude -p` prints: `--output-format json` (one result) and `stream-json` (a line for each message), also from the Agent SDK.

The calls of a stream have the message ids of the transcript, so both observe the same calls. A result says what its whole process has used
so far, by model: where the stream shows the calls it is compared with them, and where it stands alone it counts.

Lines rarely say when they were written. The file's own time stands in, and gives way to a transcript's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.claude_print.session import Sessions
from usage_analytics.importers.json_lines import BROKEN, Document, Line, first_objects, goes_on, lines
from usage_analytics.importers.json_values import objects, word
from usage_analytics.importers.sink import Head, Opened, Sink

name: Final = "claude_print"
label: Final = "claude -p output (JSON)"

KINDS: Final = frozenset({"system", "assistant", "user", "result", "rate_limit_event", "stream_event"})
LARGEST_BYTES: Final = 512 << 20
_RESULT: Final = re.compile(rb'"type"\s*:\s*"result"')
_LIST: Final = re.compile(rb'\[\s*\{\s*"type"\s*:\s*"system"')


def claims(head: Head) -> bool:
    """Messages that name their session as the program prints it, which is not how a transcript writes it; or a result."""
    start = head.start.lstrip(b"\0\r\n\t ")
    if start.startswith(b"["):
        return bool(_LIST.match(start)) and b'"session_id"' in start
    if any(map(_is_message, first_objects(start))):
        return True
    return goes_on(start) and bool(_RESULT.search(start)) and b'"session_id"' in start


def read(opened: Opened, sink: Sink) -> None:
    """Give the sink the calls, limits and totals. Raise UnreadableFile."""
    sessions = Sessions(opened)
    for line in _messages(opened, sink):
        is_call, problem = sessions.take(line.document)
        if line.salvaged:
            continue
        if problem:
            sink.reject(line.number, problem)
        elif not is_call:
            sink.lines(0, other=1)
    sessions.hand_over(sink)


def _is_message(document: Document) -> bool:
    return str(document.get("type")) in KINDS and word(document.get("session_id")) is not None and "sessionId" not in document


def _messages(opened: Opened, sink: Sink) -> Iterator[Line]:
    """Every message: one a line, or those of a list, or the one object that the file is."""
    with opened.path.open("rb") as file:
        start = file.read(64 << 10).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not (start.startswith(b"[") or goes_on(start)):
        yield from lines(opened, sink, _is_message)
        return
    if opened.path.stat().st_size > LARGEST_BYTES:
        raise UnreadableFile(f"{opened.name} is too large for one document. Print it with --output-format stream-json.")
    content = opened.path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        value = msgspec.json.decode(content)
    except BROKEN as error:
        raise UnreadableFile(f"{opened.name} is cut off or damaged. Save the whole output again.") from error
    found = objects(value) if isinstance(value, list) else [value]
    height = max(len(content.splitlines()), len(found))
    sink.lines(height, other=height - len(found))  # a message may take many lines, or share one
    for message in found:
        yield Line(1, message)
