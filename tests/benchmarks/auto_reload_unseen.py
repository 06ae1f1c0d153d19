"""People that nothing was tuned with: their days are a chain of idle, usual and busy, and a day's spend is one gamma draw cut into calls.

No sessions, no hours that wander, no plan: only how days follow each other. A change of habits changes the chain or the price of a day; a
season is the quarter's. Look at what the benchmark says of them, and change nothing because of it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from tests.benchmarks.auto_reload_users import DAY, DAYS, KINDS, Floats, Person

IDLE, USUAL, BUSY = range(3)
# Dollars of a usual day, how many times as much a busy one takes, the chance to stay in a state, and calls a day
LIVES: Final = {
    "light": (0.4, 3.0, 0.80, 12),
    "moderate": (3.0, 3.0, 0.70, 60),
    "heavy": (22.0, 1.8, 0.85, 400),
    "team": (16.0, 2.0, 0.75, 350),
    "regime": (3.5, 2.5, 0.70, 70),
    "seasonal": (3.5, 2.5, 0.65, 70),
}


def unseen(kind: str, seed: int) -> Person:
    """The person of that kind and seed; always the same."""
    dice = np.random.default_rng([seed, KINDS.index(kind), 71])
    if kind == "new":
        found = unseen(("moderate", "heavy", "team", "light", "regime")[int(dice.integers(0, 5))], seed + 500_000)
        return Person("new", seed, found.seconds, found.usd)
    usual, busy, stays, calls = LIVES[kind]
    usual *= np.exp(0.45 * dice.standard_normal())
    state, begun = _chain(dice, stays), int(dice.integers(7 * 8, 7 * 22))
    usd = usual * np.array([0.0, 1.0, busy])[state] * dice.gamma(2.5, 1 / 2.5, DAYS)
    if kind != "heavy":
        usd[np.arange(DAYS) % 7 >= 5] *= dice.choice([0.0, 0.3, 0.7])
    if kind == "seasonal":
        usd *= np.where(np.arange(DAYS) % 91 >= 77, 2.0, 0.8) * np.where(np.arange(DAYS) % 30 >= 26, 1.8, 0.9)
    if kind == "regime":
        usd[begun:] *= dice.choice([0.35, 1.7, 2.5, 3.5])
    days = [_calls(dice, day, amount, calls, kind) for day, amount in enumerate(usd) if amount > 0]
    at, spent = (np.concatenate([part[place] for part in days]) for place in (0, 1))
    order = np.argsort(at, kind="stable")
    return Person(kind, seed, at[order], np.round(spent[order], 6) + 1e-6, 0.0, (float(begun),) if kind == "regime" else ())


def _chain(dice: np.random.Generator, stays: float) -> np.ndarray:
    state, found = USUAL, np.empty(DAYS, np.int64)
    for day in range(DAYS):
        found[day] = state
        if dice.random() > stays:
            state = int(dice.choice([one for one in (IDLE, USUAL, BUSY) if one != state]))
    return found


def _calls(dice: np.random.Generator, day: int, usd: float, calls: int, kind: str) -> tuple[Floats, Floats]:
    many = max(1, int(dice.poisson(calls)))
    hour = (
        dice.uniform(0, 24, many)
        if kind == "heavy"
        else np.clip(dice.normal(dice.choice([11.0, 15.0, 20.0], many), 1.0), 0, 23.99)
    )
    shares = dice.pareto(2.2, many) + 0.3
    return day * DAY + 3600 * hour, usd * shares / shares.sum()
