"""Claude Code's list of prompts (`~/.claude/history.jsonl`): when a person was there, even after the transcripts are gone.

A line has what was typed (`display`), what was pasted, a time in milliseconds, the project's folder and, since late 2025, the session. Only
times and sessions are read: the text is passed over by the decoder. A line shows that a person was there, but not that a call followed
(a `/command` is a line too) or what it cost. So it adds no call and no conversation.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from usage_analytics.importers.json_values import moment
from usage_analytics.importers.sink import Head, Opened, Sink

name: Final = "claude_code_history"
label: Final = "Claude Code prompt history"

_LINE: Final = re.compile(
    rb'\A\s*\{(?=[^\n]*"display"\s*:)(?=[^\n]*"timestamp"\s*:\s*\d)(?=[^\n]*"(?:pastedContents|project)"\s*:)'
)
_SESSION: Final = re.compile(r"[0-9A-Za-z-]{8,64}")


class Line(msgspec.Struct):
    """The fields of a line that we read."""

    timestamp: int | float | None = None
    sessionId: str | None = None


def claims(head: Head) -> bool:
    """A file of JSON lines, each with a `display`, a time and a project or what was pasted."""
    return bool(_LINE.match(head.start.lstrip(b"\0\r\n\t ")))


def read(opened: Opened, sink: Sink) -> None:
    """One prompt of kind `present` for each line; the account's `end_offset` is where the next sync begins."""
    decoder = msgspec.json.Decoder(Line)
    rows: list[tuple[str | None, object]] = []
    end = opened.offset
    with opened.path.open("rb") as file:
        file.seek(end)
        for number, line in enumerate(file, 1):
            if not (opened.whole or line.endswith(b"\n")):
                break  # it may still be being written
            end += len(line)
            try:
                found = decoder.decode(line) if line.strip() else Line()
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                sink.lines(1)
                sink.reject(number, "The line is not a JSON object.")
                continue
            sink.lines(1, other=1)  # none of them is a call
            at = moment(found.timestamp)
            if at is not None:
                session = found.sessionId if found.sessionId and _SESSION.fullmatch(found.sessionId) else None
                rows.append((session, at))
    sink.account.end_offset = end
    if rows:
        sessions, moments = zip(*rows, strict=True)
        sink.add("prompt", {"conversation_id": sessions, "occurred_at": moments, "kind": ["present"] * len(rows)})
