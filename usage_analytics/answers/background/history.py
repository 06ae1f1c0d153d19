"""What a stream spends unattended at a moment, beyond what it did at the same time of day in the weeks before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from usage_analytics.answers.background.units import DAY, HOUR, Array

WINDOWS: Final = (6 * HOUR, 24 * HOUR, 72 * HOUR)
DAYS_BACK: Final = 28
WEEKS: Final = slice(6, DAYS_BACK, 7)  # one, two, three and four weeks back
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


def excess(spent: Spent, points: Array) -> Excess:
    """What was spent up to each point, and what is usual there."""
    total, ever = (np.concatenate([[0.0], np.cumsum(nanos)]) for nanos in (spent.nanos, spent.ever))
    back = np.arange(1, DAYS_BACK + 1) * DAY
    then = points[:, None] - back[None, :]
    known = (then >= spent.first) & ~np.isin(then // DAY, spent.idle)
    columns = [_window(spent.moment, (total, ever), points, (then, known), width) for width in WINDOWS]
    now, usual, calls, usual_calls, quartile = (np.stack([one[part] for one in columns], axis=1) for part in range(5))
    return Excess(now, usual, calls, usual_calls, quartile[:, 1], known.sum(axis=1))


def _window(
    moment: Array, totals: tuple[Array, Array], points: Array, days: tuple[Array, Array], width: int
) -> tuple[Array, ...]:
    (total, ever), (then, known) = totals, days
    end, start = np.searchsorted(moment, points, side="right"), np.searchsorted(moment, points - width, side="right")
    now, calls = total[end] - total[start], (end - start).astype(np.float64)
    upto = np.searchsorted(moment, then + SLACK, side="right")
    since = np.searchsorted(moment, then - width - SLACK, side="right")
    before = np.where(known, total[upto] - total[since], np.nan)
    before_calls = np.where(known, (upto - since).astype(np.float64), np.nan)
    same_weekday = np.where(known[:, WEEKS], ever[upto[:, WEEKS]] - ever[since[:, WEEKS]], 0.0).max(axis=1)
    # The ninth of ten days, and at least as much as on the same weekday: what comes once a week is usual too
    many = np.fmax(_quantile(before_calls, HIGH), np.nan_to_num(before_calls[:, WEEKS]).max(axis=1))
    return now, np.maximum(_quantile(before, HIGH), same_weekday), calls, many, _quantile(before, 0.75)


def _quantile(before: Array, share: float) -> Array:
    """The quantile of what is known in each row, 0 where nothing is."""
    ordered = np.sort(before, axis=1)  # what is not known comes last
    count = np.sum(~np.isnan(before), axis=1)
    place = np.maximum(count - 1, 0) * share
    low = np.floor(place).astype(np.int64)
    rows = np.arange(len(before))
    lower, upper = ordered[rows, low], ordered[rows, np.minimum(low + 1, np.maximum(count - 1, 0))]
    return np.asarray(np.nan_to_num(lower + (upper - lower) * (place - low)))
