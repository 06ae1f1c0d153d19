"""The span that a page is about, and the one it is compared with: the same weekdays, whole weeks earlier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from usage_analytics import format
from usage_analytics.errors import BadRequest
from usage_analytics.filters import TimeGrain

Preset = Literal["7 days", "30 days", "90 days", "This month", "Last month", "All", "Custom"]
PRESETS: Final[tuple[Preset, ...]] = ("7 days", "30 days", "90 days", "This month", "Last month", "All", "Custom")
_ROLLING: Final = {"7 days": 7, "30 days": 30, "90 days": 90}


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open span in naive UTC (None is open) in words that may follow "in", and the span before it of the same weekdays and length.

    `running` says that the span reaches into the present, so that its last day is not over. `matched` names the span before
    inside a sentence ("the same days 5 weeks earlier") and `since` beside a figure ("vs. 5 weeks earlier"); both are "" where there is
    nothing to compare with.
    """

    name: str
    start: datetime | None
    end: datetime | None
    before: tuple[datetime, datetime] | None = None
    matched: str = ""
    since: str = ""
    running: bool = False


def period(preset: Preset, now: datetime, zone: str, custom: tuple[date, date] | None = None) -> Period:
    """What a preset means at `now` (naive UTC) on the clock of `zone`. A custom span includes both its days."""
    today = format.local(now, zone).date()
    if preset == "All" or (preset == "Custom" and custom is None):
        return Period("all your data", None, None, running=True)
    this_month = today.replace(day=1)
    if preset == "Custom" and custom is not None:
        first, last = min(custom), max(custom)
        name = _named(first, last)
    elif preset == "This month":
        first, last, name = this_month, today, "this month so far"
    elif preset == "Last month":
        last = this_month - timedelta(days=1)
        first, name = last.replace(day=1), f"{last:%B %Y}"
    else:
        length = _ROLLING[preset]
        first, last, name = today - timedelta(days=length - 1), today, f"the last {length} days"
    start, over = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    end = max(min(over, next_hour(now)), start + timedelta(hours=1))
    weeks = -(-((last - first).days + 1) // 7)
    back = timedelta(weeks=weeks)
    before = (_shifted(start, back, zone), _shifted(end, back, zone))
    matched = f"the same {'days' if first != last else 'hours'} {format.plural(weeks, 'week')} earlier"
    since = f"vs. {format.plural(weeks, 'week')} earlier"
    return Period(name, start, end, before, matched, since, running=over > now)


def default(moment: datetime, zone: str) -> Period:
    """What is looked at where nobody chose: the last 30 days."""
    return period("30 days", moment, zone)


def everything(moment: datetime, zone: str) -> Period:
    """All that there is."""
    return period("All", moment, zone)


def between(start: datetime | None, end: datetime | None) -> Callable[[datetime, str], Period]:
    """The range from `start` to before `end` (naive UTC), in whole hours that lie inside it; the default where neither is given.

    Raises BadRequest, when it is put to use, for less than an hour.
    """

    def named(moment: datetime, zone: str) -> Period:
        if start is None and end is None:
            return default(moment, zone)
        first = None if start is None else hour(start + timedelta(hours=1) - timedelta(microseconds=1))
        last = next_hour(moment) if end is None else hour(end)
        if first is None:
            return Period(f"the time to {format.day(format.local(last, zone).date())}", None, last)
        if first >= last:
            raise BadRequest("The date range is shorter than an hour; choose --from and --to at least an hour apart.")
        weeks = -(-(last - first) // timedelta(weeks=1))
        days = (format.local(first, zone).date(), format.local(last - timedelta(microseconds=1), zone).date())
        before = (_shifted(first, timedelta(weeks=weeks), zone), _shifted(last, timedelta(weeks=weeks), zone))
        earlier = f"{format.plural(weeks, 'week')} earlier"
        matched, since = f"the same days {earlier}", f"vs. {earlier}"
        return Period(_named(*days), first, last, before, matched, since, running=last > moment)

    return named


def clipped(chosen: Period, until: datetime | None) -> Period:
    """The period without what comes at or after `until`, in whole hours; the one it is compared with loses as much."""
    if until is None or (chosen.end is not None and chosen.end <= until):
        return chosen
    end = hour(until)
    if chosen.start is not None and end <= chosen.start:
        end = chosen.start
    before = None
    if chosen.before and chosen.end:
        before = (chosen.before[0], max(chosen.before[0], chosen.before[1] - (chosen.end - end)))
    return replace(chosen, end=end, before=before or chosen.before)


def grain(start: datetime | None, end: datetime | None) -> TimeGrain:
    """The grain at which a span shows between about 24 and 100 bars."""
    if start is None or end is None:
        return "week"
    length = end - start
    if length <= timedelta(days=2):
        return "hour"
    return "day" if length <= timedelta(days=100) else "week" if length <= timedelta(days=700) else "month"


def _named(first: date, last: date) -> str:
    """A custom span, fit to follow "in"."""
    if first == last:
        return f"the 24 hours of {format.day(first)}"
    return f"the {(last - first).days + 1} days from {format.day(first)} to {format.day(last)}"


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def _shifted(moment: datetime, back: timedelta, zone: str) -> datetime:
    """The same time on the wall some days before, also across a change of the clocks."""
    wall = format.local(moment, zone) - back
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def hour(moment: datetime) -> datetime:
    """The beginning of the hour that a moment lies in."""
    return moment.replace(minute=0, second=0, microsecond=0)


def next_hour(now: datetime) -> datetime:
    """Answers are kept for an hour at most, so the end moves by hours."""
    return hour(now) + timedelta(hours=1)
