"""Months that might come: past days put together anew, so that bursts, quiet days and weekends stay as they are.

* Days are drawn in runs (one day, and half of the time another) from days of the same kind, working day or weekend; a day four weeks
  back is drawn half as often.
* What a month comes to follows the distribution in `level`: the quietest month drawn is scaled to the quietest expected, and so on, so
  that little is left to scale.
* Days before a change of habits are hardly drawn any more.
* The draws are the same for everyone and every time, so two settings, or two weeks, are compared on the same luck.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from usage_analytics.answers.auto_reload.change import Change, change_of, sessions
from usage_analytics.answers.auto_reload.demand import MONTH_DAYS, MS_A_DAY, MS_A_MINUTE, SPAN, Demand, milliseconds

if TYPE_CHECKING:
    from usage_analytics.answers.auto_reload.level import Level

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_DAYS: Final = 84
HALF_LIFE_DAYS: Final = 28.0
GO_ON: Final = 0.5
BEFORE_CHANGE: Final = 0.05  # of its weight that a day keeps which is of other habits
SCALED: Final = (0.1, 10.0)  # how far a drawn month may be scaled
MOST_CALLS: Final = 5_000  # a month; where there are more, neighbours are taken together while they are next to nothing
MERGED_MS: Final = 10 * MS_A_MINUTE
CALLS_TOGETHER: Final = 400_000  # in all months
FEWEST: Final = 72
MOST_MONTHS: Final = 144
PAUSE: Final = 900.0  # a longer pause between two calls is not work
SEED: Final = 20_261_126


@dataclass(frozen=True, slots=True)
class Months:
    """Many months on one clock, one after the other, so that all can be searched at once. Each begins with a mark that spends nothing.

    Over all calls: `seconds`, `spent` (dollars up to and including a call), `worked` (seconds of work up to it) and `area` (the
    integral of the month's own spend, dollar-seconds). Per month: `first` is the index of its mark and `last` that of its last
    call.
    """

    seconds: Floats
    spent: Floats
    worked: Floats
    area: Floats
    first: Ints
    last: Ints

    @property
    def totals(self) -> Floats:
        """Return what each month spends, in dollars."""
        return self.spent[self.last] - self.spent[self.first]


@dataclass(frozen=True, slots=True)
class Past:
    """The days that months are made of, latest first: each day's calls lie between `cuts`; `weights` say how often it is drawn."""

    seconds: Floats  # since the day began
    usd: Floats
    cuts: Ints
    weekend: NDArray[np.bool_]
    weights: Floats
    days: int
    change: Change

    @property
    def daily(self) -> Floats:
        return _daily(self.usd, self.cuts)


def past(demand: Demand, now: datetime) -> Past:
    """Return the past at `now`: whole days counted back from it to the first call, at most `MOST_DAYS`."""
    end = milliseconds(now)
    days = min(MOST_DAYS, -(-(end - int(demand.moments[0])) // MS_A_DAY))
    recent = demand.between(end - days * MS_A_DAY, end)
    most = MOST_CALLS * days / MONTH_DAYS
    if recent.events > most:  # neighbours within ten minutes become one call while together they are next to nothing
        amount = (np.cumsum(recent.nanos) - recent.nanos) // max(1, int(recent.total_nanos / most))
        slot = recent.moments // MERGED_MS
        starts = np.flatnonzero((np.diff(amount, prepend=-1) != 0) | (np.diff(slot, prepend=-1) != 0))
        recent = Demand(recent.moments[starts], np.add.reduceat(recent.nanos, starts), recent.spread_share)
    ages = (end - 1 - recent.moments) // MS_A_DAY
    order = np.argsort(ages, kind="stable")
    seconds = ((recent.moments - (end - (ages + 1) * MS_A_DAY)) / 1000.0)[order]
    usd = recent.nanos[order] / 1e9
    cuts = np.searchsorted(ages[order], np.arange(days + 1))
    middle = (end - MS_A_DAY // 2) // MS_A_DAY - np.arange(days)  # 1 January 1970 was a Thursday
    weekend = (middle + 3) % 7 >= 5
    daily = _daily(usd, cuts)
    change = change_of(*sessions(recent.moments, recent.nanos / 1e9, end), daily, weekend)
    weights = 0.5 ** (np.arange(days) / HALF_LIFE_DAYS) * np.maximum(change.same, BEFORE_CHANGE)
    return Past(seconds, usd, cuts, weekend, weights, days, change)


def months(past: Past, level: Level, most: int = MOST_MONTHS) -> Months:
    """Return at most `most` months of 28 days that come to what `level` says, fewer where there are many calls."""
    count = min(most, max(min(most, FEWEST), CALLS_TOGETHER * past.days // (MONTH_DAYS * max(1, len(past.usd)))))
    dice = np.random.default_rng(SEED)
    # For every month, the age of the day that stands for each of its days
    even, go_on = dice.random((MONTH_DAYS, count)), dice.random((MONTH_DAYS, count)) < GO_ON
    pools = []
    for kind in (False, True):  # how often each day is drawn for a weekday, and for a day of a weekend
        same = past.weekend == kind
        pools.append(np.cumsum(np.where(same, past.weights, 0.0) if past.days >= 7 and same.any() else past.weights))
    chosen = np.empty((MONTH_DAYS, count), np.int64)
    for day in range(MONTH_DAYS):
        weekend = bool(past.weekend[(6 - day) % 7]) if past.days >= 7 else False
        pool = pools[weekend]
        fresh = np.minimum(np.searchsorted(pool, even[day] * pool[-1], side="right"), past.days - 1)
        if day:
            next_day = chosen[day - 1] - 1
            follows = go_on[day] & (next_day >= 0)
            follows &= past.weekend[np.maximum(next_day, 0)] == weekend
            follows &= past.weights[np.maximum(next_day, 0)] > 0
            fresh = np.where(follows, next_day, fresh)
        chosen[day] = fresh
    daily = past.daily
    drawn = daily[chosen].sum(0)
    # The quietest month that was drawn stands for the quietest that is to be expected, and so on: what is left to scale is little
    totals = level.quantile((np.arange(count) + 0.5) / count)
    expected = np.empty(count)
    expected[np.argsort(drawn, kind="stable")] = totals
    return _laid_out(past, chosen.T, np.clip(expected / np.maximum(drawn, 1e-9), *SCALED))


def month_of_week(demand: Demand, end: int) -> Months:
    """Return three months, each four times the week before `end` (milliseconds); each begins with another balance."""
    ages = np.clip((end - 1 - demand.moments) // MS_A_DAY, 0, 6)
    order = np.argsort(ages, kind="stable")
    seconds = ((demand.moments - (end - (ages + 1) * MS_A_DAY)) / 1000.0)[order]
    cuts = np.searchsorted(ages[order], np.arange(8))
    week = Past(seconds, demand.nanos[order] / 1e9, cuts, np.zeros(7, np.bool_), np.ones(7), 7, Change(np.ones(7), 0.0))
    return _laid_out(week, np.tile(np.arange(6, -1, -1), (3, 4)), np.ones(3))


def _daily(usd: Floats, cuts: Ints) -> Floats:
    total = np.concatenate([[0.0], np.cumsum(usd)])
    return np.diff(total[cuts])


def _laid_out(past: Past, chosen: Ints, level: Floats) -> Months:
    count = len(chosen)
    sizes = np.diff(past.cuts)[chosen]  # calls for each month and day
    heads = np.zeros((count, 1), np.int64)
    flat_sizes = np.concatenate([heads + 1, sizes], axis=1)  # the mark, then the days
    total = int(flat_sizes.sum())
    ends = np.cumsum(flat_sizes.ravel())
    begins = ends - flat_sizes.ravel()
    source = np.concatenate([heads - 1, past.cuts[chosen]], axis=1).ravel()  # where each run of calls is copied from
    runs = np.repeat(np.arange(len(begins)), flat_sizes.ravel())
    place = np.arange(total) - begins[runs] + source[runs]
    mark = source[runs] < 0
    month, day = runs // (MONTH_DAYS + 1), runs % (MONTH_DAYS + 1) - 1
    place = np.where(mark, 0, place)
    at, amount = (past.seconds, past.usd) if len(past.usd) else (np.zeros(1), np.zeros(1))  # a week in which nothing was spent
    since = np.where(mark, 0.0, at[place] + 86_400.0 * day)
    usd = np.where(mark, 0.0, amount[place] * level[month])
    first = begins[:: MONTH_DAYS + 1]
    last = np.append(first[1:], total) - 1
    spent = np.cumsum(usd)
    pause = np.diff(since, append=0.0)
    pause[last] = MONTH_DAYS * 86_400.0 - since[last]
    own = spent - spent[first][month]
    area = np.cumsum(own * pause) - own * pause
    worked = np.cumsum(np.where(mark, 0.0, np.minimum(pause, PAUSE)))
    worked -= np.where(mark, 0.0, np.minimum(pause, PAUSE))
    return Months(since + SPAN * month, spent, worked, area - area[first][month], first, last)
