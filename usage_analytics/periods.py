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

Preset = Literal["5 hours", "Week", "7 days", "30 days", "90 days", "This month", "Last month", "Cycle", "All", "Custom"]
PRESETS: Final[tuple[Preset, ...]] = (
    "5 hours", "Week", "7 days", "30 days", "90 days", "This month", "Last month", "Cycle", "All", "Custom",
)  # fmt: skip
_ROLLING: Final = {"7 days": 7, "30 days": 30, "90 days": 90}

Compare = Literal["Same weekdays", "Previous period", "Previous year", "Custom dates", "Nothing"]
HALF_HOUR: Final = timedelta(minutes=30)
COMPARISONS: Final[tuple[Compare, ...]] = ("Same weekdays", "Previous period", "Previous year", "Custom dates", "Nothing")
Dates = tuple[date, date]  # the first and the last day, both included


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the account's own presets go by: the day on which its billing cycle begins, and when the plan's windows reset (naive UTC).

    A reset that is not known, or has passed, is None: "5 hours" and "Week" then end with this hour.
    """

    cycle_day: int = 1
    session_resets_at: datetime | None = None
    weekly_resets_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open span in naive UTC (None is open) in words that may follow "in", and the span before it of the same weekdays and length.

    `running` says that the span reaches into the present, so that its last day is not over. `matched` names the span before
    inside a sentence ("the same period 5 weeks earlier") and `since` beside a figure ("vs. 5 weeks earlier"); both are "" where there is
    nothing to compare with.
    """

    name: str
    start: datetime | None
    end: datetime | None
    before: tuple[datetime, datetime] | None = None
    matched: str = ""
    since: str = ""
    running: bool = False


def period(
    preset: Preset,
    now: datetime,
    zone: str,
    custom: Dates | None = None,
    *,
    clocks: Clocks = Clocks(),
    compare: Compare = "Same weekdays",
    against: Dates | None = None,
) -> Period:
    """What a preset means at `now` (naive UTC) on the clock of `zone`. A custom span includes both its days.

    `compare` says which span it is compared with; for "Custom dates" these are `against`.
    """
    today = format.local(now, zone).date()
    if preset == "All" or (preset == "Custom" and custom is None):
        return Period("all your data", None, None, running=True)
    if preset in ("5 hours", "Week"):
        chosen = window(preset, now, clocks)
        return _compared(chosen, zone, compare, against)
    this_month = today.replace(day=1)
    if preset == "Custom" and custom is not None:
        first, last = min(custom), max(custom)
        name = _named(first, last)
    elif preset == "This month":
        first, last, name = this_month, today, "this month so far"
    elif preset == "Cycle":
        first, last, name = cycle_start(today, clocks.cycle_day), today, "this billing cycle so far"
    elif preset == "Last month":
        last = this_month - timedelta(days=1)
        first, name = last.replace(day=1), f"{last:%B %Y}"
    else:
        length = _ROLLING[preset]
        first, last, name = today - timedelta(days=length - 1), today, f"the last {length} days"
    start, over = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    end = max(min(over, next_hour(now)), start + timedelta(hours=1))
    return _compared(Period(name, start, end, running=over > now), zone, compare, against)


def cycle_start(today: date, day: int) -> date:
    """The last day up to `today` on which a billing cycle began; in a month that is too short it begins on its last day."""
    this = _clamped(today, day)
    return this if this <= today else _clamped(today.replace(day=1) - timedelta(days=1), day)


def cycle_end(today: date, day: int) -> date:
    """The day on which the next billing cycle begins."""
    start = cycle_start(today, day)
    return _clamped(start.replace(day=1) + timedelta(days=32), day)


def default(moment: datetime, zone: str) -> Period:
    """What is looked at where nobody chose: the last 30 days."""
    return period("30 days", moment, zone)


def everything(moment: datetime, zone: str) -> Period:
    """All that there is."""
    return period("All", moment, zone)


