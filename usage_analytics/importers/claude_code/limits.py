"""Refusals for want of allowance or credits, and moves from the plan to credits. The notice is matched, never kept.

The prefixes are the client's own; see the product's error reference. An overloaded server is not a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from usage_analytics.events import Gauge
from usage_analytics.importers.claude_code.origin import app_of
from usage_analytics.importers.claude_code.records import Record, decode_blocks, decode_text
from usage_analytics.importers.sink import Sink

# The first that matches decides; what a notice says goes before what its status says.
_WORDS: Final[tuple[tuple[str, Gauge], ...]] = (
    (r"now using (?:usage credits|credits|extra usage|your usage allocation)", "credits_started"),
    (r"(?:Fable|Haiku|Mythos|Opus|Sonnet)( [^·\n]{1,40})? requires usage credits", "model"),
    (r"out of (?:usage credits|extra usage)|now draw from your extra usage", "balance"),
    (r"credit balance is too low", "balance"),
    (
        r"your org is out of usage|your org(?:anization)?'s monthly|team's shared budget|workspace API usage limits",
        "organisation",
    ),
    (r"seat type doesn't include|allocation has been disabled|group's usage limit is set to", "organisation"),
    (r"this service is disabled for your org", "organisation"),
    (r"individual spend limit|monthly spend limit|specified .{0,20}usage limits", "monthly_limit"),
    (r"(?:hit|reached) your (?:Opus|Sonnet|Haiku|Fable|Mythos)\b[^·\n]{0,20}limit", "model"),
    (r"(?:hit|reached) your weekly limit", "weekly"),
    (r"(?:hit|reached) your (?:session|5-hour|usage) limit|AI usage limit reached", "session"),
    (r"you've (?:hit|reached) your ", "unknown"),
)
NOTICES: Final = tuple((re.compile(pattern, re.IGNORECASE), gauge) for pattern, gauge in _WORDS)
WINDOWS: Final[dict[str, Gauge]] = {
    "five_hour": "session",
    "seven_day": "weekly",
    "seven_day_opus": "model",
    "seven_day_sonnet": "model",
    "seven_day_overage_included": "model",
    "overage": "balance",
}
TRANSIENT: Final = re.compile(r"temporarily limiting requests|overloaded|\b529\b", re.IGNORECASE)
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
    rows = [row for record in records if (row := _refusal(record)) is not None]
    if rows:
        names = ("source", "occurred_at", "app", "conversation_id", "gauge", "resets_at", "reason")
        sink.add("limit_seen", dict(zip(names, zip(*rows, strict=True), strict=True)))


def _refusal(record: Record) -> tuple[Any, ...] | None:
    text = _notice(record)
    quota = record.quotaLimits
    if record.timestamp is None or record.apiErrorIsTransient or record.error == "overloaded" or TRANSIENT.search(text):
        return None
    gauge = next((gauge for pattern, gauge in NOTICES if pattern.search(text)), None)
    if gauge in (None, "unknown") and quota is not None:
        gauge = WINDOWS.get(quota.rateLimitType or "", "unknown")
    if gauge is None:
        return None
    epoch = _EPOCH.search(text)
    resets = quota.resetsAt if quota else float(epoch.group(1)) if epoch else None
    reason = (quota.overageDisabledReason if quota else None) or record.error or ""
    return (
        "claude_code",
        record.timestamp,
        app_of(record.entrypoint),
        record.sessionId,
        gauge,
        at(resets),
        reason if _CODE.fullmatch(reason) else None,
    )


def at(epoch: float | None) -> datetime | None:
    """The moment that so many seconds after 1970 are; None for what cannot be one."""
    try:
        return datetime.fromtimestamp(epoch, UTC) if epoch else None
    except (ValueError, OverflowError, OSError):
        return None


def _notice(record: Record) -> str:
    """The text of a notice that the client wrote, for as long as it takes to match it."""
    content = bytes(record.message.content if record.message else record.content)
    try:
        if content.startswith(b'"'):
            return decode_text(content).replace("’", "'")
        return " ".join(block.text or "" for block in decode_blocks(content)).replace("’", "'")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
