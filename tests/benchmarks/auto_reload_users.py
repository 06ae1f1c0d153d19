"""Made-up people who spend credits: sessions of requests, each of a kind of life, from a seed.

Every kind is a way of drawing sessions (when, how long, how fast, how dear a request) over half a year. Amounts are in dollars, times in
seconds since the first day, which is a Monday.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

DAY: Final = 86_400.0
WEEKS: Final = 24
DAYS: Final = 7 * WEEKS
KINDS: Final = ("light", "moderate", "heavy", "team", "regime", "seasonal", "new")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Person:
    """Credit spend over half a year; `begun` is when the first call was made, `shifts` the days on which the level jumped."""

    kind: str
    seed: int
    seconds: Floats
    usd: Floats
    begun: float = 0.0
    shifts: tuple[float, ...] = ()

    def between(self, start: float, end: float) -> tuple[Floats, Floats]:
        first, last = np.searchsorted(self.seconds, (start, end))
        return self.seconds[first:last], self.usd[first:last]

    @property
    def daily(self) -> Floats:
        """Dollars of each day."""
        return np.histogram(self.seconds, np.arange(DAYS + 1) * DAY, weights=self.usd)[0]


def person(kind: str, seed: int) -> Person:
    """The person of that kind and seed; always the same."""
    dice = np.random.default_rng([seed, KINDS.index(kind), 11])
    return {
        "light": _light,
        "moderate": _moderate,
        "heavy": _heavy,
        "team": _team,
        "regime": _regime,
        "seasonal": _seasonal,
        "new": _new,
    }[kind](seed, dice)


def _sessions(
    dice: np.random.Generator,
    level: Floats,
    *,
    sessions_a_day: float,
    minutes: float,
    gap_seconds: float,
    request_usd: float,
    spread: float = 1.0,
    weekend: float = 0.3,
    hours: tuple[float, float] = (9, 21),
) -> tuple[Floats, Floats]:
    """Sessions of one person: log-normal lengths and pauses; a session's requests grow dearer as its context grows."""
    weekday = np.arange(DAYS) % 7
    rate = sessions_a_day * np.where(weekday >= 5, weekend, 1.0) * level
    counts = dice.poisson(rate)
    begun, costs = [], []
    for day in np.flatnonzero(counts):
        for _ in range(counts[day]):
            start = day * DAY + 3600 * dice.uniform(*hours)
            length = 60 * minutes * np.exp(0.9 * dice.standard_normal())
            many = max(1, int(length / gap_seconds))
            gaps = gap_seconds * np.exp(0.8 * dice.standard_normal(many))
            dear = request_usd * np.exp(0.5 * dice.standard_normal())
            growth = 0.4 + 1.2 * np.minimum(np.arange(many) / 60, 2.0)
            begun.append(start + np.cumsum(gaps))
            costs.append(dear * growth * np.exp(spread * dice.standard_normal(many) - spread**2 / 2))
    return _joined(begun, costs)


def _joined(moments: list[Floats], costs: list[Floats]) -> tuple[Floats, Floats]:
    if not moments:
        return np.empty(0), np.empty(0)
    at, usd = np.concatenate(moments), np.concatenate(costs)
    order = np.argsort(at, kind="stable")
    at, usd = at[order], np.round(usd[order], 6)
    kept = (at < DAYS * DAY) & (usd > 0)
    return at[kept], usd[kept]


def _wobble(dice: np.random.Generator, sigma: float) -> Floats:
    """A level for each day: steady within a week, wandering about 1 from week to week."""
    weeks = np.empty(WEEKS)
    state = sigma * dice.standard_normal()
    for week in range(WEEKS):
        weeks[week] = state
        state = 0.6 * state + 0.8 * sigma * dice.standard_normal()
    return np.repeat(np.exp(weeks), 7)


def _light(seed: int, dice: np.random.Generator) -> Person:
    """Now and then over the plan's allowance: a few cents to a few dollars a month."""
    level = _wobble(dice, 0.5) * np.exp(0.5 * dice.standard_normal())
    return Person("light", seed, *_sessions(dice, level, sessions_a_day=0.22, minutes=16, gap_seconds=80, request_usd=0.025))


