"""Work that multiplies while somebody may still be there: far more calls and dollars within minutes than ever in the weeks before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from usage_analytics.answers.background.groups import Groups, since_before
from usage_analytics.answers.background.thresholds import DEFAULT, Thresholds
from usage_analytics.answers.background.units import DAY, HABIT_DAYS, HOUR, PAUSE, SECOND, Array


@dataclass(frozen=True, slots=True)
class Work:
    """What a stream did by itself, led or not, in order: moments and nano-dollars; and what is known at each call."""

    moment: Array
    nanos: Array
    base: Array  # nano-dollars that are needed
    most: Array  # nano-dollars within the width of a burst, the most on any day of the weeks before, of all that the person does
    most_calls: Array
    days: Array  # active days among them


@dataclass(frozen=True, slots=True)
class Burst:
    """Indices into the work, and the dollars that told."""

    first: int
    flagged: int
    last: int
    now: float
    usual: float
    needed: float


def bursts(work: Work, thresholds: Thresholds = DEFAULT) -> Iterator[Burst]:
    """The bursts in order; each is over when the pace is back to what is usual."""
    dollars, calls = within(work.moment, work.nanos, thresholds.burst)
    ease = np.clip(thresholds.burst_calls * work.most_calls / np.maximum(calls, 1), *thresholds.burst_ease)
    needed = np.maximum(thresholds.burst_times * work.most * ease, thresholds.burst_base * work.base * np.maximum(ease, 0.5))
    high = (dollars >= needed) & (calls >= thresholds.burst_calls * work.most_calls) & (work.days >= thresholds.burst_days)
    start = 0
    while len(found := np.flatnonzero(high[start:])):
        flagged = start + int(found[0])
        first = int(np.searchsorted(work.moment, work.moment[flagged] - thresholds.burst, side="right"))
        slow = np.flatnonzero(
            (calls[flagged:] < work.most_calls[flagged]) | (np.diff(work.moment[flagged:], append=2**60) > HOUR)
        )
        last = flagged + (int(slow[0]) if len(slow) else len(work.moment) - 1 - flagged)
        yield Burst(first, flagged, last, float(dollars[flagged]), float(work.most[flagged]), float(needed[flagged]))
        start = int(np.searchsorted(work.moment, work.moment[last] + thresholds.again))


def within(moment: Array, nanos: Array, width: int) -> tuple[Array, Array]:
    """At each call, the dollars and the calls of the span that ends with it."""
    total = np.concatenate([[0.0], np.cumsum(nanos)])
    since = np.searchsorted(moment, moment - width, side="right")
    here = np.arange(len(moment)) + 1
    return total[here] - total[since], (here - since).astype(np.float64)


def usual_step(moment: Array, of: Groups) -> Array:
    """At each call, how many milliseconds one agent takes from call to call: the median step of its person on the days before."""
    day = moment // DAY
    step = since_before(moment, of)
    days, first = np.unique(day, return_index=True)
    middle = np.full(len(days), 12.0 * SECOND)
    steps = np.split(step, first[1:])
    of_days = np.array([np.median(one[one < PAUSE]) if (one < PAUSE).any() else np.nan for one in steps])
    for place in range(1, len(days)):
        before = of_days[:place][days[:place] >= days[place] - HABIT_DAYS]
        if not np.isnan(before).all():
            middle[place] = np.nanmedian(before)
    return np.asarray(np.maximum(middle[np.searchsorted(days, day)], 2 * SECOND))


def most_before(moment: Array, values: Array) -> tuple[Array, Array]:
    """At each call, the largest value on any of the days before its own, and how many of these days had any."""
    day = moment // DAY
    days, first = np.unique(day, return_index=True)
    highest = np.maximum.reduceat(values, first) if len(values) else values
    most, count = np.zeros(len(days)), np.zeros(len(days))
    for place in range(1, len(days)):
        before = highest[:place][days[:place] >= days[place] - HABIT_DAYS]
        most[place], count[place] = before.max(initial=0.0), len(before)
    where = np.searchsorted(days, day)
    return most[where], count[where]
