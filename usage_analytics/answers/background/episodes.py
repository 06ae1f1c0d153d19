"""When unattended spend becomes an episode: the first point at which it's enough, how far back it reaches, and how long it lasts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import Final

import numpy as np

from usage_analytics.answers.background import evidence
from usage_analytics.answers.background.found_by import FoundBy, found_by, main_cause
from usage_analytics.answers.background.history import WINDOWS, Excess, Spent, excess, surely_usual, totals
from usage_analytics.answers.background.thresholds import DEFAULT, Thresholds
from usage_analytics.answers.background.units import DAY, HOUR, MINUTE, Array

CALM: Final = 0.05  # of what was needed: less than this beyond the usual is nothing
BLOCK: Final = (256, 8192)  # points that are looked at together, at first and at most


@dataclass(frozen=True, slots=True)
class Stream:
    """The unattended calls of one stream, in order of time, with what is known at each; times in milliseconds, money in nano-dollars."""

    spent: Spent
    total: Spent  # of all its calls, attended or not
    failed: Array
    empty: Array
    regular: Array
    nobody: Array  # how long ago the person last prompted anything
    left: Array  # it went on after a prompt
    program: Array
    sees: Array
    base: Array  # nano-dollars that are needed, before signals
    prompts: Array  # prompts of the last three days, relative to the usual
    new_model: Array  # the stream switched to its model within the last days
    data_from: Array  # when data begin: the person's, or everyone's if they never prompted
    cause: Array  # why each counts as unattended, as in `causes`


@dataclass(frozen=True, slots=True)
class Episode:
    """First, flagging and last call as indices into the stream's unattended calls; the rest is as of the flagging call."""

    first: int
    flagged: int
    last: int
    found_by: FoundBy
    needed: float  # nano-dollars beyond the usual
    signals: float
    new: bool
    burst: bool = False
    wide: float = 0.0  # of a burst, times the most calls of earlier weeks


