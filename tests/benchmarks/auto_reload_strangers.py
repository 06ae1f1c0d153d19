"""The same kinds of people, made in another way: not by sessions but by an intensity that wanders from hour to hour.

Heavier tails (Pareto costs), clustered arrivals (each request may bring others), growth, holidays and pauses, nightly batches. The few
weights of the method and the spread of the monthly limit were chosen by what is good for both makers' people, of other seeds.
"""

from __future__ import annotations

import numpy as np

from tests.benchmarks.auto_reload_users import DAY, DAYS, KINDS, Floats, Person

HOURS = DAYS * 24


def stranger(kind: str, seed: int) -> Person:
    """The stranger of that kind and seed; always the same."""
    dice = np.random.default_rng([seed, KINDS.index(kind), 23])
    if kind == "new":
        found = stranger(("moderate", "heavy", "team", "seasonal")[int(dice.integers(0, 4))], seed + 500_000)
        return Person("new", seed, found.seconds, found.usd)
    monthly = {"light": 3, "moderate": 60, "heavy": 500, "team": 350, "regime": 90, "seasonal": 80}[kind]
    monthly *= np.exp(0.7 * dice.standard_normal())
    shape = _awake(dice, kind) * _wandering(dice, kind) * _calendar(dice, kind)
    shifts: tuple[float, ...] = ()
    if kind == "regime":
        day = int(dice.integers(7 * 9, 7 * 22))
        shape[day * 24 :] *= np.exp(dice.choice([-1.0, 0.8, 1.2, 1.6]))
        shifts = (float(day),)
    at, usd = _requests(dice, shape * (monthly / 28 / 24) / max(shape[: 63 * 24].mean(), 1e-9), kind)
    return Person(kind, seed, at, usd, 0.0, shifts)


def _awake(dice: np.random.Generator, kind: str) -> Floats:
    """When somebody works: a smooth day with a lunch, weekends as people have them; agents always."""
    hour, weekday = np.arange(HOURS) % 24, np.arange(HOURS) // 24 % 7
    if kind == "heavy":
        return 0.6 + 0.4 * np.cos((hour - dice.uniform(0, 24)) / 24 * 2 * np.pi)
    middle = dice.normal(14, 2)
    day = np.exp(-(((hour - middle + 12) % 24 - 12) ** 2) / (2 * 3.0**2)) * np.where(hour == 12, 0.4, 1.0)
    free = dice.choice([0.0, 0.2, 0.8]) if kind != "team" else 0.02
    return day * np.where(weekday >= 5, free, 1.0)


def _wandering(dice: np.random.Generator, kind: str) -> Floats:
    """A level that wanders by the day, and on how many days anything falls on credits at all."""
    sigma, active = {"light": (1.0, 0.12), "heavy": (0.35, 1.0), "team": (0.3, 1.0)}.get(kind, (0.8, 0.5))
    state, level = 0.0, np.empty(DAYS)
    for day in range(DAYS):
        state = 0.85 * state + sigma * 0.53 * dice.standard_normal()
        level[day] = np.exp(state) * (dice.random() < active)
    return np.repeat(level, 24) * np.exp(0.7 * dice.standard_normal(HOURS) - 0.25)


def _calendar(dice: np.random.Generator, kind: str) -> Floats:
    """Growth, holidays, pauses, and the tides of the seasonal."""
    day = np.arange(DAYS)
    level = np.exp(dice.normal(0.0, 0.02) * day / 7)
    if dice.random() < 0.25 and kind != "heavy":
        start = int(dice.integers(0, DAYS - 10))
        level[start : start + int(dice.integers(4, 10))] = 0
    if kind == "seasonal":
        level *= 1 + 0.8 * np.sin(2 * np.pi * (day / dice.uniform(25, 90) + dice.random()))
        level *= np.where(day % 14 >= 10, 1.5, 0.8)
    return np.repeat(level, 24)


def _requests(dice: np.random.Generator, usd_an_hour: Floats, kind: str) -> tuple[Floats, Floats]:
    """Seeds of activity by the hour; each brings a heavy-tailed number of followers with Pareto pauses and Pareto costs."""
    follow, price = {"light": (4, 0.04), "heavy": (6, 0.05), "team": (8, 0.05)}.get(kind, (12, 0.06))
    price *= np.exp(0.4 * dice.standard_normal())
    counts = dice.poisson(usd_an_hour / (price * follow))
    begun = np.repeat(np.arange(HOURS) * 3600.0, counts) + 3600 * dice.random(counts.sum())
    many = np.minimum(np.ceil(follow * 0.45 * (1 + dice.pareto(1.8, len(begun)))), 400).astype(int)
    at = np.repeat(begun, many)
    pause = np.minimum(15 * (1 + dice.pareto(1.3, len(at))), 1800)
    ends = np.cumsum(many)
    run = np.cumsum(pause)
    at = at + run - np.repeat(np.concatenate([[0.0], run[ends[:-1] - 1]]) if len(ends) else [], many)
    usd = price * 0.5 * np.minimum(1 + dice.pareto(2.0, len(at)), 60)
    if kind in ("heavy", "seasonal") and dice.random() < 0.5:
        nights = np.flatnonzero(dice.random(DAYS) < 0.4) * DAY + 3 * 3600
        extra = (nights[:, None] + np.sort(dice.uniform(0, 2400, 25))).ravel()
        at = np.concatenate([at, extra])
        usd = np.concatenate(
            [usd, np.full(len(extra), usd_an_hour.mean() * 24 * 0.5 / 25) * np.exp(0.5 * dice.standard_normal(len(extra)))]
        )
    order = np.argsort(at, kind="stable")
    at, usd = at[order], np.round(usd[order], 6)
    kept = (at < DAYS * DAY) & (usd > 0)
    return at[kept], usd[kept]
