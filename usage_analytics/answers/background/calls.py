"""Calls as arrays: person by person and in order of time, each with its source, stream, thread and person.

A *source* is an app, account, project and kind of run. A *stream* is what we judge as one: an account's app, with its programs apart from
what a person may lead. A *thread* is a conversation or, without one, a project's part of the stream. A *person* is an account.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from usage_analytics.answers.background.groups import SMALL
from usage_analytics.answers.background.units import HOUR, MINUTE, Array

if TYPE_CHECKING:
    from usage_analytics.control.expected import ExpectedRun

Text = str | None

SPREAD: Final = np.int64(0x1E3779B97F4A7C15)  # keeps the threads of different streams apart
LARGEST: Final = np.int64(2**62 - 1)
EARLY: Final = 5 * MINUTE  # a declared run may begin so much before its time
PROGRAMS: Final = ("headless", "scheduled", "ci")


@dataclass(frozen=True, slots=True)
class Source:
    """An app, account, project and kind of run; None if the log doesn't say."""

    app: str
    account: Text
    project: Text
    run: Text

    @property
    def is_program(self) -> bool:
        """Whether, by the log, no person leads it."""
        return self.run in PROGRAMS


@dataclass(frozen=True, slots=True)
class Calls:
    """Arrays of equal length, one entry per call; moments in milliseconds since 1970 (UTC); -1 is an unknown number."""

    moment: Array
    source: Array
    stream: Array
    thread: Array
    person: Array
    human: Array  # 1: a prompt led to it, 0: none did, -1: unknown
    nanos: Array  # cost in nano-dollars; 0 if unpriced
    prompt_tokens: Array
    output_tokens: Array
    failed: Array
    model: Array
    paid: Array
    expected: Array  # part of a run marked as expected

    def __len__(self) -> int:
        """Return the number of calls."""
        return len(self.moment)

    def pick(self, which: Array | slice) -> Calls:
        """Return only these calls; `which` is a mask, indices or a slice. With a slice, the arrays are shared."""
        return Calls(*(getattr(self, field.name)[which] for field in fields(self)))

    def by_person(self) -> Iterator[Calls]:
        """Yield each person's calls, in order of time."""
        ends = [*(np.flatnonzero(self.person[1:] != self.person[:-1]) + 1).tolist(), len(self)]
        yield from (self.pick(slice(start, end)) for start, end in zip([0, *ends[:-1]], ends, strict=True) if end)


def sources_of(columns: Mapping[str, Any]) -> tuple[Source, ...]:
    """Return the rows of the query `background_sources`, in order."""
    named = [
        [None if one is None or one is np.ma.masked or one != one else str(one) for one in np.ma.asarray(columns[name]).tolist()]
        for name in ("app", "account", "project", "run")
    ]
    return tuple(Source(str(app), *others) for app, *others in zip(*named, strict=True))


def calls_of(rows: Mapping[str, Mapping[str, Any]], before: int, expected: Sequence[ExpectedRun] = ()) -> Calls:
    """Return the calls of the query `background_calls` before a moment (milliseconds since 1970): person by person, in order of time.

    Numbers of few values are narrow: a million calls of a column are read and moved many times.
    """
    columns, sources = rows["background_calls"], sources_of(rows["background_sources"])
    order = _in_order(np.asarray(columns["moment"], dtype=np.int64), np.asarray(columns["tie"]), before)
    source = _places(np.asarray(rows["background_sources"]["source"]), np.asarray(columns["source"])[order])
    of_person = _numbers([one.account for one in sources])
    declared = _expected(np.asarray(columns["moment"], dtype=np.int64)[order], source, sources, expected)
    if len(set(of_person.tolist())) > 1:
        of_each = np.argsort(of_person[source], kind="stable")
        order, source, declared = order[of_each], source[of_each], declared[of_each]
    stream = _numbers([(one.account, one.app, one.is_program) for one in sources])[source]
    apart = _numbers([(one.account, one.app, one.is_program, one.project) for one in sources])[source]
    named, model = np.asarray(columns["thread"])[order].astype(np.int64, copy=False), np.asarray(columns["model"])
    return Calls(
        np.asarray(columns["moment"], dtype=np.int64)[order],
        source,
        stream,
        np.where(named > 0, (named ^ (stream * SPREAD)) & LARGEST, np.int64(-1) - apart),
        of_person[source],
        np.asarray(columns["human"])[order],
        np.maximum(np.asarray(columns["nanos"])[order], 0).astype(np.float64),
        np.asarray(columns["prompt_tokens"])[order],
        np.asarray(columns["output_tokens"])[order],
        np.asarray(columns["failed"])[order].astype(bool, copy=False),
        _places(np.union1d([0], np.unique(model)), model[order]),  # 0 stays what is not named
        np.asarray(columns["paid"])[order],
        declared,
    )


def _in_order(moment: Array, tie: Array, before: int) -> Array:
    """The calls before a moment in the order of time; those of the same moment always stand in the same order."""
    order = np.argsort(moment, kind="stable")
    moment = moment[order]
    same = moment[1:] == moment[:-1]
    if same.any():
        tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
        order[tied] = order[tied][np.lexsort((tie[order[tied]], moment[tied]))]
    return order[: int(np.searchsorted(moment, before))]


def present_of(columns: Mapping[str, Any] | None, before: int) -> dict[str | None, Array]:
    """Return the moments of the query `present` before one, by account, sorted, in milliseconds since 1970; none if `rows` is None."""
    if columns is None:
        return {}
    moments = np.asarray(columns["moment"], dtype=np.int64)
    accounts = [None if one is None or one is np.ma.masked else str(one) for one in np.ma.asarray(columns["account"]).tolist()]
    whose = np.array([account or "" for account in accounts], dtype=object)
    return {account: moments[(whose == (account or "")) & (moments < before)] for account in dict.fromkeys(accounts)}


def _expected(moment: Array, source: Array, sources: Sequence[Source], expected: Sequence[ExpectedRun]) -> Array:
    declared = np.zeros(len(moment), dtype=bool)
    for run in expected:
        matching = np.array(
            [run.app == one.app and run.account in (None, one.account) and run.project in (None, one.project) for one in sources],
            dtype=bool,
        )
        begins, end = milliseconds(run.start), len(moment)
        start = int(np.searchsorted(moment, begins - EARLY))
        if run.end:  # a tenth of its length late, an hour at most, is not late
            ends = milliseconds(run.end)
            end = int(np.searchsorted(moment, ends + min((ends - begins) // 10, HOUR)))
        declared[start:end] |= matching[source[start:end]]
    return declared


def milliseconds(moment: datetime) -> int:
    """Return a naive UTC datetime as milliseconds since 1970."""
    return int(np.datetime64(moment, "ms").astype(np.int64))


def _numbers(keys: Sequence[object]) -> Array:
    """A number for each key, the same for equal ones."""
    known: dict[object, int] = {}
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype=narrow(len(keys)))


def _places(known: Array, names: Array) -> Array:
    """The place of each name, which is a large number, among the known ones."""
    by_name = np.argsort(known).astype(narrow(len(known)))
    return by_name[np.searchsorted(known[by_name], names)] if len(known) else by_name


def narrow(count: int) -> type[np.int16 | np.int32]:
    """The type of so many numbers from 0 on."""
    return np.int16 if count < SMALL else np.int32
