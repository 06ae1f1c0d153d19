"""Calls refused for lack of allowance or credits, and moves from the plan to credits. The notice is matched, never kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

import msgspec

from usage_analytics.importers.claude_code.origin import app_of
from usage_analytics.importers.claude_code.records import Record, decode_blocks, decode_text
from usage_analytics.importers.json_values import FIRST_YEAR, LAST_YEAR
from usage_analytics.importers.refusals import CODES, WINDOWS, gauge_in, is_transient
from usage_analytics.importers.sink import Sink

SYNTHETIC: Final = "<synthetic>"  # the model of the client's own notices
_EPOCH: Final = re.compile(r"\|(\d{10})\b")
_CODE: Final = re.compile(r"[a-z0-9_-]{1,60}")


def is_notice(record: Record) -> bool:
    """Whether the client itself speaks: a model that mentions a limit has not hit one."""
    if record.type == "system":
        return record.subtype == "informational"
    return record.isApiErrorMessage is True or (record.message is not None and record.message.model == SYNTHETIC)


def hand_over(records: Iterable[Record], sink: Sink) -> None:
    """Give the refusals among the records to the sink."""
    rows = []
    for record in records:
        # The text is in memory for as long as it takes to match it.
        content = bytes(record.message.content if record.message else record.content)
        try:
            if content.startswith(b'"'):
                text = decode_text(content).replace("’", "'")
            else:
                text = " ".join(block.text or "" for block in decode_blocks(content)).replace("’", "'")
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            text = ""
        quota = record.quotaLimits
        if record.timestamp is None or not FIRST_YEAR <= record.timestamp.year < LAST_YEAR:
            continue
        if record.apiErrorIsTransient or record.error == "overloaded" or is_transient(text):
            continue
        gauge = gauge_in(text)  # what a notice says goes before what its status says
        if gauge in (None, "unknown") and quota is not None:
            gauge = WINDOWS.get(quota.rateLimitType or "", "unknown")
        if gauge is None and record.isApiErrorMessage and CODES.get(record.error or "", "unknown") != "unknown":
            gauge = CODES[record.error or ""]
        if gauge is None:
            continue
        epoch = _EPOCH.search(text)
        resets = at(quota.resetsAt if quota else float(epoch.group(1)) if epoch else None)
        said = (quota.overageDisabledReason if quota else None) or record.error or ""
        reason = said if _CODE.fullmatch(said) else None
        app = app_of(record.entrypoint)
        rows.append(("claude_code", record.timestamp, app, record.sessionId, gauge, resets, reason))
    if rows:
        names = ("source", "occurred_at", "app", "conversation_id", "gauge", "resets_at", "reason")
        sink.add("limit_seen", dict(zip(names, zip(*rows, strict=True), strict=True)))


def at(epoch: float | None) -> datetime | None:
    """The moment that so many seconds after 1970 are; None for what cannot be one."""
    try:
        return datetime.fromtimestamp(epoch, UTC) if epoch else None
    except (ValueError, OverflowError, OSError):
        return None
