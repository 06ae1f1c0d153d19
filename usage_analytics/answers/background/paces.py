"""How fast a person's streams spend, compared with the most in earlier weeks.

The most is the same for all calls of a day, so that most of it is reckoned by the day, and call by call only where a day may hold a burst.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics.answers.background.groups import Groups, since_before
from usage_analytics.answers.background.history import totals
from usage_analytics.answers.background.quantiles import ordered, quantile
from usage_analytics.answers.background.units import MINUTE, PAUSE, SECOND, Array
from usage_analytics.answers.background.weeks import Days, days_of, weeks_before

if TYPE_CHECKING:
    from usage_analytics.answers.background.calls import Calls
    from usage_analytics.answers.background.thresholds import Thresholds

MINUTES: Final = 2 * MINUTE
LITTLE: Final = 0.05e9  # nano-dollars: less is no measure of anything


@dataclass(frozen=True, slots=True)
class Pace:
    """At each call, of the span of a width that ends with it: dollars and calls, and the most of them on any day of the weeks before.

    By the day: the highest of its calls.
    """

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

    def is_wide(self, thresholds: Thresholds) -> Array:
        """Whether there are far more calls than ever."""
        young = self.days < thresholds.burst_days
        return np.asarray(self.wide >= np.where(young, thresholds.burst_wide, thresholds.burst_calls))

    def needed(self, base: Array, thresholds: Thresholds) -> Array:
        """Nano-dollars within the width: the more calls against the most ever, the fewer dollars against theirs; nothing suffices where
        neither is far beyond. More calls or dollars never need more, so that of a day its highest tell."""
        wide = self.wide
        young = self.days < thresholds.burst_days
        times = thresholds.burst_product / np.maximum(wide, 0.2) * np.where(young, thresholds.burst_young, 1.0)
        ease = np.clip(thresholds.burst_calls / np.maximum(wide, 0.1), *thresholds.burst_ease)
        least = np.where(young, thresholds.burst_first, thresholds.burst_base * base * ease)
        needed = np.maximum(times * np.maximum(self.most, LITTLE), least)
        # Within minutes, what goes on without a pause is dear by that alone
        dear = ~young & (self.dear >= thresholds.burst_dear) & (self.width < MINUTES)
        much = self.is_wide(thresholds) | dear
        return np.where(much & (self.days >= 1), needed, np.inf)


@dataclass(frozen=True, slots=True)
class Part:
    """What a stream does by itself, declared runs apart; for each width, its dollars and its calls within it."""

    members: Array  # indices into the calls of its person
    days: Days
    moment: Array
    total: Array  # nano-dollars before each call; one more than there are calls
    highest: tuple[tuple[Array, Array], ...]  # on each day

    def within(self, width: int) -> tuple[Array, Array]:
        """At each call. It is worked out again where it is asked for: few streams ever burst, and of all it would fill the memory."""
        return _within(self.moment, self.total, width)


@dataclass(frozen=True, slots=True)
class Most:
    """By the day: the most dollars and calls on any of the days before, and how many these are."""

    days: Array
    nanos: Array
    calls: Array
    count: Array
    least: Array | float  # calls of one agent that never rests


@dataclass(frozen=True, slots=True)
class Paces:
    """What a stream does by itself, and at which pace."""

    part: Part
    daily: tuple[Pace, ...]  # one for each of the widths

    def may_burst(self, base: Array, thresholds: Thresholds) -> bool:
        """Whether any day may hold a burst; `base` is what is needed at each call of the person."""
        by_day = base[self.part.members[self.part.days.first]]
        return any((one.nanos >= one.needed(by_day, thresholds)).any() for one in self.daily)

    def by_call(self) -> tuple[Pace, ...]:
        """The same at each call."""
        spread = self.part.days.spread
        return tuple(
            Pace(day.width, *self.part.within(day.width), spread(day.most), spread(day.most_calls), spread(day.days))
            for day in self.daily
        )


def paces_of(calls: Calls, streams: Groups, thresholds: Thresholds) -> dict[int, Paces]:
    """Return the pace of each of a person's streams, by stream. A new stream is compared with everything its person does."""
    everything = days_of(calls.moment)
    step = _usual_step(everything, since_before(calls.moment, streams))
    parts = {number: _part(calls, here, thresholds.burst) for number, here in streams.parts() if not calls.expected[here].all()}
    found: dict[int, list[Pace]] = {number: [] for number in parts}
    for place, width in enumerate(thresholds.burst):
        most = _of_person(everything, parts.values(), place, np.maximum(width / step, 3))
        for number, part in parts.items():
            found[number].append(_pace(part, place, width, most, thresholds.burst_days))
    return {number: Paces(part, tuple(found[number])) for number, part in parts.items()}


def _part(calls: Calls, here: Array, widths: Sequence[int]) -> Part:
    members = here[~calls.expected[here]]
    moment, days = calls.moment[members], days_of(calls.moment[members])
    total = totals(calls.nanos[members])
    within = (_within(moment, total, width) for width in widths)
    highest = tuple((np.maximum.reduceat(nanos, days.first), np.maximum.reduceat(number, days.first)) for nanos, number in within)
    return Part(members, days, moment, total, highest)


def _within(moment: Array, total: Array, width: int) -> tuple[Array, Array]:
    """At each call, the dollars and calls within a width that ends with it."""
    start = np.searchsorted(moment, moment - width, side="right")
    return total[1:] - total[start], (np.arange(1, len(total)) - start).astype(np.float64)


def _of_person(everything: Days, parts: Iterable[Part], place: int, least: Array) -> Most:
    nanos, number = np.zeros(len(everything.days)), np.zeros(len(everything.days))
    for part in parts:
        at = np.searchsorted(everything.days, part.days.days)
        for highest, own in zip((nanos, number), part.highest[place], strict=True):
            highest[at] = np.maximum(highest[at], own)
    return _most(everything.days, nanos, number, least)


def _most(days: Array, nanos: Array, number: Array, least: Array | float = 0.0) -> Most:
    before, many = weeks_before(days, nanos), weeks_before(days, number)
    known = ~np.isnan(before)
    most, most_calls = (np.where(known, one, 0).max(axis=1) for one in (before, many))
    return Most(days, most, most_calls, known.sum(axis=1), least)


def _pace(part: Part, place: int, width: int, most: Most, enough: int) -> Pace:
    """By the day, against the most of the stream or, while it is known for fewer days than is enough, of its person."""
    at, own = np.searchsorted(most.days, part.days.days), _most(part.days.days, *part.highest[place])
    known = own.count >= enough
    number = np.where(known, own.calls, most.calls[at])
    return Pace(
        width,
        *part.highest[place],
        np.where(known, own.nanos, most.nanos[at]),
        np.maximum(number, np.asarray(most.least)[at]),
        np.where(known, own.count, most.count[at]),
    )


def _usual_step(days: Days, step: Array) -> Array:
    """On each day, how many milliseconds one agent takes from call to call: the median step of its person on the days before."""
    short = [one[one < PAUSE] for one in np.split(step, days.first[1:])]
    rows, count = ordered(weeks_before(days.days, np.array([np.median(one) if len(one) else np.nan for one in short])))
    return np.maximum(np.where(count > 0, quantile(rows, count, 0.5), 12 * SECOND), 2 * SECOND)
