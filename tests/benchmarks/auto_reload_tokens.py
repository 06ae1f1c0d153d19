"""People by another hand once more, on which nothing is tuned: conversations in tokens, priced as the vendor prices them.

Whoever sits down goes through one conversation after another. Each turn sends the context again, from the cache if the pause was
short, and adds to it; a compaction cuts it. The plan pays for so many dollars in a window of five hours, credits for what is beyond.
Nobody has a level: spend follows from how often people sit down, how long they stay, the model and the length of conversations. A
change of habits is another model, more agents at once or a new job; a season is a term with weeks off and weeks of exams.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from tests.benchmarks.auto_reload_users import DAY, DAYS, KINDS, WEEKS, Floats, Person

HOUR: Final = 3600.0
WINDOW: Final = 5 * HOUR
CACHED, WRITTEN, MILLION = 0.1, 1.25, 1e6
# Sittings a day, minutes of one, people or agents, dollars a window that the plan pays, dollars a million tokens sent
DESKS: Final = {
    "light": (0.5, 45, 1, 1.0, 1.5),
    "moderate": (0.9, 70, 1, 1.0, 2.5),
    "heavy": (4.0, 80, 1, 1.0, 1.8),
    "team": (0.9, 70, 7, 1.0, 2.5),
    "regime": (0.9, 70, 1, 1.0, 2.5),
    "seasonal": (1.0, 70, 1, 1.0, 2.5),
}


def tokened(kind: str, seed: int) -> Person:
    """The person of that kind and seed; always the same."""
    dice = np.random.default_rng([seed, KINDS.index(kind), 131])
    if kind == "new":
        found = tokened(("moderate", "heavy", "team", "regime")[int(dice.integers(0, 4))], seed + 500_000)
        return Person("new", seed, found.seconds, found.usd)
    sittings, minutes, people, paid, price = DESKS[kind]
    begun = int(dice.integers(7 * 9, 7 * 22)) if kind == "regime" else DAYS
    how = int(dice.integers(0, 4)) if kind == "regime" else 0
    often, long, dear = ((2.2, 1.0, 1.0), (1.0, 1.8, 1.3), (1.0, 1.0, 2.5), (0.5, 0.8, 1.0))[how]
    parts = []
    for _ in range(people):
        own = np.exp(0.4 * dice.standard_normal(3)) * (sittings, minutes, price)
        for days, (more, longer, dearer) in (((0, begun), (1.0, 1.0, 1.0)), ((begun, DAYS), (often, long, dear))):
            begins = _sittings(dice, kind, days, own[0] * more)
            parts += [_sitting(dice, at, own[1] * longer * 60 * dice.gamma(1.5, 1 / 1.5), own[2] * dearer) for at in begins]
    at, usd = (np.concatenate([np.empty(0), *(part[place] for part in parts)]) for place in (0, 1))
    order = np.argsort(at, kind="stable")
    at, usd = at[order], usd[order]
    over = _beyond(at, usd, paid * people * np.exp(0.3 * dice.standard_normal())) & (at < DAYS * DAY)
    return Person(kind, seed, at[over], np.round(usd[over], 6) + 1e-6, 0.0, (float(begun),) if kind == "regime" else ())


def _sittings(dice: np.random.Generator, kind: str, days: tuple[int, int], a_day: float) -> Floats:
    """When somebody sits down: by the week's mood, the weekday and the term."""
    day = np.arange(DAYS)
    mood = np.exp(0.35 * dice.standard_normal(WEEKS))[day // 7]
    rate = a_day * mood * np.where(day % 7 >= 5, {"heavy": 0.9, "team": 0.05}.get(kind, 0.4), 1.0)
    if kind == "seasonal":
        term = (day + int(dice.integers(0, 70))) % 70
        rate *= np.where(term >= 56, 2.6, np.where(term < 10, 0.3, 0.9))
    counts = dice.poisson(rate)
    counts[: days[0]] = counts[days[1] :] = 0
    middle, wide = (12.0, 7.0) if kind == "heavy" else (14.0, 3.0)
    hours = np.clip(middle + wide * dice.standard_normal(counts.sum()), 0, 23.5)
    return np.sort(np.repeat(day, counts) * DAY + hours * HOUR)


def _sitting(dice: np.random.Generator, begins: float, seconds: float, price: float) -> tuple[Floats, Floats]:
    """Turns until the time is up. Each sends the context, cached if the pause was under five minutes; thinking pauses are longer."""
    many = int(np.clip(seconds / 70, 1, 400))
    pauses = np.where(dice.random(many) < 0.12, dice.exponential(420, many), dice.exponential(35, many)) + 6
    pauses *= seconds / pauses.sum()
    added, answered = dice.lognormal(7.3, 0.9, many), dice.lognormal(6.0, 0.9, many)
    running = np.cumsum(added + answered)
    context = 18_000 + running % float(dice.uniform(60_000, 160_000))  # compacted, or begun afresh
    sent = np.where(pauses < 300, CACHED * context, WRITTEN * context) + WRITTEN * added
    return begins + np.cumsum(pauses), price * (sent + 5 * answered) / MILLION


def _beyond(at: Floats, usd: Floats, paid: float) -> np.ndarray:
    """Which turns are beyond what the plan pays in the window that they fall in."""
    window = (at // WINDOW).astype(np.int64)
    running = np.cumsum(usd)
    first = np.searchsorted(window, window)
    found: np.ndarray = running - usd - np.concatenate([[0.0], running])[first] > paid
    return found
