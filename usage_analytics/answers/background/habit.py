"""The usual week of a flag's app, or where it is too new to have one of its person, and the hours of that week in which it drained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from usage_analytics import format
from usage_analytics.answers.background.calls import milliseconds
from usage_analytics.answers.background.units import DAY, HABIT_DAYS, HOUR, MINUTE, Array
from usage_analytics.answers.background.verdict import moment_of

if TYPE_CHECKING:
    from usage_analytics.answers.background.flags import Flag
    from usage_analytics.answers.background.spend import Watched

HOURS: Final = 7 * 24
QUARTER: Final = 15 * MINUTE  # every zone is so many of them off UTC
SHORTEST: Final = 7 * DAY  # of data before the drain: less is no week


@dataclass(frozen=True, slots=True)
class Week:
    """The 168 hours of a week on the person's clock, from Monday 00:00; of the four weeks before a drain began."""

    measure: Literal["spend", "prompts"]
    usual: tuple[
        float, ...
    ]  # nano-dollars an hour of the flag's app, or in which part of the weeks the person prompts in that hour
    drained_nanos: tuple[int | None, ...]  # None where the drain made no call
    title: str
    said: str
    alt: str


def week_of(watched: Watched, which: Array, flag: Flag, zone: str) -> Week | None:
    """The week of a flag; `which` marks its app's calls. None where there is less than a week before it, or nothing usual in it."""
    calls, began = watched.calls, milliseconds(flag.started_at)
    start = max(began - HABIT_DAYS * DAY, int(calls.moment[0]))
    if began - start < SHORTEST:
        return None
    before = (calls.moment >= start) & (calls.moment < began)
    own = before & which if watched.drained is None else before & which & ~watched.drained
    hours = np.unique(calls.moment[before & watched.there.prompted] // HOUR) * HOUR
    spent, prompts = _by_hour(calls.moment[own], zone, calls.nanos[own]), _by_hour(hours, zone)
    seen = np.maximum(_by_hour(np.arange(start, began, HOUR), zone), 1)
    inside = which & (calls.moment >= began) & (calls.moment <= milliseconds(flag.last_seen_at))
    if flag.kind != "fan_out":  # whose calls a prompt led to
        inside &= watched.unattended
    moment = calls.moment[inside]
    if not len(moment) or not (spent.any() or prompts.any()):
        return None
    usual, drained, ran = (
        (spent if spent.any() else prompts) / seen,
        _by_hour(moment, zone, calls.nanos[inside]),
        _by_hour(moment, zone) > 0,
    )
    rate = float(drained.sum()) / len(np.unique(moment // HOUR))
    title, said = _words(flag, float(usual[ran].mean()), rate, spends=bool(spent.any()))
    when = f"The drain ran from {format.moment(flag.started_at, zone)} to {format.moment(flag.last_seen_at, zone)}."
    return Week(
        "spend" if spent.any() else "prompts",
        tuple(usual.tolist()),
        tuple(round(one) if here else None for one, here in zip(drained, ran, strict=True)),
        title,
        said,
        f"{title}. {when} {said}",
    )


def _words(flag: Flag, usual: float, rate: float, *, spends: bool) -> tuple[str, str]:
    """A title, and what is usual in the hours of the drain beside what it spent."""
    app = format.name(flag.app, 40)
    if spends:
        then = format.per_hour(usual) if usual else "nothing"
        said = f"In the hours it ran, {app} usually spends {then}; this drain spent {format.per_hour(rate)}."
        return f"Usual spend of {app} by hour of the week", said
    said = f"{app} has no usual spend yet. At the hours when it ran, you prompt {format.percent(usual)} of the time."
    return "Hours in which you usually prompt", said


def _by_hour(moment: Array, zone: str, amounts: Array | None = None) -> Array:
    """How many moments lie in each hour of the week on the person's clock, or the sums of their amounts."""
    quarters, place = np.unique(moment // QUARTER, return_inverse=True)
    local = [format.local(moment_of(int(one) * QUARTER), zone) for one in quarters]
    slots = np.array([one.weekday() * 24 + one.hour for one in local], dtype=np.int64)[place]
    return np.bincount(slots, amounts, HOURS)
