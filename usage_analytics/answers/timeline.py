"""Spend in bars: one bar per period, stacked by what it went to; the largest have a series each, the rest is "Other"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from usage_analytics import format, weeks
from usage_analytics.filters import Filters, TimeGrain
from usage_analytics.periods import Period

NAMED_SERIES = 5


@dataclass(frozen=True, slots=True)
class Series:
    """What one part spent in every bar, in nano-dollars. `value` is as in the store; None with `rest` is everything unnamed."""

    value: str | None
    nanos: tuple[int, ...]
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars without a gap, on the person's own clock. `running` says that the last one is not over."""

    grain: TimeGrain
    starts: tuple[datetime, ...]
    series: tuple[Series, ...]
    running: bool

    @property
    def totals(self) -> tuple[int, ...]:
        """What each bar comes to, in nano-dollars."""
        return tuple(sum(column) for column in zip(*(one.nanos for one in self.series), strict=True)) or (0,) * len(self.starts)

    @property
    def unfinished(self) -> bool:
        """Whether the last bar is not over, and something stands in it."""
        return self.running and bool(self.totals) and self.totals[-1] > 0

    def along(self, rows: pd.DataFrame, column: str) -> tuple[float, ...]:
        """The sum of a column in every bar, of rows that have a `period`."""
        sums = rows.groupby("period")[column].sum().to_dict()
        return tuple(float(sums.get(pd.Timestamp(start), 0)) for start in self.starts)

    def counted(self, moments: list[datetime]) -> tuple[float, ...]:
        """How many of the moments, on the person's own clock, lie in every bar."""
        ends = (*self.starts[1:], datetime(9000, 1, 1))
        return tuple(float(sum(start <= one < end for one in moments)) for start, end in zip(self.starts, ends, strict=True))

    def last_day(self, start: datetime) -> datetime:
        """The last day of the bar that starts there."""
        return max(start, following(start, self.grain) - timedelta(days=1))


def timeline(by_time: pd.DataFrame, period: Period, filters: Filters, now: datetime, *, by: str = "model") -> Timeline:
    """Bars from rows with `period`, `cost_nanos` and the column `by`, largest series first."""
    starts = _starts(by_time, period, filters, now)
    sums = (
        by_time.assign(part=by_time[by].astype(object).fillna(""))
        .groupby("part")["cost_nanos"]
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    named = [str(part) for part, nanos in sums.items() if nanos > 0][:NAMED_SERIES]
    part = by_time[by].astype(object).fillna("")
    series = [Series(value or None, _along(by_time[part == value], starts)) for value in named]
    rest = by_time[~part.isin(named)]
    if rest["cost_nanos"].sum() > 0:
        series.append(Series(None, _along(rest, starts), rest=True))
    last_over = following(starts[-1], filters.grain) if starts else now
    return Timeline(filters.grain, starts, tuple(series), running=period.running and last_over > format.local(now, filters.zone))


def following(start: datetime, grain: TimeGrain) -> datetime:
    """Where the next bar starts."""
    if grain == "month":
        return (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    return start + {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}[grain]


def _starts(by_time: pd.DataFrame, period: Period, filters: Filters, now: datetime) -> tuple[datetime, ...]:
    found = [moment.to_pydatetime() for moment in by_time["period"]]
    first = _floor(format.local(period.start, filters.zone), filters) if period.start else min(found, default=None)
    if first is None:
        return ()
    end = (
        format.local(period.end, filters.zone) if period.end else max([*found, _floor(format.local(now, filters.zone), filters)])
    )
    starts = [first]
    while (start := following(starts[-1], filters.grain)) < end or (period.end is None and start <= end):
        starts.append(start)
    return tuple(starts)


def _floor(moment: datetime, filters: Filters) -> datetime:
    if filters.grain == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if filters.grain == "week":
        return weeks.begin(day, filters.week_start)
    return day.replace(day=1) if filters.grain == "month" else day


def _along(rows: pd.DataFrame, starts: tuple[datetime, ...]) -> tuple[int, ...]:
    sums = rows.groupby("period")["cost_nanos"].sum().to_dict()
    return tuple(int(sums.get(pd.Timestamp(start), 0)) for start in starts)
