"""Usage by hour against windows of five hours and of a week: how much of it each plan would have covered, and how much not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np

from usage_analytics.answers.savings.allowances import WEEK, Allowance, Seen
from usage_analytics.answers.savings.calls import Flags, Floats

USD: Final = 1_000_000_000
FEES: Final = {"pro": 20 * USD, "max5": 100 * USD, "max20": 200 * USD, "team": 30 * USD, "api": 0}
# What a window holds, in those of Pro. A session is in the plan's name; of a week no multiple is published, so it is between the hours
# that were once announced and the name.
Case = tuple[float, float, float]
SESSIONS: Final[dict[str, Case]] = {"pro": (1, 1, 1), "max5": (5, 5, 5), "max20": (20, 20, 20), "team": (1, 1.25, 1.5)}
WEEKS: Final[dict[str, Case]] = {"pro": (1, 1, 1), "max5": (3.5, 4.2, 5), "max20": (6, 11, 20), "team": (1, 1.25, 1.5)}
GAUGES: Final = {"session": SESSIONS, "weekly": WEEKS}
# What a window of Pro holds in nano-dollars of list prices, by what users have reported: fullness beside priced use of Max 5x (520 and 550
# dollars a week) and Max 20x (490 to 1,300), in early 2026. Unlike readings, they say nothing of this account.
REPORTED: Final[dict[str, Case]] = {"session": (4 * USD, 6.5 * USD, 11 * USD), "weekly": (35 * USD, 60 * USD, 100 * USD)}
HOUR, HOURS_OF_SESSION, HOURS_OF_WEEK = 3600, 5, 168
DAY: Final = 86_400


def held_by(
    plan: str, now: str, known: dict[str, Allowance | None], least: dict[str, float], *, full: bool
) -> list[tuple[float, ...]]:
    """What a session and a week of a plan hold in the low, middle and high case of its cost: the most that they may hold costs least.

    Of a window of which nothing is known, the plan in use (`now`) is taken to hold the `least` that it was seen to, or anything more:
    in the middle case the least where windows were `full` at times, else no end.
    """
    cases = []
    for gauge, multiples in GAUGES.items():
        own, times, of_own = known[gauge], multiples[plan], multiples[now]
        if own is None:
            some = least[gauge] * (1.0 if plan == now else times[0] / of_own[2])
            cases.append((np.inf, some if full else np.inf, some))
        elif plan == now:
            cases.append((own.high, own.mid, own.low))
        else:
            cases.append((own.high * times[2] / of_own[0], own.mid * times[1] / of_own[1], own.low * times[0] / of_own[2]))
    return list(zip(*cases, strict=True))


def as_reported(now: str, least: dict[str, float]) -> dict[str, list[tuple[float, ...]]]:
    """What a session and a week of each plan hold by `REPORTED`, in the cases of `held_by`; at least what was seen of the plan in use."""
    known: dict[str, Allowance | None] = {gauge: Allowance(*case, 0, 0) for gauge, case in REPORTED.items()}
    found = {}
    for plan in SESSIONS:
        seen = [least[gauge] * (1.0 if plan == now else times[plan][0] / times[now][2]) for gauge, times in GAUGES.items()]
        cases = held_by(plan, "pro", known, least, full=False)
        found[plan] = [tuple(max(pair) for pair in zip(case, seen, strict=True)) for case in cases]
    return found


class Hours:
    """Usage by the hour, from the first call on, in nano-dollars of list prices; weeks begin when the plan's do, where that is known."""

    def __init__(self, seconds: Floats, bill: Floats, seen: Sequence[Seen] = ()) -> None:
        """What was `seen` of weekly windows says when a week begins."""
        anchor = int(max((one.resets_at for one in seen if one.gauge == "weekly"), default=seconds.max(initial=0) + 1))
        self._start = anchor - ceil((anchor - seconds.min(initial=anchor)) / WEEK) * int(WEEK)
        self._place = ((seconds - self._start) // HOUR).astype(int)
        self._bill = bill
        size = int(self._place.max(initial=-1)) + 1
        self.weeks = ceil(size / HOURS_OF_WEEK)
        ends = self._start + (np.arange(self.weeks) + 1) * WEEK
        self.whole = (ends <= seconds.max(initial=0) + 2 * DAY) & (ends - WEEK >= seconds.min(initial=0) - 2 * DAY)
        self.value = self._by_hour(bill)
        self._session = self._sessions()

    @property
    def starts(self) -> Floats:
        """When each hour begins, in seconds since 1970."""
        found: Floats = self._start + np.arange(len(self.value)) * float(HOUR)
        return found

    def of(self, chosen: Flags) -> Floats:
        """What some of the calls cost, by the hour."""
        return self._by_hour(self._bill * chosen)

    def most(self, by_hour: Floats) -> dict[str, float]:
        """The most that fell into one session, and into one week."""
        sessions = np.bincount(self._session, by_hour)
        return {"session": float(sessions.max(initial=0)), "weekly": float(self.by_week(by_hour).max(initial=0))}

    def _by_hour(self, values: Floats) -> Floats:
        return np.bincount(self._place, values, minlength=self.weeks * HOURS_OF_WEEK).astype("float64")

    def by_week(self, by_hour: Floats) -> Floats:
        """The sums of weeks."""
        found: Floats = by_hour.reshape(self.weeks, HOURS_OF_WEEK).sum(axis=1)
        return found

    def beyond(self, session: float, week: float) -> Floats:
        """What of each hour exceeds windows of five hours and of a week that hold so much, in nano-dollars."""
        inside = _filled(self.value, self._session, session)
        return self.value - _filled(inside, np.arange(len(self.value)) // HOURS_OF_WEEK, week)

    def beyond_at(self, times: float, session: float, week: float) -> float:
        """The sum of what is beyond, were so many times as much used in every hour."""
        return times * float(self.beyond(session / times, week / times).sum())

    def _sessions(self) -> np.ndarray:
        """The number of the session of each hour: one begins with the first call after the last has ended."""
        number, ends, sessions = -1, 0, np.zeros(len(self.value), dtype=int)
        for hour, value in enumerate(self.value.tolist()):
            if value and hour >= ends:
                number, ends = number + 1, hour + HOURS_OF_SESSION
            sessions[hour] = max(number, 0)
        return sessions


def _filled(value: Floats, window: np.ndarray, holds: float) -> Floats:
    """What of each hour its window still holds."""
    total = np.cumsum(value)
    starts = np.flatnonzero(np.diff(window, prepend=-1))
    before = np.repeat((total - value)[starts], np.diff(np.append(starts, len(value))))
    inside = np.minimum(total - before, holds)
    found: Floats = np.maximum(inside - np.minimum(total - value - before, holds), 0)
    return found


@dataclass(frozen=True, slots=True)
class Holds:
    """What windows hold by plan and case (see `held_by`), how much dearer usage is beyond them, and what is known of which gauge.

    `bounded` is what they hold in the middle case, if that of which nothing is known is as far off as it may be; empty where all is known.
    """

    windows: dict[str, list[tuple[float, ...]]]
    bounded: dict[str, tuple[float, ...]]
    dearer: float
    known: dict[str, Allowance | None]
    least: dict[str, float]

    @property
    def whole(self) -> bool:
        """Whether both kinds of windows are known."""
        return bool(self.windows) and all(self.known.values())

    def cost(self, plan: str, hours: Hours, case: int = 1) -> Floats:
        """What a plan costs beside its fee, by the hour."""
        beyond = hours.value if plan == "api" else hours.beyond(*self.windows[plan][case])
        return beyond * self.dearer


@dataclass(frozen=True, slots=True)
class History:
    """All usage by the hour (seconds since 1970, and nano-dollars), and the whole months in it: name, begin and end in seconds."""

    seconds: Floats
    nanos: Floats
    months: tuple[tuple[str, float, float], ...]
