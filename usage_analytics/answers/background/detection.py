"""From calls to episodes, person by person and stream by stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from usage_analytics.answers.background import evidence
from usage_analytics.answers.background.attendance import Attendance, attendance
from usage_analytics.answers.background.bursts import Work, bursts
from usage_analytics.answers.background.calls import calls_of, milliseconds, present_of, sources_of
from usage_analytics.answers.background.episodes import Episode, Stream, episodes
from usage_analytics.answers.background.found_by import causes, found_by
from usage_analytics.answers.background.groups import groups
from usage_analytics.answers.background.history import Spent
from usage_analytics.answers.background.notes import notes
from usage_analytics.answers.background.paces import Paces, paces_of
from usage_analytics.answers.background.quantiles import ordered, quantile
from usage_analytics.answers.background.spend import Watched
from usage_analytics.answers.background.thresholds import DEFAULT, Thresholds
from usage_analytics.answers.background.units import DAY, Array
from usage_analytics.answers.background.verdict import Raised, moment_of, of_main, raised
from usage_analytics.answers.background.weeks import weeks_before

if TYPE_CHECKING:
    from usage_analytics.answers.background.calls import Calls, Source
    from usage_analytics.answers.background.found_by import FoundBy
    from usage_analytics.control.expected import ExpectedRun

FOREVER: Final = 10_000 * DAY
NOBODY_SEEN: Final[Mapping[str | None, Array]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Detected:
    """One episode: its calls as indices into its person's, what each counts for in nano-dollars, and why it was flagged."""

    calls: Calls
    there: Attendance
    inside: Array
    nanos: Array  # of each of `inside`
    flagged: int  # index of the call that raised the flag
    first_seen: int  # when its stream made its first call, in milliseconds
    resumed: bool  # whether its stream went back to normal
    episode: Episode
    claimed: Array  # indices of the calls it spent its money on; no call is in two episodes
    claimed_before: Array  # those of them known when it was flagged

    @property
    def before(self) -> Array:
        """The calls up to and with the one that raised the flag."""
        return self.inside[self.inside <= self.flagged]

    @property
    def nanos_before(self) -> Array:
        """What these count for, in nano-dollars."""
        return self.nanos[self.inside <= self.flagged]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What follows from the calls before a moment: each person's calls, the flags, and notes on what limits the answer.

    It takes seconds for a million calls and no later moment changes it, so it's kept as long as the data stay the same.
    """

    sources: tuple[Source, ...]
    people: tuple[Watched, ...]
    raised: tuple[Raised, ...]
    notes: tuple[str, ...]


def judge_calls(
    rows: Mapping[str, Mapping[str, Any]], before: datetime, expected: Sequence[ExpectedRun] = (), zone: str = "UTC"
) -> Judged:
    """Judge the calls before a moment (naive UTC). `rows` holds the columns of `background_sources`, `background_calls` and, if known,
    `present`; `zone` is the time zone of the sentences.
    """
    sources = sources_of(rows["background_sources"])
    calls = calls_of(rows, milliseconds(before), expected)
    data_until = moment_of(int(calls.moment.max())) if len(calls) else before
    people: list[Watched] = []
    told: list[Raised] = []
    for person in watch(calls, sources, present_of(rows.get("present"), milliseconds(before))):
        drained = np.zeros(len(person.calls), dtype=bool)
        for one in detect(person, sources):
            found = raised(one, sources, data_until, zone)
            if found.flag.flagged_at <= before:
                told.append(found)
                if found.flag.kind != "fan_out":  # that may have been asked for by somebody who is there
                    drained[one.claimed] = True
        people.append(replace(person, drained=drained))
    said = notes(rows["background_calls"], milliseconds(before), people, sources)
    return Judged(sources, tuple(person.spent_only() for person in people), tuple(told), said)


def watch(calls: Calls, sources: Sequence[Source], present: Mapping[str | None, Array] = NOBODY_SEEN) -> Iterator[Watched]:
    """Yield each person's calls with who was there.

    `present` holds, by account, moments at which a person typed something: milliseconds since 1970, sorted.
    """
    program = np.array([one.is_program for one in sources], dtype=bool)
    begin = int(calls.moment.min()) if len(calls) else 0
    days = calls.moment // DAY - begin // DAY
    idle = np.flatnonzero(np.bincount(days) == 0) + begin // DAY  # since 1970
    for of_person in calls.by_person():
        seen = present.get(sources[int(of_person.source[0])].account, np.array([], dtype=np.int64))
        yield Watched(of_person, attendance(of_person, program[of_person.source], seen), begin, idle)


def detect(watched: Watched, sources: Sequence[Source], thresholds: Thresholds = DEFAULT) -> Iterator[Detected]:
    """Yield one person's episodes, app by app. Episodes of an app that overlap, or follow within half a day, are one."""
    calls = watched.calls
    apps = {name: number for number, name in enumerate({one.app: None for one in sources})}
    app = np.array([apps[one.app] for one in sources], dtype=np.int64)[calls.source]
    found = sorted(_streams(watched, sources, thresholds), key=lambda one: one.flagged)
    taken = np.zeros(len(calls), dtype=bool)
    for number in sorted({int(app[one.flagged]) for one in found}):
        for one in _joined([one for one in found if app[one.flagged] == number], thresholds):
            own = one.claimed[~taken[one.claimed]]
            known = one.claimed_before[~taken[one.claimed_before]]
            taken[own] = True
            yield from _by_project(replace(one, claimed=own, claimed_before=known), sources)