def between(start: datetime | None, end: datetime | None) -> Callable[[datetime, str], Period]:
    """The range from `start` to before `end` (naive UTC), in whole half hours that lie inside it; the default where neither is
    given.

    Raises BadRequest, when it is put to use, for less than half an hour.
    """

    def named(moment: datetime, zone: str) -> Period:
        if start is None and end is None:
            return default(moment, zone)
        first = None if start is None else half_hour(start + HALF_HOUR - timedelta(microseconds=1))
        last = next_hour(moment) if end is None else half_hour(end)
        if first is None:
            return Period(f"the time to {format.day(format.local(last, zone).date())}", None, last)
        if first >= last:
            raise BadRequest("The date range is shorter than half an hour. Choose --from and --to at least half an hour apart.")
        weeks = -(-(last - first) // timedelta(weeks=1))
        days = (format.local(first, zone).date(), format.local(last - timedelta(microseconds=1), zone).date())
        before = (_shifted(first, timedelta(weeks=weeks), zone), _shifted(last, timedelta(weeks=weeks), zone))
        earlier = f"{format.plural(weeks, 'week')} earlier"
        matched, since = f"the same period {earlier}", f"vs. {earlier}"
        return Period(_named(*days), first, last, before, matched, since, running=last > moment)

    return named


def clipped(chosen: Period, until: datetime | None) -> Period:
    """The period without what comes at or after `until`, in whole half hours; the one it is compared with loses as much."""
    if until is None or (chosen.end is not None and chosen.end <= until):
        return chosen
    end = half_hour(until)
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


def window(preset: Preset, now: datetime, clocks: Clocks) -> Period:
    """The plan's window that is open now, in whole half hours; where its reset is unknown, as long a time up to this hour."""
    length, resets_at, name = {
        "5 hours": (timedelta(hours=5), clocks.session_resets_at, "5-hour window"),
        "Week": (timedelta(weeks=1), clocks.weekly_resets_at, "week"),
    }[preset]
    if resets_at is None or not now < resets_at <= now + length:
        rolling = "the last 5 hours" if preset == "5 hours" else "the last 7 days"
        return Period(rolling, next_hour(now) - length, next_hour(now), running=True)
    start = half_hour(resets_at - length)
    return Period(f"the plan's {name} so far", start, max(next_hour(now), start + timedelta(hours=1)), running=True)


def _compared(chosen: Period, zone: str, compare: Compare, against: Dates | None) -> Period:
    """The period with the span that it is compared with, as long as it."""
    start, end = chosen.start, chosen.end
    if start is None or end is None or compare == "Nothing" or (compare == "Custom dates" and against is None):
        return chosen
    if compare == "Custom dates" and against is not None:
        first, last = min(against), max(against)
        before = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
        said = format.days(first, last)
        return replace(chosen, before=before, matched=said, since=f"vs. {said}")
    first, over = (format.local(moment, zone) for moment in (start, end))
    same = "hours" if over - first <= timedelta(days=1) else "period"
    days, weeks = (-(-(over - first) // timedelta(days=length)) for length in (1, 7))
    if compare == "Previous year":
        back, matched, since = (
            first.date()
            - first.date().replace(year=first.year - 1, day=28 if (first.month, first.day) == (2, 29) else first.day),
            f"the same {same} a year earlier",
            "vs. a year earlier",
        )
    elif compare == "Previous period":
        short = end - start < timedelta(days=1)
        length = format.plural((end - start) / timedelta(hours=1), "hour") if short else format.plural(days, "day")
        back = end - start if short else timedelta(days=days)
        matched, since = f"the {length} before", f"vs. {length} before"
    else:
        back, earlier = timedelta(weeks=weeks), f"{format.plural(weeks, 'week')} earlier"
        matched, since = f"the same {same} {earlier}", f"vs. {earlier}"
    return replace(chosen, before=(_shifted(start, back, zone), _shifted(end, back, zone)), matched=matched, since=since)


def months(first: datetime, last: datetime, zone: str) -> tuple[Period, ...]:
    """The whole calendar months of a zone between two moments, oldest first."""
    month, found = format.local(first, zone).date().replace(day=1), list[Period]()
    while (end := _midnight(following := cycle_end(month, 1), zone)) <= last:
        if (start := _midnight(month, zone)) >= first:
            found.append(Period(month.strftime("%b %Y"), start, end))
        month = following
    return tuple(found)


def _clamped(month: date, day: int) -> date:
    """The day of that month, or its last one."""
    following = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    return min(month.replace(day=1) + timedelta(days=day - 1), following - timedelta(days=1))


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


def half_hour(moment: datetime) -> datetime:
    """The beginning of the half hour that a moment lies in, as the roll-ups have it: days begin at these, nearly everywhere."""
    return moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)


def next_hour(now: datetime) -> datetime:
    """Answers are kept for an hour at most, so the end moves by hours."""
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
