"""The same kinds of people as a chain of projects, each with its own length, hours and price, and with pauses between them.

Nothing is drawn day by day around a mean: a person is what they work on. Who changes habits changes how many projects run at once; a
season is a deadline that comes again.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from tests.benchmarks.auto_reload_users import DAY, DAYS, KINDS, Floats, Person

# Dollars a working day of one project, projects at once, mean days of a project, and of the pause before the next
WORKED: Final = {
    "light": (0.25, 1, 5, 20),
    "moderate": (3.0, 1, 14, 6),
    "heavy": (9.0, 2, 40, 2),
    "team": (3.5, 6, 25, 4),
    "regime": (3.5, 1, 20, 3),
    "seasonal": (4.0, 1, 30, 3),
}


def on_projects(kind: str, seed: int) -> Person:
    """The person of that kind and seed; always the same."""
    dice = np.random.default_rng([seed, KINDS.index(kind), 53])
    if kind == "new":
        found = on_projects(("moderate", "heavy", "team", "light")[int(dice.integers(0, 4))], seed + 500_000)
        return Person("new", seed, found.seconds, found.usd)
    usd_a_day, at_once, length, pause = WORKED[kind]
    own = usd_a_day * np.exp(0.4 * dice.standard_normal())
    begun = float(dice.integers(7 * 8, 7 * 22)) if kind == "regime" else float(DAYS)
    times = dice.choice([0.4, 2.0, 3.0, 4.0])
    parts = [_chain(dice, kind, (0.0, begun), own=own, length=length, pause=pause) for _ in range(at_once)]
    if kind == "regime":
        parts.append(_chain(dice, kind, (begun, DAYS), own=own * times, length=length, pause=pause))
    at, usd = (np.concatenate([part[place] for part in parts]) for place in (0, 1))
    order = np.argsort(at, kind="stable")
    return Person(kind, seed, at[order], np.round(usd[order], 6) + 1e-6, 0.0, (begun,) if kind == "regime" else ())


def _chain(
    dice: np.random.Generator, kind: str, span: tuple[float, float], *, own: float, length: float, pause: float
) -> tuple[Floats, Floats]:
    """One project after the other within a span of days."""
    day, found = span[0] + dice.uniform(0, pause), [(np.empty(0), np.empty(0))]
    while day < span[1]:
        lasts = max(1.0, dice.gamma(2, length / 2))
        days = np.arange(int(day), int(min(day + lasts, span[1])))
        level = own * np.exp(0.5 * dice.standard_normal()) * np.ones(len(days))
        if kind != "heavy":
            level[days % 7 >= 5] *= dice.choice([0.0, 0.0, 0.4])
        if kind == "seasonal":  # the last days before a deadline that comes every month
            level *= np.where(days % 28 >= 22, 2.2, np.where(days % 28 < 7, 0.5, 0.9))
        found += [_day(dice, int(one), usd, kind) for one, usd in zip(days, level, strict=True) if usd]
        day += lasts + dice.exponential(pause)
    at, usd = (np.concatenate([part[place] for part in found]) for place in (0, 1))
    kept = at < DAYS * DAY
    return at[kept], usd[kept]


def _day(dice: np.random.Generator, day: int, usd: float, kind: str) -> tuple[Floats, Floats]:
    """A day's calls: one to three sittings, or an agent's loop that runs through; costs have a long tail."""
    if kind != "heavy" and dice.random() < 0.25:
        return np.empty(0), np.empty(0)
    spent = usd * dice.gamma(1.6, 1 / 1.6)
    sittings = 24 if kind == "heavy" else int(dice.integers(1, 4))
    call = 0.03 * np.exp(0.5 * dice.standard_normal())
    many = max(1, min(int(spent / call), 3_000))
    which = dice.integers(0, sittings, many)
    begun = np.arange(24.0) if kind == "heavy" else np.sort(dice.uniform(8, 22, sittings))
    at = day * DAY + begun[which] * 3600 + dice.weibull(0.9, many) * (1_500 if kind == "heavy" else 1_200)
    shares = np.exp(1.1 * dice.standard_normal(many)) + (dice.random(many) < 0.01) * dice.pareto(1.6, many) * 8
    return at, spent * shares / shares.sum()