def _by_project(one: Detected, sources: Sequence[Source]) -> Iterator[Detected]:
    """Yield the episode and, if its flag names one project, an episode for each other project that spent in it.

    Each of these is flagged once it has spent as much as the first one needed.
    """
    rest = one
    while len(rest.claimed_before):
        own = of_main(rest, sources)
        others = rest.claimed[~own[rest.claimed]]
        yield replace(rest, claimed=rest.claimed[own[rest.claimed]], claimed_before=rest.claimed_before[own[rest.claimed_before]])
        spent = np.cumsum(one.calls.nanos[others])
        at = int(np.searchsorted(spent, max(one.episode.needed, DEFAULT.floor)))
        if at >= len(others) or others[at] <= rest.flagged:
            return
        flagged = int(others[at])
        rest = replace(
            one,
            inside=others,
            nanos=one.calls.nanos[others],
            flagged=flagged,
            claimed=others,
            claimed_before=others[: at + 1],
            episode=replace(one.episode, found_by=_next_door(one, others[: at + 1])),
        )


def _next_door(one: Detected, others: Array) -> FoundBy:
    """Return the test for other projects' calls: what they spent against what the first project needed, whatever is usual for them."""
    moment, spent = one.calls.moment[others], float(one.calls.nanos[others].sum())
    return found_by("other_project", int(moment[-1] - moment[0]), spent, None, max(one.episode.needed, DEFAULT.floor))


def _joined(found: Sequence[Detected], thresholds: Thresholds) -> Iterator[Detected]:
    """Yield the episodes of one app in the order of their flags, each joined with those that continue it."""
    current = found[0]
    for one in found[1:]:
        moment = one.calls.moment
        if moment[one.inside[0]] <= moment[current.inside[-1]] + thresholds.again:
            both = np.concatenate([current.inside, one.inside])
            inside, place = np.unique(both, return_inverse=True)
            nanos = np.zeros(len(inside))
            np.maximum.at(nanos, place, np.concatenate([current.nanos, one.nanos]))
            # what the later one knows of times before the flag is left out: the flag stays as it was raised
            known = ~((inside <= current.flagged) & ~np.isin(inside, current.inside))
            at = np.minimum(np.searchsorted(current.inside, inside), len(current.inside) - 1)
            nanos = np.where(np.isin(inside, current.before), current.nanos[at], nanos)
            claimed = np.union1d(current.claimed, one.claimed[one.claimed >= current.claimed[0]])
            resumed = one.resumed and current.resumed
            current = replace(current, inside=inside[known], nanos=nanos[known], resumed=resumed, claimed=claimed)
        else:
            yield current
            current = one
    yield current


