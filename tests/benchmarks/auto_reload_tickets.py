"""People by another hand again, on which nothing is tuned: a queue of tickets, worked off as they come in.

Tickets arrive by the calendar (more after a release, fewer in holidays), each needs an effort with a heavy tail, and whoever works takes
the oldest first for as many hours as a day has. Credits pay for what an hour of effort burns; an agent retries at night what failed by day.
So a busy week leaves a backlog, and the next one is busy too; nothing is drawn around a mean by the day. A change of habits is more tickets
or fewer, or a tool that burns less for an hour. A season is the release train.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from tests.benchmarks.auto_reload_users import DAY, DAYS, KINDS, Floats, Person

HOUR: Final = 3600.0
# Tickets a week, median hours of one, hours of work a day, dollars an hour, and the chance that a day's work is retried at night
QUEUES: Final = {
    "light": (1.2, 0.7, 2.0, 1.2, 0.0),
    "moderate": (3.0, 1.5, 3.0, 2.2, 0.05),
    "heavy": (14.0, 2.5, 9.0, 2.2, 0.5),
    "team": (24.0, 1.4, 14.0, 2.4, 0.2),
    "regime": (3.0, 1.6, 3.5, 2.4, 0.05),
    "seasonal": (3.0, 1.6, 4.0, 2.4, 0.1),
}


def ticketed(kind: str, seed: int) -> Person:
    """The person of that kind and seed; always the same."""
    dice = np.random.default_rng([seed, KINDS.index(kind), 97])
    if kind == "new":
        found = ticketed(("moderate", "team", "heavy", "seasonal")[int(dice.integers(0, 4))], seed + 500_000)
        return Person("new", seed, found.seconds, found.usd)
    tickets, effort, hours, price, retried = QUEUES[kind]
    tickets, price = tickets * np.exp(0.35 * dice.standard_normal()), price * np.exp(0.4 * dice.standard_normal())
    begun = int(dice.integers(7 * 9, 7 * 22)) if kind == "regime" else DAYS
    rate, prices = _arrivals(dice, kind) * tickets / 7, np.full(DAYS, price)
    change = int(dice.integers(0, 4))
    rate[begun:] *= (2.2, 3.2, 1.0, 0.45)[change]
    prices[begun:] *= 0.45 if change == 2 else 1.0
    room = np.full(DAYS, hours)
    room[begun:] *= 2.5 if change < 2 else 1.0
    worked = _worked(dice, rate, effort, room, weekends=kind == "heavy" or dice.random() < 0.2)
    usd = worked * prices
    nights = np.where(dice.random(DAYS) < retried, 0.6, 0.0) * usd
    days = [_calls(dice, day, usd[day], kind) for day in np.flatnonzero(usd > 0.01)]
    days += [_retries(dice, day, nights[day]) for day in np.flatnonzero(nights > 0.01)]
    at, spent = (np.concatenate([part[place] for part in days]) for place in (0, 1))
    order = np.argsort(at, kind="stable")
    at, spent = at[order], np.round(spent[order], 6) + 1e-6
    return Person(kind, seed, at[at < DAYS * DAY], spent[at < DAYS * DAY], 0.0, (float(begun),) if kind == "regime" else ())


def _arrivals(dice: np.random.Generator, kind: str) -> Floats:
    """How many tickets come on a day, against the usual: releases every few weeks, a holiday now and then."""
    day, every = np.arange(DAYS), int(dice.choice([14, 21, 28, 42]))
    since = (day + int(dice.integers(0, every))) % every
    strength = 2.5 if kind == "seasonal" else 0.5
    level = 1 + strength * np.exp(-since / 3.0)
    level /= level.mean()
    for _ in range(int(dice.integers(0, 3))):
        away = int(dice.integers(0, DAYS))
        level[away : away + int(dice.integers(3, 11))] = 0.1
    return level


def _worked(dice: np.random.Generator, rate: Floats, effort: float, room: Floats, *, weekends: bool) -> Floats:
    """Hours worked on each day: the backlog, as far as the day reaches."""
    backlog, worked = 0.0, np.zeros(DAYS)
    for day in range(DAYS):
        backlog += float((effort * np.exp(1.1 * dice.standard_normal(dice.poisson(rate[day])))).sum())
        if weekends or day % 7 < 5:
            worked[day] = min(backlog, room[day] * dice.uniform(0.5, 1.0))
        backlog = (backlog - worked[day]) * 0.97  # some tickets are closed unread
    return worked


def _calls(dice: np.random.Generator, day: int, usd: float, kind: str) -> tuple[Floats, Floats]:
    """A day's spend in turns of a conversation: each dearer than the one before, until it is compacted."""
    many = int(np.clip(usd / 0.04 * dice.uniform(0.6, 1.5), 3, 900))
    growth = 1 + np.arange(many) % int(dice.integers(15, 60))
    shares = growth * np.exp(0.7 * dice.standard_normal(many))
    span = 22.0 if kind == "heavy" else float(np.clip(many / 40, 0.5, 9.0))
    start = 1.0 if kind == "heavy" else dice.uniform(8, 13)
    at = HOUR * (start + span * np.sort(dice.random(many)))
    return day * DAY + at, usd * shares / shares.sum()


def _retries(dice: np.random.Generator, day: int, usd: float) -> tuple[Floats, Floats]:
    many = int(dice.integers(5, 40))
    return (day + 1) * DAY + HOUR * dice.uniform(0, 5) + np.cumsum(dice.exponential(90, many)), np.full(many, usd / many)
