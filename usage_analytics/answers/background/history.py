"""Unattended spend of a stream, compared with the same time of day in earlier weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from usage_analytics.answers.background.quantiles import quantile
from usage_analytics.answers.background.units import DAY, HOUR, Array

WINDOWS: Final = (6 * HOUR, 24 * HOUR, 72 * HOUR)
DAYS_BACK: Final = 28
WEEKS: Final = slice(6, DAYS_BACK, 7)  # one, two, three and four weeks back
FEW: Final = np.array([1, 2, 3, 7, 8])[:, None] * DAY
SLACK: Final = 90 * 60_000  # by how much a job may come earlier or later than on other days
HIGH: Final = 0.9  # the day of its own that counts as much


@dataclass(frozen=True, slots=True)
class Spent:
    """Unattended spend of one stream: moments in order, nano-dollars, and calls."""

    moment: Array
    nanos: Array
    ever: Array  # the same with what was flagged
    first: int  # when the stream was first seen at all
    idle: Array  # days (since 1970) on which the person did nothing anywhere


@dataclass(frozen=True, slots=True)
class Excess:
    """At each point and for each window: what was spent, what was usual, and the same in calls."""

    now: Array
    usual: Array
    calls: Array
    usual_calls: Array
    typical_day: Array  # the upper quartile of the last 24 hours on other days
    known_days: Array  # on how many days before it the stream is known


def totals(nanos: Array) -> Array:
    """What was spent before each call; one more than there are calls."""
    found = np.zeros(len(nanos) + 1)
    np.cumsum(nanos, out=found[1:])
    return found


def excess(spent: Spent, sums: tuple[Array, Array], points: Array) -> Excess:
    """Return what was spent up to each point (milliseconds since 1970, sorted) and what is usual then.

    `sums` are the `totals` of `spent.nanos` and of `spent.ever`.
    """
    total, ever = sums
    # One row per day back, so that what is looked up in each comes in the order of time: that is several times as fast
    then = points - np.arange(1, DAYS_BACK + 1)[:, None] * DAY
    known = (then >= spent.first) & ~np.isin(then // DAY, spent.idle)
    count = known.sum(axis=0)
    end, upto = _place(spent.moment, points), _place(spent.moment, then + SLACK)
    now, usual, calls, usual_calls = (np.empty((len(points), len(WINDOWS))) for _ in range(4))
    typical_day = np.zeros(len(points))
    for place, width in enumerate(WINDOWS):
        start, since = _place(spent.moment, points - width), _place(spent.moment, then - width - SLACK)
        now[:, place], calls[:, place] = total[end] - total[start], end - start
        before = _ordered(total[upto] - total[since], known)
        before_calls = np.where(known, (upto - since).astype(np.float64), np.nan)
        same_weekday = np.where(known[WEEKS], ever[upto[WEEKS]] - ever[since[WEEKS]], 0.0).max(axis=0)
        # The ninth of ten days, and at least as much as on the same weekday: what comes once a week is usual too
        usual[:, place] = np.maximum(quantile(before, count, HIGH), same_weekday)
        many = quantile(_ordered(before_calls, known), count, HIGH)
        usual_calls[:, place] = np.fmax(many, np.nan_to_num(before_calls[WEEKS]).max(axis=0))
        if width == DAY:
            typical_day = quantile(before, count, 0.75)
    return Excess(now, usual, calls, usual_calls, typical_day, count)


def surely_usual(spent: Spent, total: Array, points: Array, times: float) -> Array:
    """Whether for certain no window up to each point holds as much as so many times its usual, by a few of the days before alone.

    Four days with as much make a ninth of ten days of at most 28. Most points of a stream that is always busy need no more looks than that.
    """
    then = points - FEW
    within = np.asarray(((then >= spent.first) & ~np.isin(then // DAY, spent.idle)).all(axis=0))
    end, upto = _place(spent.moment, points), _place(spent.moment, then + SLACK)
    for width in WINDOWS:
        before = total[upto] - total[_place(spent.moment, then - width - SLACK)]
        least = np.sort(before, axis=0)[1]  # four of the five have as much
        within &= total[end] - total[_place(spent.moment, points - width)] < times * least
    return within


def _place(moment: Array, at: Array) -> Array:
    return np.searchsorted(moment, at, side="right")


def _ordered(before: Array, known: Array) -> Array:
    """A row per point, what is known of it in order; what is not known comes last."""
    return np.sort(np.where(known, before, np.nan).T, axis=1)
