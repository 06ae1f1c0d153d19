"""The reports that a sync reads, and which windows of each: whole months that are over, then from a few days back until tomorrow.

Days are days of UTC, as in the reports. What a window states replaces what earlier ones stated of its days, so a window may be read again
whenever it pays: the last days, because they were not over or may be corrected; and each month once more when it is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

OVERLAP: Final = timedelta(days=3)
BACK: Final = timedelta(days=364)  # the APIs answer for the last 365 days …
EARLIEST: Final = date(2026, 1, 1)  # … the newest of them not before this day
LONGEST_DAYS: Final = 31

Parameters = tuple[tuple[str, str], ...]


class Window(NamedTuple):
    """The days from `start` to before `end`."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Report:
    """One endpoint: its name in paths and messages, how it is asked, and how a row tells keys, models and so on apart."""

    name: str
    label: str
    path: str
    group_by: tuple[str, ...] = ()
    daily: bool = False  # one request is one day
    beta: str | None = None
    earliest: date | None = None

    def requests(self, window: Window) -> tuple[Parameters, ...]:
        """The parameters of each request that a window needs, without a page."""
        if self.daily:
            days = (window.start + timedelta(days=number) for number in range((window.end - window.start).days))
            return tuple((("starting_at", day.isoformat()), ("limit", "1000")) for day in days)
        width = "time_bucket_width" if self.beta else "bucket_width"
        asked = [("starting_at", _midnight(window.start)), ("ending_at", _midnight(window.end)), (width, "1d")]
        asked += [("limit", "1000"), ("order_by", "time"), ("order", "asc")] if self.beta else [("limit", str(LONGEST_DAYS))]
        return ((*asked, *(("group_by[]", one) for one in self.group_by)),)


_BETA: Final = "analytics-usage-cost-2026-08-24"
_ANALYTICS_GROUPS: Final = ("actor", "api_key_id", "model", "product", "workspace_id")  # five at most

USAGE: Final = Report(
    "usage",
    "Usage report",
    "/v1/organizations/usage_report/messages",
    ("api_key_id", "workspace_id", "model", "service_tier", "context_window", "inference_geo"),
)
COST: Final = Report("cost", "Cost report", "/v1/organizations/cost_report", ("workspace_id", "description"))
CLAUDE_CODE: Final = Report("claude_code", "Claude Code Analytics", "/v1/organizations/usage_report/claude_code", daily=True)
ANALYTICS_USAGE: Final = Report(
    "analytics_usage",
    "Analytics API usage",
    "/v1/organizations/analytics/usage",
    _ANALYTICS_GROUPS,
    beta=_BETA,
    earliest=EARLIEST,
)
ANALYTICS_COST: Final = Report(
    "analytics_cost", "Analytics API cost", "/v1/organizations/analytics/cost", _ANALYTICS_GROUPS, beta=_BETA, earliest=EARLIEST
)
# The Admin API's reports, and what an organization without them is asked for instead: both say the same of the same dollars.
ADMIN: Final = (USAGE, COST, CLAUDE_CODE)
ANALYTICS: Final = (ANALYTICS_USAGE, ANALYTICS_COST)


def windows(report: Report, read: Sequence[Window], now: datetime) -> tuple[Window, ...]:
    """The windows to ask for, oldest first, when those of `read` are in the database; `now` is the server's, in naive UTC."""
    tomorrow = now.date() + timedelta(days=1)
    start = max(tomorrow - BACK, report.earliest or date.min)
    first = start
    if (until := _without_gap(read, start)) is not None:
        this_month = now.date().replace(day=1)
        before = (this_month - timedelta(days=1)).replace(day=1)
        start = min(until, now.date()) - OVERLAP
        if not any(one.start <= before and one.end >= this_month for one in read):
            start = min(start, before)
        start = max(start, first)
    found = []
    while start < tomorrow:
        end = min((start.replace(day=1) + timedelta(days=32)).replace(day=1), tomorrow)
        found.append(Window(start, end))
        start = end
    return tuple(found)


def _without_gap(read: Sequence[Window], start: date) -> date | None:
    """Until when the days from `start` on have been read without a gap; None when the first of them have not."""
    until = None
    for one in sorted(read):
        if one.start <= (until or start):
            until = max(until or one.end, one.end)
    return until


def _midnight(day: date) -> str:
    return datetime.combine(day, time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