@dataclass(frozen=True, slots=True)
class Sums:
    """What all looks at a stream share: where it is looked at, and of what is before each call, one more than there are calls."""

    points: Array  # the first unattended call in every two minutes
    marks: Mapping[str, Array]
    hours: Array  # in how many hours of the clock it ran
    ever: Array
    of_all: Array  # nano-dollars of all its calls, attended or not

    @classmethod
    def of(cls, stream: Stream) -> Sums:
        """What is summed up of a stream."""
        moment = stream.spent.moment
        return cls(
            np.flatnonzero(np.diff(moment // (2 * MINUTE), prepend=-1) != 0),
            evidence.totals({"failed": stream.failed, "empty": stream.empty, "regular": stream.regular}),
            evidence.counts(np.diff(moment // HOUR, prepend=-1) != 0),
            totals(stream.spent.ever),
            totals(stream.total.nanos),
        )

    def points_from(self, start: int, end: int) -> Array:
        """Where it is looked at from a call on, that one included."""
        later = self.points[np.searchsorted(self.points, start) :]
        return later if start == end or (len(later) and later[0] == start) else np.append(start, later)


@dataclass(frozen=True, slots=True)
class Look:
    """What is known at some points of a stream; points are indices into its unattended calls."""

    points: Array
    found: Excess
    beyond: Array  # nano-dollars beyond the usual in each window
    least: Array  # nano-dollars in each window: less is within its own ways
    needed: Array  # nano-dollars beyond the usual in each window
    signals: Array

    def among(self, points: Array, which: Array) -> Look:
        """Return the same for more points: those not in the mask `which` are within their usual."""

        def spread(values: Array) -> Array:
            found = np.zeros((len(points), *values.shape[1:]), dtype=values.dtype)
            found[which] = values
            return found

        found = Excess(*(spread(getattr(self.found, one.name)) for one in fields(Excess)))
        needed = np.where(which[:, None], spread(self.needed), np.inf)
        return Look(points, found, spread(self.beyond), spread(self.least), needed, spread(self.signals))

    def deciding(self, at: int) -> int:
        """Return the index of the window that exceeds what was needed by the largest factor."""
        return int((self.beyond[at] / self.needed[at]).argmax())


def episodes(stream: Stream, thresholds: Thresholds = DEFAULT) -> Iterator[Episode]:
    """Yield a stream's episodes in order. Calls up to its flag decide on each; what it spends isn't usual for later ones."""
    spent, start, sums = stream.spent, 0, Sums.of(stream)
    while True:
        looks = _looks(stream, sums, spent, start, thresholds)
        crossed = ((look, np.flatnonzero((look.beyond >= look.needed).any(axis=1))) for look in looks)
        look, crossing = next(((look, crossing) for look, crossing in crossed if len(crossing)), (None, None))
        if look is None or crossing is None:
            return
        at = int(crossing[0])
        window, flagged = look.deciding(at), int(look.points[at])
        needed = float(look.needed[at, window])
        usual, score = float(look.found.usual[at, window]), float(look.beyond[at, window])
        first = _first(spent, flagged, window, usual=usual, score=score, start=start)
        last = _last(spent, flagged, chain([look], looks), CALM * needed, thresholds)
        new = bool(look.found.known_days[at] < thresholds.established)
        yield Episode(first, flagged, last, _found_by(stream, spent, look, at, thresholds), needed, float(look.signals[at]), new)
        kept = spent.nanos.copy()
        kept[first : last + 1] = 0.0
        spent, start = replace(spent, nanos=kept), last + 1


def _looks(stream: Stream, sums: Sums, spent: Spent, start: int, thresholds: Thresholds) -> Iterator[Look]:
    """Yield what is known from `start` on, in blocks, because no caller looks beyond the end of the next episode.

    If most recent spend is from calls without logged prompts, everything the stream did before counts as usual, attended or not.
    """
    total, unseen = totals(spent.nanos), totals(spent.nanos * ~stream.sees)
    points = sums.points_from(start, len(spent.moment))
    since = np.searchsorted(spent.moment, spent.moment[points] - WINDOWS[-1], side="right")
    every, blind = total[points + 1] - total[since], unseen[points + 1] - unseen[since]
    worth = every >= thresholds.floor
    points, blind = points[worth], (blind > 0.5 * every)[worth]
    begin, size = 0, BLOCK[0]
    while begin < len(points):
        block = points[begin : begin + size]
        open_ = ~surely_usual(spent, total, spent.moment[block], thresholds.times_usual)
        here, unlabelled = block[open_], blind[begin : begin + size][open_]
        found = excess(spent, (total, sums.ever), spent.moment[here])
        if unlabelled.any():
            all_of_it = excess(stream.total, (sums.of_all, sums.of_all), spent.moment[here[unlabelled]])
            for name in ("usual", "usual_calls", "typical_day"):
                ours = getattr(found, name)
                ours[unlabelled] = np.maximum(ours[unlabelled], getattr(all_of_it, name))
        found = _own(stream, here, found, thresholds)
        needed, signals = _needed(stream, here, found, evidence.shares(spent.moment, sums.marks, here), sums.hours, thresholds)
        look = Look(here, found, *_beyond(stream, here, found, thresholds), needed, signals)
        yield look if open_.all() else look.among(block, open_)
        begin, size = begin + size, min(2 * size, BLOCK[1])


def _own(stream: Stream, points: Array, found: Excess, thresholds: Thresholds) -> Excess:
    """Return the same with no usual for streams that are new, whose first days may be the drain itself."""
    known = _has_usual(stream, points, found, thresholds)
    return replace(
        found,
        usual=np.where(known[:, None], found.usual, 0.0),
        usual_calls=np.where(known[:, None], found.usual_calls, 0.0),
        typical_day=np.where(known, found.typical_day, 0.0),
    )


def _has_usual(stream: Stream, points: Array, found: Excess, thresholds: Thresholds) -> Array:
    since_ever = stream.spent.first < stream.data_from[points] + thresholds.learning
    return np.asarray(since_ever | (found.known_days >= thresholds.established))


def _found_by(stream: Stream, spent: Spent, look: Look, at: int, thresholds: Thresholds) -> FoundBy:
    """Return the test and the numbers that decided at a point: the window that went furthest, or the day if that was tighter."""
    found, window = look.found, look.deciding(at)
    needed = float(look.needed[at, window])
    now, usual, least = (float(values[at, window]) for values in (found.now, found.usual, look.least))
    if window == 0 and found.now[at, 1] - found.typical_day[at] < now - usual:
        window, now, usual, least = 1, float(found.now[at, 1]), float(found.typical_day[at]), 0.0
    flagged, width = int(look.points[at]), WINDOWS[window]
    inside = slice(int(np.searchsorted(spent.moment, spent.moment[flagged] - width, side="right")), flagged + 1)
    known = found.known_days[at] > 0 and _has_usual(stream, look.points, found, thresholds)[at]
    test = main_cause(stream.cause[inside], spent.nanos[inside])
    return found_by(test, width, now, usual if known else None, max(usual + needed, least))


def _needed(  # noqa: PLR0917  what is known at the points
    stream: Stream, points: Array, found: Excess, seen: evidence.Shares, hours: Array, thresholds: Thresholds
) -> tuple[Array, Array]:
    """Return how many nano-dollars beyond the usual are needed in each window (points × windows), and how many signals there are.

    `hours` are the `counts` of calls with which an hour of the clock begins.
    """
    enough = seen.count >= 6
    signals = (
        2.0 * (enough & (seen.failed >= evidence.MOSTLY))
        + 1.5 * (enough & (seen.empty >= evidence.NEARLY_ALL))
        + 1.0 * (enough & (seen.regular >= evidence.NEARLY_ALL))
        + 1.0 * (found.known_days < thresholds.established)
        + 0.5 * (stream.nobody[points] > 2 * HOUR)
        + 0.5 * stream.program[points]
    )
    base = np.where(found.known_days < thresholds.established, thresholds.base[0], stream.base[points])
    needed = base * 2 ** (-thresholds.per_signal * (signals - thresholds.at_signals))
    age = stream.spent.moment[points] - stream.data_from[points]
    left_to_learn = np.clip((thresholds.learning - age) / (2 * DAY), 0, 1)
    left = stream.left[points]
    # What a person began and left is no job that may have always been there
    times = np.where(left, thresholds.learning_led, thresholds.learning_times)
    needed = needed * (1 + (times - 1) * left_to_learn) * np.where(age < 2 * DAY, 2, 1)
    needed = needed * np.where(stream.sees[points], 1.0, thresholds.unseen) * np.where(left, thresholds.led, 1.0)
    # A job is done within the hour, or goes on at a low rate; both are learned from in the first days
    since = np.searchsorted(stream.spent.moment, stream.spent.moment[points] - WINDOWS[0], side="right")
    ran = hours[points + 1] - hours[since + 1] + 1  # in how many hours of the clock, within the shortest window
    learns = np.where(left, 0.0, np.minimum(2 * left_to_learn, 1))
    works = ~enough | (seen.failed < evidence.MOSTLY)
    needed = needed * np.where((ran <= 2) & works, thresholds.short_ease, 1.0) ** learns
    ease = np.where(ran >= thresholds.long_run, thresholds.long_ease, 1.0) ** learns
    by_window = np.stack([needed * ease, needed, needed * 1.3**learns], axis=1)
    return np.maximum(by_window, thresholds.floor), signals


def _beyond(stream: Stream, points: Array, found: Excess, thresholds: Thresholds) -> tuple[Array, Array]:
    """Return what was spent beyond the usual in each window, 0 if it's normal for the stream, and up to where it is normal."""
    beyond = found.now - found.usual
    beyond[:, 0] = np.minimum(beyond[:, 0], found.now[:, 1] - found.typical_day)
    busy = np.clip(stream.prompts[points], 1, 3)[:, None]
    no_more_calls = (found.calls <= 1.3 * found.usual_calls + 2) & (found.usual_calls >= 3)
    times = np.where(no_more_calls, thresholds.times_price, thresholds.times_usual * busy)
    times = np.where(stream.new_model[points][:, None], np.maximum(times, thresholds.times_model), times)
    established = found.known_days[:, None] >= thresholds.established
    least = np.where(established, times * found.usual, 0.0)
    beyond[found.now < least] = 0.0
    return beyond, least


def _first(spent: Spent, flagged: int, window: int, *, usual: float, score: float, start: int) -> int:
    """Return the first call: after a pause of hours or, if the stream is always busy, where the excess began."""
    width = WINDOWS[window]
    earliest = max(start, int(np.searchsorted(spent.moment, spent.moment[flagged] - width, side="right")))
    if usual > 0.1 * (usual + score):
        total = np.cumsum(spent.nanos[earliest : flagged + 1][::-1])
        return flagged - min(int(np.searchsorted(total, score)), flagged - earliest)
    gaps = np.diff(spent.moment[earliest : flagged + 1])
    pauses = np.flatnonzero(gaps > 8 * HOUR)
    return earliest + (int(pauses[-1]) + 1 if len(pauses) else 0)


def _last(spent: Spent, flagged: int, looks: Iterable[Look], calm: float, thresholds: Thresholds) -> int:
    """Return the last call before the stream paused for half a day or was back to normal, at most `calm` beyond its usual."""
    gaps = np.flatnonzero(np.diff(spent.moment[flagged:]) > thresholds.again)
    paused = flagged + (int(gaps[0]) if len(gaps) else len(spent.moment) - 1 - flagged)
    for look in looks:
        later = look.points[(look.beyond[:, 0] <= calm) & (spent.moment[look.points] > spent.moment[flagged] + 6 * HOUR)]
        if len(later):
            return min(paused, int(later[0]) - 1)
        if look.points[-1] > paused:
            break
    return paused
