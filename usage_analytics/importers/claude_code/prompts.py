"""Who sent a prompt: a person, a program, a timer or the client itself. The text is checked for known marks and not kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec

from usage_analytics.events import PromptKind
from usage_analytics.importers.claude_code.records import Record, decode_blocks, decode_text
from usage_analytics.importers.json_values import FIRST_YEAR, LAST_YEAR
from usage_analytics.importers.sink import Sink

TYPED: Final = frozenset({"typed", "queued", "suggestion_accepted"})
ENDING_BYTES: Final = 512
RESULT: Final = (b'[{"tool_use_id"', b'[{"type":"tool_result"')
NOT_A_PROMPT: Final = ("<command-", "<local-command", "<system-reminder", "Caveat:", "[Request interrupted")
ORIGINS: Final[dict[str, PromptKind]] = {
    "human": "human",
    "sdk": "sdk",
    "scheduled": "scheduled",
    "peer": "auto",
    "task_notification": "auto",
    "task-notification": "auto",
    "system": "auto",
}
_CONTINUED: Final = ("isMeta", "isCompactSummary", "isVisibleInTranscriptOnly")


class Prompts:
    """Gathers the moments at which a main thread was asked something."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, datetime, PromptKind]] = []

    def take(self, record: Record) -> None:
        """Note the record if it is a prompt."""
        if record.isSidechain or record.timestamp is None or not record.sessionId:
            return
        kind = _kind(record)
        if kind is not None and FIRST_YEAR <= record.timestamp.year < LAST_YEAR:
            moment = record.timestamp
            self._rows.append((record.sessionId, moment.replace(tzinfo=None) if moment.tzinfo is UTC else moment, kind))

    def hand_over(self, sink: Sink) -> None:
        """Give the prompts to the sink."""
        if self._rows:
            conversations, moments, kinds = zip(*self._rows, strict=True)
            sink.add("prompt", {"conversation_id": conversations, "occurred_at": moments, "kind": kinds})


def _kind(record: Record) -> PromptKind | None:
    if record.type == "system":
        return "scheduled" if record.subtype == "scheduled_task_fire" else None
    if record.message is None:
        return None
    # Content that begins with the result of a tool and doesn't end with text is no prompt: that is quicker told than decoded.
    content = bytes(record.message.content)
    if content.startswith(RESULT) and content.find(b',{"type":"text"', -ENDING_BYTES) < 0:
        return None
    origin = record.turnOrigin or (record.origin.kind if record.origin else None)
    if origin is not None:
        stated = ORIGINS.get(origin, "auto")
    elif record.promptSource is None:
        stated = None
    else:
        stated = "human" if record.promptSource in TYPED else ORIGINS.get(record.promptSource, "auto")
    if any(getattr(record, name) for name in _CONTINUED):
        return stated if stated in ("scheduled", "auto") else None
    try:
        if content.startswith(b'"'):
            text = decode_text(content).lstrip()
        else:
            asked = [block for block in decode_blocks(content) if block.type != "tool_result"]
            if not asked:
                return None
            text = (asked[0].text or "").lstrip()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if text.startswith(NOT_A_PROMPT):
        return None
    if text.startswith("<task-notification>"):
        return "auto"
    return stated or ("sdk" if (record.entrypoint or "").startswith("sdk-") else "human")
