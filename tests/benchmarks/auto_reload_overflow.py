"""The same kinds of people once more, as a plan makes them: credits pay for the work beyond a week's allowance.

Work itself is even; what falls on credits is not: nothing at the start of an allowance week, everything at its end. A shift of habits is a
new job, a ramp over weeks, or a burst that goes back. A season is the calendar's: month ends, holidays, a summer.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from tests.benchmarks.auto_reload_users import DAY, DAYS, KINDS, WEEKS, Floats, Person

USD_A_DAY: Final = {"light": 3.0, "moderate": 9.0, "heavy": 40.0, "team": 60.0, "regime": 10.0, "seasonal": 11.0}
# of an ordinary week's work, what the plan pays for
ALLOWED: Final = {"light": 1.25, "moderate": 0.85, "heavy": 0.5, "team": 0.7, "regime": 0.8, "seasonal": 0.8}


def overflowing(kind: str, seed: int) -> Person:
    """The person of that kind and seed; always the same."""
    dice = np.random.default_rng([seed, KINDS.index(kind), 37])
    if kind == "new":
        found = overflowing(("moderate", "heavy", "team", "regime")[int(dice.integers(0, 4))], seed + 500_000)
        return Person("new", seed, found.seconds, found.usd)
    own = USD_A_DAY[kind] * np.exp(0.5 * dice.standard_normal())
    level, shifts = _habits(dice, kind)
    at, usd = _work(dice, own * level * _working_days(dice, kind), kind)
    week = ((at - dice.uniform(0, 7) * DAY) // (7 * DAY)).astype(int) + 1
    running = np.cumsum(usd)
    begun = np.searchsorted(week, np.arange(WEEKS + 2))
    used = running - np.concatenate([[0.0], running])[begun[week]]
    over = used > ALLOWED[kind] * 5 * own
    return Person(kind, seed, at[over], np.round(usd[over], 6), 0.0, shifts)


def _habits(dice: np.random.Generator, kind: str) -> tuple[Floats, tuple[float, ...]]:
    """A level for each day, and the days on which it shifts."""
    week = 0.2 * dice.standard_normal(WEEKS)
    level = np.repeat(np.exp(week + 0.1 * np.cumsum(0.6 * dice.standard_normal(WEEKS))), 7)
    day = np.arange(DAYS)
    if kind == "seasonal":
        month_day = (day + 4) % 30
        level = level * np.where(month_day >= 25, dice.uniform(1.3, 2.0), 0.85)
        level *= 1 + 0.25 * np.sin(2 * np.pi * (day / 120 + dice.random()))
    if kind != "regime":
        return level, ()
    begun, how = int(dice.integers(7 * 8, 7 * 22)), dice.random()
    if how < 0.5:
        level[begun:] *= dice.choice([0.5, 1.4, 1.8, 2.2])
    elif how < 0.75:
        level *= 1 + dice.uniform(0.5, 1.2) * np.clip((day - begun) / 28, 0, 1)
    else:
        level[begun : begun + int(dice.integers(14, 42))] *= dice.uniform(1.5, 2.2)
    return level, (float(begun),)


def _working_days(dice: np.random.Generator, kind: str) -> Floats:
    """Working days and weekends, holidays, and how much of a day is worked."""
    weekend = {"heavy": 0.9, "team": 0.03}.get(kind, float(dice.choice([0.1, 0.6])))
    level = np.where(np.arange(DAYS) % 7 >= 5, weekend, 1.0)
    for _ in range(dice.poisson(1.0)):
        start = int(dice.integers(0, DAYS))
        level[start : start + int(dice.integers(2, 9))] *= 0.05 if kind != "heavy" else 0.6
    return level * np.exp(0.4 * dice.standard_normal(DAYS) - 0.08)


def _work(dice: np.random.Generator, usd_a_day: Floats, kind: str) -> tuple[Floats, Floats]:
    """Tasks of gamma-distributed cost, each a chain of calls; a few tasks fan out to several chains at once."""
    task = {"light": 0.5, "heavy": 2.5, "team": 1.5}.get(kind, 1.2) * np.exp(0.3 * dice.standard_normal())
    counts = dice.poisson(usd_a_day / task)
    day = np.repeat(np.arange(DAYS), counts)
    hour = dice.uniform(0, 24, len(day)) if kind == "heavy" else 9 + 9 * dice.beta(1.3, 1.3, len(day))
    worth = task * dice.gamma(0.8, 1 / 0.8, len(day))
    calls = np.clip(np.ceil(worth / (0.05 * dice.gamma(3, 1 / 3, len(day)))), 1, 300).astype(int)
    fan_out = np.where(dice.random(len(day)) < 0.07, 0.1, 1.0)
    owner = np.repeat(np.arange(len(day)), calls)
    pause = dice.gamma(0.7, 40 / 0.7, len(owner)) * fan_out[owner]
    ran, ends = np.cumsum(pause), np.cumsum(calls)
    since = ran - np.concatenate([[0.0], ran])[(ends - calls)[owner]]
    shares = dice.gamma(1.5, 1.0, len(owner))
    totals = np.add.reduceat(shares, ends - calls) if len(ends) else np.ones(0)
    at = (day * DAY + hour * 3600)[owner] + since
    usd = worth[owner] * shares / totals[owner]
    order = np.argsort(at, kind="stable")
    kept = at[order] < DAYS * DAY
    return at[order][kept], usd[order][kept]
