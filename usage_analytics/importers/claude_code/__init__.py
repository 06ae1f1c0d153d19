"""Claude Code transcripts: one JSON record a line, several lines a call. See `calls` for what a call is made of.

Each piece of a file is read without memory of the piece before it: a call whose lines fall into two pieces becomes two observations that
the store merges. That is what lets a sync read only what is new, and files be split and joined without changing a figure.
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
_OTHERS = re.compile(rb'"occurred_at"\s*:|"session_meta"|"resource(?:Logs|Metrics)"|"chat_messages"')
_AGENT_FILE = re.compile(r"^agent-([0-9A-Za-z_-]+)\.jsonl")


def claims(head: Head) -> bool:
    """A file of JSON lines that name a session."""
    start = head.start.lstrip(b"\0\r\n\t ")
    return (
        b"{" in start[:65536] and not start.startswith(b"[") and bool(_RECORD.search(start)) and not _OTHERS.search(start[:400])
    )


def read(opened: Opened, sink: Sink) -> None:
    """Read a file, or what was added to it, and hand over its calls, prompts, limits and session totals.

    The account's `end_offset` is where the next sync begins: after the last line that is whole.
    """
    agent = _AGENT_FILE.match(opened.name)
    reader = Reader(sink)
    offset = opened.offset
    for chunk in _chunks(opened):
        Piece(agent.group(1) if agent else None, reader).read(chunk, sink)
        offset += len(chunk)
    sink.account.end_offset = offset


def _chunks(opened: Opened) -> Iterator[bytes]:
    """Pieces of whole lines; a last line without a newline belongs to them if it is final or whole."""
    with opened.path.open("rb", buffering=0) as file:
        left = os.fstat(file.fileno()).st_size - file.seek(opened.offset)
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
