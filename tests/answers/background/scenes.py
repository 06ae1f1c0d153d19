"""A person at the office for weeks, and what may happen there: calls to be judged, without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from tests.benchmarks.background_people import DAY, HOUR, Call, Person, moment
from tests.benchmarks.background_scoring import rows_of
from usage_analytics.answers import background
from usage_analytics.answers.background.flags import Flag, Found
from usage_analytics.control.expected import ExpectedRun

DAYS = 35
NIGHT = 30 * DAY + 22 * HOUR  # of a Wednesday, four weeks and two days in


def office(*, app: str = "Claude Code", days: int = DAYS, usd: float = 0.05, first: int = 0, hour: float = 9.0) -> list[Call]:
    """Working days from nine to five: a word every twelve minutes, and three calls for each."""
    calls = []
    for day in range(first, days):
        if day % 7 >= 5:
            continue
        for turn in range(40):
            at = day * DAY + hour * HOUR + turn * 720 + (turn * 37 + day * 11) % 300
            thread = f"{app} {day} {turn // 10}"
            calls += [Call(at + step * 9, app, usd, step == 0, "interactive", "site", thread) for step in range(3)]
    return calls


def nightly(*, app: str = "nightly-report", days: int = DAYS, usd: float = 0.08, at: float = 2.5) -> list[Call]:
    """Thirty calls every night."""
    return every(
        13, 30 * 13, app=app, usd=usd, starts=[day * DAY + at * HOUR + day % 5 * 20 for day in range(days)], run="scheduled"
    )


def every(
    seconds: float, lasts: float, *, app: str, usd: float, starts: Sequence[float] = (NIGHT,), jitter: float = 0.0, **more: Any
) -> list[Call]:
    """Calls at a steady pace, from each start on."""
    made: dict[str, Any] = {"human": False, "run": None} | more
    return [
        Call(start + number * seconds + jitter * seconds * ((number * 7919) % 100 / 100 - 0.5), app, usd, **made)
        for start in starts
        for number in range(int(lasts // seconds))
    ]


def judged(
    *calls: Sequence[Call],
    now: float = DAYS * DAY,
    also: Sequence[Call] = (),
    accounts: Mapping[str, str] = MappingProxyType({}),
    **more: Any,
) -> Found:
    """What is found in the calls as of a moment; `accounts` by app, of those that are not the person's own."""
    together = sorted((call for part in (*calls, also) for call in part), key=lambda call: call.at)
    person = Person(0, None, DAYS, together, [], [], [], lambda app: accounts.get(app, "me@example.org"))
    return background.judge(rows_of(person), moment(now), **more)


def only(found: Found) -> Flag:
    """The one flag there is."""
    (flag,) = found.flags
    return flag


def at(seconds: float) -> datetime:
    """A moment of a scene."""
    return moment(seconds)


def unprompted(calls: Sequence[Call]) -> list[Call]:
    """The same calls by a log that does not tell prompts or runs."""
    return [replace(call, human=None, run=None) for call in calls]


def expect(app: str, start: float, end: float | None) -> ExpectedRun:
    """A declaration."""
    return ExpectedRun(app, moment(start), None if end is None else moment(end), declared_at=moment(start) + timedelta(days=9))
