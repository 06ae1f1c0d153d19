"""What each source spent: attended, unattended, and in runs marked as expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from usage_analytics.answers.background import evidence
from usage_analytics.answers.background.calls import Calls, Source, milliseconds
from usage_analytics.answers.background.flags import Hour, SourceSpend
from usage_analytics.answers.background.groups import NEVER, groups, latest, since_before
from usage_analytics.answers.background.units import HOUR, PAUSE, Array

if TYPE_CHECKING:
    from usage_analytics.answers.background.attendance import Attendance


@dataclass(frozen=True, slots=True)
class Watched:
    """One person's calls, with who was there."""

    calls: Calls
    there: Attendance
    data_from: int  # when anybody's data begin
    idle: Array  # days on which nobody did anything
    drained: Array | None = None  # whether a flag claims the call: then nobody had a word in it either

    def spent_only(self) -> Watched:
        """The same with what sums are made of alone, which is a third of it: it is kept for long."""
        calls, there, nothing = self.calls, self.there, np.zeros(0, dtype=bool)
        unused = ("stream", "thread", "person", "human", "prompt_tokens", "failed", "model", "paid")
        unused_there = ("last_word", "alone", "nobody", "known_at", "counted", "regular")
        return replace(
            self,
            calls=replace(calls, **dict.fromkeys(unused, nothing)),
            there=replace(there, **dict.fromkeys(unused_there, nothing)),
        )

    @property
    def unattended(self) -> Array:
        """Which calls are unattended: not led by a prompt, or not for longer than the grace, or claimed by a flag; expected ones aren't."""
        alone = ~self.there.led | self.there.left
        return np.asarray((alone if self.drained is None else alone | self.drained) & ~self.calls.expected)


def spend_by_source(people: Sequence[Watched], sources: Sequence[Source], start: datetime | None) -> tuple[SourceSpend, ...]:
    """Return what each source spent since `start` (naive UTC; None is always), highest unattended spend first."""
    since = milliseconds(start) if start else None
    rows = [row for one in people for row in _of_person(one, sources, since)]
    return tuple(sorted(rows, key=lambda row: (-row.unattended_nanos, -row.total_nanos, row.app, row.project or "")))


def _of_person(watched: Watched, sources: Sequence[Source], since: int | None) -> Iterator[SourceSpend]:
    calls, there = watched.calls, watched.there
    asked = np.ones(len(calls), dtype=bool) if since is None else calls.moment >= since
    unattended = watched.unattended
    words = latest(calls.moment, groups(calls.source), there.prompted)
    seen = np.flatnonzero(np.bincount(calls.source))
    place = np.zeros(len(sources), dtype=calls.source.dtype)
    place[seen] = np.arange(len(seen))
    place = place[calls.source]

    def add(which: Array, amounts: Array | None = None) -> Array:
        # sums by source of the calls that are asked for
        return np.bincount(place[which], None if amounts is None else amounts[which], len(seen))

    fire, empty = _fires(calls, unattended)
    totals = {
        "calls": add(asked),
        "expected_nanos": add(asked & calls.expected, calls.nanos),
        "unattended_nanos": add(asked & unattended, calls.nanos),
        "attended_nanos": add(asked & ~unattended & ~calls.expected, calls.nanos),
        "fires": add(asked & fire),
        "overnight_nanos": add(asked & unattended & there.quiet, calls.nanos),
    }
    told = add(asked & fire & (empty >= 0))
    without = add(asked & fire & (empty == 1))
    last = np.zeros(len(seen), dtype=np.int64)
    last[place] = np.arange(len(calls))
    word_of = words[last]
    after = np.bincount(place, calls.nanos * (calls.moment > np.where(word_of != NEVER, word_of, 0)[place]), len(seen))
    for number, source in enumerate(seen):
        at = int(last[number])
        named = sources[int(source)]
        values = {name: int(total[number]) for name, total in totals.items()}
        if not values["calls"]:
            continue
        word = int(words[at]) if words[at] != NEVER else None
        yield SourceSpend(
            app=named.app,
            account=named.account,
            project=named.project,
            run=named.run,
            cost_per_fire_nanos=round(values["unattended_nanos"] / values["fires"]) if values["fires"] else None,
            empty_fire_share=float(without[number] / told[number]) if told[number] else None,
            since_last_human_nanos=int(after[number]) if word else None,
            last_human_at=_datetime(word) if word else None,
            sees_prompts=bool(there.sees[at]),
            **values,
        )


def _fires(calls: Calls, unattended: Array) -> tuple[Array, Array]:
    """The calls with which unattended work begins; and of each whether all it did was to say next to nothing (-1 unknown)."""
    fire, empty = np.zeros(len(calls), dtype=bool), np.full(len(calls), -1)
    at = np.flatnonzero(unattended)
    at = at[np.argsort(calls.source[at], kind="stable")]
    if not len(at):
        return fire, empty
    begins = since_before(calls.moment[at], groups(calls.source[at])) >= PAUSE
    number = np.cumsum(begins) - 1
    said = np.bincount(number, np.maximum(calls.output_tokens[at], 0))
    known = np.bincount(number, calls.output_tokens[at] >= 0) > 0
    fire[at[begins]] = True
    empty[at[begins]] = np.where(known, said < evidence.LITTLE_OUTPUT, -1)
    return fire, empty


def hours_of(watched: Watched, which: Array, start: datetime, end: datetime) -> tuple[Hour, ...]:
    """Return one entry per hour from `start` to `end` (naive UTC, half-open), for the calls that the mask `which` keeps."""
    first = milliseconds(start) // HOUR
    count = max((milliseconds(end) - 1) // HOUR - first + 1, 1)
    calls, unattended = watched.calls, watched.unattended
    place = calls.moment // HOUR - first
    inside = which & (place >= 0) & (place < count)

    def of(kind: Array) -> Array:
        return np.bincount(place[inside & kind], calls.nanos[inside & kind], count)

    parts = zip(of(~unattended & ~calls.expected), of(unattended), of(calls.expected), strict=True)
    begin = _datetime(int(first * HOUR))
    return tuple(Hour(begin + timedelta(hours=number), *map(round, part)) for number, part in enumerate(parts))


def _datetime(milliseconds_: int) -> datetime:
    return datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds_)
