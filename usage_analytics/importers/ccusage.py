"""What `ccusage --json` reports: totals by day, week, month, session, block or project, at list prices of its own.

It counts the same transcripts as we do, so its totals are only for comparison and never added to anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.json_lines import BROKEN, Document
from usage_analytics.importers.json_values import add_rows, count, inner, moment, nanos, objects, word
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "ccusage"
label: Final = "ccusage report (JSON)"

LARGEST_BYTES: Final = 64 << 20
REPORTS: Final = ("daily", "weekly", "monthly", "session", "sessions", "blocks")
STARTS: Final = ("date", "period", "week", "month", "startTime", "firstActivity", "lastActivity")
COUNTS: Final = {
    "input_tokens": ("inputTokens",),
    "cache_read_tokens": ("cacheReadTokens", "cacheReadInputTokens"),
    "cache_write_5m_tokens": ("cacheCreationTokens", "cacheCreationInputTokens"),
    "output_tokens": ("outputTokens",),
}
_SIGNS: Final = re.compile(rb'^\{\s*"(?:daily|weekly|monthly|sessions?|blocks|projects)"\s*:\s*[\[{]')
_MONTH: Final = re.compile(r"(\d{4})-(\d\d)")
_PLAIN_DAY: Final = re.compile(r"\d{8}")
_UNCLEAR: Final = "A row of the report has no date, or a count that is not a whole number."

Row = dict[str, Any]


def claims(head: Head) -> bool:
    """A JSON object that begins with a report and has ccusage's own names for tokens."""
    start = head.start.lstrip()
    return bool(_SIGNS.match(start)) and b'"totalTokens"' in start and (b'"totalCost"' in start or b'"costUSD"' in start)


def read(opened: Opened, sink: Sink) -> None:
    """One total for each row of the report, or for each model of it. Raises UnreadableFile."""
    if opened.path.stat().st_size > LARGEST_BYTES:
        raise UnreadableFile(f"{opened.name} is too large for a ccusage report. Run it again for a shorter period.")
    content = opened.path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        document = msgspec.json.decode(content)
    except BROKEN as error:
        raise UnreadableFile(f"{opened.name} is cut off or damaged. Save the output of ccusage again.") from error
    rows: list[Row] = []
    stated = unclear = 0
    for project, report, told in _rows(document if isinstance(document, dict) else {}):
        totals = list(_totals(project, report, told))
        stated += 1
        unclear += not totals
        rows += totals
    lines = max(len(content.splitlines()), stated)
    sink.lines(lines, other=lines - stated)
    for _ in range(unclear):
        sink.reject(None, _UNCLEAR)
    add_rows(sink, "range_total", rows)


def _rows(document: Document) -> Iterator[tuple[str | None, str, Document]]:
    """Every row of every report, with its project and the kind of report."""
    for report in REPORTS:
        yield from ((None, report, one) for one in objects(document.get(report)) if not one.get("isGap"))
    for project, days in inner(document, "projects").items():
        yield from ((project, "daily", one) for one in objects(days))


def _totals(project: str | None, report: str, told: Document) -> Iterator[Row]:
    span = span_of(report, told)
    session = word(told.get("sessionId")) or word(told.get("session"))
    parts = objects(told.get("modelBreakdowns"))
    whole = inner(told, "tokenCounts") or told
    for part in parts or [whole | {"cost": told.get("totalCost", told.get("costUSD"))}]:
        raw = word(part.get("modelName"))
        stated = {column: next((part[key] for key in keys if key in part), None) for column, keys in COUNTS.items()}
        counts = {column: count(value) for column, value in stated.items()}
        if span is None or any(stated[column] is not None and counts[column] is None for column in stated):
            return
        cost = nanos(part.get("cost"))
        yield counts | {
            "source": name,
            "total_id": " ".join(filter(None, (report, span[0].isoformat(), project, session, raw))),
            "starts_at": span[0],
            "ends_at": span[1],
            "app": "Claude Code",
            "project": project.replace("\\", "/").rstrip("/").rpartition("/")[2] if project else None,
            "model": models.canonical(raw),
            "model_raw": raw,
            "reported_cost_nanos": cost,
            "reported_cost_kind": None if cost is None else "estimate",
            "conversation_id": session,
        }


def span_of(report: str, told: Document) -> tuple[datetime, datetime] | None:
    """The range that a row is about; days are taken as UTC's, since the report doesn't say its zone."""
    text = next((str(told[key]) for key in STARTS if told.get(key)), "")
    if found := _MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2])
        later = year + month // 12, month % 12 + 1
        return (datetime(year, month, 1), datetime(*later, 1)) if 1 <= month <= 12 else None
    starts = moment(f"{text[:4]}-{text[4:6]}-{text[6:]}" if _PLAIN_DAY.fullmatch(text) else text)
    if starts is None:
        return None
    if report == "blocks":
        return starts, moment(told.get("endTime")) or starts + timedelta(hours=5)
    starts = starts.replace(hour=0, minute=0, second=0, microsecond=0)
    last = moment(told.get("lastActivity")) or starts
    return starts, max(starts, last.replace(hour=0, minute=0, second=0, microsecond=0)) + timedelta(
        days=7 if report == "weekly" else 1
    )
