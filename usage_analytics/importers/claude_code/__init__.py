"""Claude Code transcripts: one JSON record per line, several lines per call. See `calls` for how lines become a call.

Each piece of a file is read independently: a call whose lines fall into two pieces becomes two observations that the store merges. So a
sync can read only what's new, and files can be split or joined without changing a figure.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from usage_analytics.importers.claude_code.lines import Reader, is_whole
from usage_analytics.importers.claude_code.transcript import Piece
from usage_analytics.importers.sink import Head, Opened, Sink

name: Final = "claude_code"
label: Final = "Claude Code transcript"

CHUNK_BYTES: Final = 16 << 20
_RECORD = re.compile(rb'"sessionId"\s*:\s*"|"type"\s*:\s*"(?:summary|file-history-snapshot|progress|queue-operation|started)"')
_OTHERS = re.compile(
    rb'"occurred_at"\s*:|"session_meta"|"resource(?:Logs|Metrics)"|"chat_messages"|"ModelInvocationLog"|^\{\s*"sessions?"\s*:\s*\['
    rb'|^\{"display"|"pastedContents"\s*:'
)
_AGENT_FILE = re.compile(r"^agent-([0-9A-Za-z_-]+)\.jsonl")


def claims(head: Head) -> bool:
    """A file of JSON lines that name a session."""
    start = head.start.lstrip(b"\0\r\n\t ")
    names_session = b'"sessionId":"' in start or bool(_RECORD.search(start))  # the one is found far sooner than the other
    return b"{" in start[:65536] and not start.startswith(b"[") and names_session and not _OTHERS.search(start[:400])


def read(opened: Opened, sink: Sink) -> None:
    """Read a file, or what was added to it, and hand over its calls, prompts, limits and session totals.

    The account's `end_offset` is where the next sync begins: after the last line that is whole.
    """
    agent = _AGENT_FILE.match(opened.name)
    reader = Reader(sink)
    start = opened.offset
    if start:  # reading begins behind the newline that the last line lacked when it was read
        with opened.path.open("rb") as file:
            file.seek(start - 1)
            around = file.read(2)
        start += not around.startswith(b"\n") and around.endswith(b"\n")
    end = start
    for chunk in _chunks(opened, start):
        Piece(agent.group(1) if agent else None, reader).read(chunk, sink)
        end += len(chunk) if chunk.endswith(b"\n") or is_whole(chunk) else 0
    sink.account.end_offset = end
    if start and sink.account.rejects:
        with opened.path.open("rb") as file:
            before = sum(file.read(min(CHUNK_BYTES, start - at)).count(b"\n") for at in range(0, start, CHUNK_BYTES))
        sink.account.rejects = [(line and line + before, reason) for line, reason in sink.account.rejects]


def _chunks(opened: Opened, start: int) -> Iterator[bytes]:
    """Pieces of whole lines; a last line without a newline belongs to them if it is final or whole."""
    with opened.path.open("rb", buffering=0) as file:
        left = os.fstat(file.fileno()).st_size - file.seek(start)
        rest = b""
        while left > 0 and (block := file.read(min(CHUNK_BYTES, left))):
            left -= len(block)
            data = rest + block if rest else block
            end = data.rfind(b"\n") + 1
            chunk, rest = (data, b"") if end == len(data) else (data[:end], data[end:])
            if chunk:
                yield chunk
        if rest and (opened.whole or is_whole(rest)):
            yield rest
