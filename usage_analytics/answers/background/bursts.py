"""Work that multiplies while somebody may still be there: far more calls and dollars within minutes than ever in the weeks before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from usage_analytics.answers.background.groups import Groups, since_before
from usage_analytics.answers.background.thresholds import DEFAULT, Thresholds
from usage_analytics.answers.background.units import DAY, HABIT_DAYS, HOUR, MINUTE, PAUSE, SECOND, Array

MINUTES: Final = 2 * MINUTE
LITTLE: Final = 0.05e9  # nano-dollars: less is no measure of anything


@dataclass(frozen=True, slots=True)
class Work:
    """What a stream did by itself, led or not, in order: moments and nano-dollars; and what is known at each call."""

    moment: Array
    nanos: Array
    root: Array  # the moment of the prompt that led to it
    base: Array  # nano-dollars that are needed
    paces: tuple[Pace, ...]  # one for each of the widths


@dataclass(frozen=True, slots=True)
class Pace:
    """At each call, of the span of a width that ends with it: dollars and calls, and the most of them on any day of the weeks before."""

    width: int
    nanos: Array
    calls: Array
    most: Array  # nano-dollars
    most_calls: Array  # at least those of one agent that never rests
    days: Array  # active days before its own

    @property
    def wide(self) -> Array:
        """How many times the calls."""
        return np.asarray(self.calls / np.maximum(self.most_calls, 1))

    @property
    def dear(self) -> Array:
        """How many times the dollars."""
        return np.asarray(self.nanos / np.maximum(self.most, LITTLE))

    def pick(self, which: Array) -> Pace:
        """Only these calls."""
        return Pace(self.width, *(one[which] for one in (self.nanos, self.calls, self.most, self.most_calls, self.days)))


@dataclass(frozen=True, slots=True)
class Burst:
    """Indices into the work, and the dollars that told."""

    first: int
    flagged: int
    last: int
    now: float
    usual: float
    needed: float
    width: int
    wide: float


def bursts(work: Work, thresholds: Thresholds = DEFAULT) -> Iterator[Burst]:
    """The bursts in order; each is over when the pace is back to what is usual."""
    needed = np.stack([_needed(one, work.base, thresholds) for one in work.paces])
    beyond = np.stack([one.nanos for one in work.paces]) / needed
    high = beyond.max(axis=0) >= 1
    longest, start = work.paces[-1], 0
    while len(found := np.flatnonzero(high[start:])):
        flagged = start + int(found[0])
        pace = work.paces[which := int(beyond[:, flagged].argmax())]
        since = max(int(work.moment[flagged]) - longest.width, int(work.root[flagged]))
        first = max(start, int(np.searchsorted(work.moment, since)))
        settled = work.moment[flagged:] > work.moment[flagged] + longest.width
        slow = np.flatnonzero(
            (settled & (longest.wide[flagged:] < 1) & (longest.dear[flagged:] < 1))
            | (np.diff(work.moment[flagged:], append=2**60) > HOUR)
        )
        last = flagged + (int(slow[0]) if len(slow) else len(work.moment) - 1 - flagged)
        yield Burst(
            first,
            flagged,
            last,
            float(pace.nanos[flagged]),
            float(pace.most[flagged]),
            float(needed[which, flagged]),
            pace.width,
            float(pace.wide[flagged]),
        )
        start = int(np.searchsorted(work.moment, work.moment[last] + thresholds.again))


def _needed(pace: Pace, base: Array, thresholds: Thresholds) -> Array:
    """Nano-dollars within the width: the more calls against the most ever, the fewer dollars against theirs; nothing suffices where
    neither is far beyond."""
    wide = pace.wide
    young = pace.days < thresholds.burst_days
    times = thresholds.burst_product / np.maximum(wide, 0.2) * np.where(young, thresholds.burst_young, 1.0)
    ease = np.clip(thresholds.burst_calls / np.maximum(wide, 0.1), *thresholds.burst_ease)
    least = np.where(young, thresholds.burst_first, thresholds.burst_base * base * ease)
    needed = np.maximum(times * np.maximum(pace.most, LITTLE), least)
    # Within minutes, what goes on without a pause is dear by that alone
    dear = ~young & (pace.dear >= thresholds.burst_dear) & (pace.width < MINUTES)
    much = (wide >= np.where(young, thresholds.burst_wide, thresholds.burst_calls)) | dear
    return np.where(much & (pace.days >= 1), needed, np.inf)


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
    first = np.flatnonzero(np.diff(day, prepend=-1))  # calls are in the order of time
    days = day[first]
    highest = np.maximum.reduceat(values, first) if len(values) else values
    most, count = np.zeros(len(days)), np.zeros(len(days))
    for place in range(1, len(days)):
        before = highest[:place][days[:place] >= days[place] - HABIT_DAYS]
        most[place], count[place] = before.max(initial=0.0), len(before)
    lasts = np.diff(first, append=len(day))
    return np.repeat(most, lasts), np.repeat(count, lasts)