def _streams(watched: Watched, sources: Sequence[Source], thresholds: Thresholds) -> Iterator[Detected]:
    calls, there = watched.calls, watched.there
    program = np.array([one.is_program for one in sources], dtype=bool)
    base, busy = _days(calls, there, thresholds)
    streams = groups(calls.stream)
    paces = paces_of(calls, streams, thresholds)
    for number, whole in streams.parts():
        first_seen = int(calls.moment[whole[0]])
        led = number in paces and not program[calls.source[whole[0]]]
        if led and paces[number].may_burst(base, thresholds):
            yield from _bursts(watched, paces[number], base, thresholds)
        members = whole[there.counted[whole] > 0]
        if not len(members) or there.counted[members].sum() < thresholds.floor:
            continue
        counted = there.counted[members]
        stream = Stream(
            Spent(calls.moment[members], counted, counted, first_seen, watched.idle),
            Spent(calls.moment[whole], calls.nanos[whole], calls.nanos[whole], first_seen, watched.idle),
            calls.failed[members],
            evidence.is_empty(calls.prompt_tokens[members], calls.output_tokens[members]),
            there.regular[members],
            there.nobody[members],
            there.left[members],
            program[calls.source[members]],
            there.sees[members] | there.machine[members],
            base[members],
            busy[members],
            _new_model(calls, whole, thresholds)[members],
            np.where(there.nobody[members] < FOREVER, calls.moment[0], watched.data_from),
            causes(there, members),
        )
        for one in episodes(stream, thresholds):
            inside = slice(one.first, one.last + 1)
            resumed = one.last < len(members) - 1
            flagged = int(members[one.flagged])
            claimed = whole[np.isin(there.known_at[whole], members[inside])]
            before = claimed[there.known_at[claimed] <= flagged]
            claimed = claimed[claimed >= before[0]]  # it began where it was known to begin when it was flagged
            yield Detected(calls, there, members[inside], counted[inside], flagged, first_seen, resumed, one, claimed, before)


def _new_model(calls: Calls, whole: Array, thresholds: Thresholds) -> Array:
    """Return whether each call's model is one that its stream switched to within the last days."""
    found = np.zeros(len(calls), dtype=bool)
    model, moment = calls.model[whole], calls.moment[whole]
    first = np.zeros(int(model.max()) + 1, dtype=np.int64)
    first[model[::-1]] = moment[::-1]  # of each model; the earliest is written last
    since = first[model]
    found[whole] = (moment - since < thresholds.model_days) & (since > moment[0])
    return found


def _bursts(watched: Watched, paces: Paces, base: Array, thresholds: Thresholds) -> Iterator[Detected]:
    calls, members = watched.calls, paces.part.members
    moment, nanos, root = calls.moment[members], calls.nanos[members], watched.there.last_word[members]
    work = Work(moment, nanos, root, base[members], paces.by_call())
    for one in bursts(work, thresholds):
        inside = slice(one.first, one.last + 1)
        episode = Episode(
            one.first,
            one.flagged,
            one.last,
            found_by("fan_out" if one.by_calls else "burn_rate", one.width, one.now, one.usual, one.needed),
            one.needed,
            0.0,
            new=False,
            burst=True,
            wide=one.wide,
        )
        resumed = one.last < len(members) - 1
        own, flagged = members[inside], int(members[one.flagged])
        unled = own[~watched.there.prompted[own]]  # what a person asked for outright is no part of what multiplied
        claimed = unled if (unled <= flagged).any() else own
        before = claimed[claimed <= flagged]
        yield Detected(calls, watched.there, own, nanos[inside], flagged, int(moment[0]), resumed, episode, claimed, before)


def _days(calls: Calls, there: Attendance, thresholds: Thresholds) -> tuple[Array, Array]:
    """Return, at each call, the nano-dollars needed for a flag given the person's usual day, and how busy they are (1 is usual)."""
    day = calls.moment // DAY
    days = np.arange(day[0], day[-1] + 1)
    place = day - days[0]
    spent = np.bincount(place, calls.nanos, len(days))
    words = np.bincount(place, there.prompted, len(days))
    active, count = ordered(weeks_before(days, np.where(spent > 0, spent, np.nan)))
    base = np.clip(thresholds.share_of_day * quantile(active, count, 0.5), *thresholds.base)
    three = np.convolve(words, np.ones(3))[: len(days)]
    usual = quantile(*ordered(weeks_before(days, three)), 0.5)
    busy = np.divide(np.roll(three, 1), usual, out=np.ones(len(days)), where=usual > 0)
    return base[place], busy[place]