def _moderate(seed: int, dice: np.random.Generator, kind: str = "moderate", level: Floats | None = None) -> Person:
    """Afternoons of coding that run over the plan: some days nothing, some days ten dollars."""
    own = np.exp(0.5 * dice.standard_normal())
    level = _wobble(dice, 0.4) * own * (1 if level is None else level)
    at, usd = _sessions(dice, level, sessions_a_day=0.7, minutes=50, gap_seconds=45, request_usd=0.018, spread=1.1)
    return Person(kind, seed, at, usd)


def _heavy(seed: int, dice: np.random.Generator) -> Person:
    """Agents around the clock: a steady loop with quiet and busy hours, and fan-outs of many requests at once."""
    own = 16 * np.exp(0.45 * dice.standard_normal())  # dollars a day
    day_level = _wobble(dice, 0.25) * np.exp(0.25 * dice.standard_normal(DAYS))
    hour_level = np.exp(0.6 * dice.standard_normal(DAYS * 24)) * np.repeat(day_level, 24)
    request = 0.06 * np.exp(0.4 * dice.standard_normal())
    counts = dice.poisson(0.7 * own / 24 / request * hour_level / np.exp(0.2))
    at = np.repeat(np.arange(DAYS * 24) * 3600.0, counts) + 3600 * dice.random(counts.sum())
    usd = request * np.exp(0.8 * dice.standard_normal(len(at)) - 0.32)
    moments, costs = [at], [usd]
    for _ in range(dice.poisson(0.5 * DAYS)):
        many = int(dice.integers(10, 60))
        moments.append(dice.uniform(0, DAYS * DAY) + np.sort(dice.uniform(0, 600, many)))
        costs.append(0.3 * own / 0.5 / 35 * np.exp(0.8 * dice.standard_normal(many) - 0.32))
    return Person("heavy", seed, *_joined(moments, costs))


def _team(seed: int, dice: np.random.Generator) -> Person:
    """Four to twelve people on one balance, in working hours, a few of whom spend most."""
    together, moments, costs = _wobble(dice, 0.25), [], []
    for _ in range(int(dice.integers(4, 13))):
        level = _wobble(dice, 0.4) * together * np.exp(0.8 * dice.standard_normal())
        at, usd = _sessions(
            dice, level, sessions_a_day=0.8, minutes=45, gap_seconds=50, request_usd=0.022, weekend=0.05, hours=(8, 18)
        )
        moments.append(at)
        costs.append(usd)
    return Person("team", seed, *_joined(moments, costs))


def _regime(seed: int, dice: np.random.Generator) -> Person:
    """Moderate, until a new project multiplies the spend; for some it goes back."""
    level, day = np.ones(DAYS), int(dice.integers(7 * 9, 7 * 22))
    level[day:] *= dice.uniform(2.0, 4.5) if dice.random() < 0.75 else dice.uniform(0.2, 0.5)
    found = _moderate(seed, dice, "regime", level)
    return Person("regime", seed, found.seconds, found.usd, 0.0, (float(day),))


def _seasonal(seed: int, dice: np.random.Generator) -> Person:
    """Moderate, with a crunch at the end of every month and a slow tide over the quarter."""
    day = np.arange(DAYS)
    tide = np.exp(0.4 * np.sin(2 * np.pi * (day / 84 + dice.random())))
    crunch = np.where((day + int(dice.integers(0, 30))) % 30 >= 24, dice.uniform(1.8, 3.0), 0.8)
    return _moderate(seed, dice, "seasonal", tide * crunch)


def _new(seed: int, dice: np.random.Generator) -> Person:
    """Somebody of another kind whose history begins two weeks before they ask."""
    other = person(("moderate", "heavy", "team")[int(dice.integers(0, 3))], seed + 500_000)
    return Person("new", seed, other.seconds, other.usd)
