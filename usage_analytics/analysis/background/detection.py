"""From calls to episodes: person by person, stream by stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from usage_analytics.analysis.background import evidence
from usage_analytics.analysis.background.attendance import HABIT_DAYS, Attendance, attendance
from usage_analytics.analysis.background.calls import DAY, Array, Calls, Source
from usage_analytics.analysis.background.episodes import Episode, Stream, episodes
from usage_analytics.analysis.background.history import Spent
from usage_analytics.analysis.background.spend import Watched
from usage_analytics.analysis.background.thresholds import DEFAULT, Thresholds


@dataclass(frozen=True, slots=True)
class Detected:
    """One episode, with the calls of its person and what is known of them; indices into these are in `members`."""

    calls: Calls
    there: Attendance
    members: Array  # the stream's unattended calls, as indices into `calls`
    first: int  # when the stream was first seen
    episode: Episode


def watch(calls: Calls, sources: Sequence[Source]) -> Iterator[Watched]:
    """The calls of each person, with whether somebody was there."""
    program = np.array([one.is_program for one in sources], dtype=bool)
    order = np.argsort(calls.person, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(calls.person[order])) + 1) if len(order) else ():
        of_person = calls.pick(part)
        yield Watched(of_person, attendance(of_person, program[of_person.source]))


def detect(watched: Watched, sources: Sequence[Source], thresholds: Thresholds = DEFAULT) -> Iterator[Detected]:
    """The episodes of one person, stream by stream."""
    calls, there = watched.calls, watched.there
    program = np.array([one.is_program for one in sources], dtype=bool)
    base, busy, idle = _days(calls, there, thresholds)
    order = np.argsort(calls.stream, kind="stable")
    for whole in np.split(order, np.flatnonzero(np.diff(calls.stream[order])) + 1):
        members = whole[there.counted[whole] > 0]
        if not len(members) or there.counted[members].sum() < thresholds.floor:
            continue
        stream = Stream(
            Spent(calls.moment[members], there.counted[members], there.counted[members], int(calls.moment[whole[0]]), idle),
            calls.failed[members],
            evidence.is_empty(calls.prompt_tokens[members], calls.output_tokens[members]),
            there.regular[members],
            there.nobody[members],
            there.left[members],
            program[calls.source[members]],
            there.sees[members],
            base[members],
            busy[members],
            int(calls.moment[0]),
        )
        for episode in episodes(stream, thresholds):
            yield Detected(calls, there, members, int(calls.moment[whole[0]]), episode)


def _days(calls: Calls, there: Attendance, thresholds: Thresholds) -> tuple[Array, Array, Array]:
    """At each call: what is needed, by what its person spends on an active day; how busy they are; and the days without any call."""
    day = calls.moment // DAY
    days = np.arange(day[0], day[-1] + 1)
    place = day - days[0]
    spent = np.bincount(place, calls.nanos, len(days))
    words = np.bincount(place, there.prompted, len(days))
    base, busy = np.full(len(days), thresholds.base[0]), np.ones(len(days))
    three = np.convolve(words, np.ones(3))[: len(days)]
    for at in range(1, len(days)):
        before = spent[max(0, at - HABIT_DAYS) : at]
        active = before[before > 0]
        if len(active):
            base[at] = np.clip(thresholds.share_of_day * np.median(active), *thresholds.base)
        usual = np.median(three[max(0, at - HABIT_DAYS) : at])
        busy[at] = three[at - 1] / usual if usual > 0 else 1.0
    return base[place], busy[place], days[spent == 0]
