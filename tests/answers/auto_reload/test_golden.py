"""The advice for made-up people, each of another kind of life, as it was when last read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from tests.benchmarks.auto_reload import BEGUN, WEEK, demand_of
from tests.benchmarks.auto_reload_users import person
from tests.described import described
from usage_analytics.answers.auto_reload import (
    arrival,
    change,
    choice,
    grid,
    level,
    months,
    others,
    recommend,
    replay,
    replays,
    simulation,
)
from usage_analytics.answers.auto_reload.advice import USD, Economics, Policy
from usage_analytics.answers.auto_reload.demand import Demand, demand, milliseconds

GOLDEN: Final = Path(__file__).with_name("golden")
CAREFUL: Final = Economics(
    hour_blocked_usd=80, reload_usd=3, idle_share_per_month=0.002, latency_minutes=9, slow_share=0.2, failed_share=0.1
)
CURRENT: Final = Policy(5 * USD, 25 * USD, 60 * USD)
ORIGIN: Final = 14


@pytest.mark.parametrize("kind", ["light", "new", "regime"])
def test_the_advice_is_as_it_was(golden: Callable[[Path, str], None], kind: str) -> None:
    weeks = 1 if kind == "new" else 5
    known = demand_of(person(kind, 3), (ORIGIN - weeks) * WEEK, ORIGIN * WEEK)
    now = BEGUN + timedelta(weeks=ORIGIN)
    told: dict[str, Any] = {
        "advice": recommend.advise(known, now),
        "of a careful person": recommend.advise(known, now, economics=CAREFUL, current=CURRENT),
        "curve": recommend.tradeoff(known, now),
        "lanes": [replays.lane("now", known, CURRENT, Economics(), now, zone="Asia/Tokyo", late=late) for late in (False, True)],
    }
    golden(GOLDEN / f"{kind}.txt", described(told))


@pytest.mark.parametrize("kind", ["light", "regime"])
def test_the_months_that_might_come_and_every_setting_tried_on_them_are_as_they_were(
    golden: Callable[[Path, str], None], kind: str
) -> None:
    known = demand_of(person(kind, 5), (ORIGIN - 6) * WEEK, ORIGIN * WEEK)
    now = BEGUN + timedelta(weeks=ORIGIN, hours=13)
    tried = choice.fit(known, now, CAREFUL, ((7.0, 33.0),), most_months=24)
    place = tried.place(7.0, 33.0)
    assert place is not None
    week = months.month_of_week(known, milliseconds(now))
    told = {
        "fit": tried,
        "best": tried.best,
        "expected": tried.expected(place, 50.0),
        "burst": choice.largest_burst(tried.past),
        "week": week,
    }
    golden(GOLDEN / f"{kind}.fit.txt", described(told))


def drawn_demand(dice: np.random.Generator) -> Demand:
    """Two months of calls with pauses of every length, some of them at one moment, some dearer than the balance."""
    gaps = dice.choice([0, 5, 60, 899, 900, 901, 20_000, 86_400], 400) + dice.integers(0, 3, 400)
    costs = dice.choice([0.01, 0.2, 1.0, 7.5, 30.0], 400, p=[0.5, 0.3, 0.15, 0.04, 0.01])
    return demand(milliseconds(BEGUN) + 1000 * np.cumsum(gaps), np.round(costs * USD).astype(np.int64))


def test_a_balance_replayed_call_by_call_is_as_it_was(golden: Callable[[Path, str], None]) -> None:
    dice, told = np.random.default_rng(9), {}
    for number in range(6):
        spent = drawn_demand(dice)
        for policy in (Policy(5 * USD, 15 * USD), Policy(20 * USD, 40 * USD, 90 * USD), Policy(USD, 11 * USD, 20 * USD)):
            told[f"{number} {policy} sure"] = replay.replay(
                spent, policy, Economics(latency_minutes=7), start_nanos=(number - 1) * USD
            )
            told[f"{number} {policy} in doubt"] = replay.replay(spent, policy, CAREFUL, seed=number)
        lived = months.past(spent, BEGUN + timedelta(days=60))
        months_of_it = months.months(lived, level.level_of(lived.daily, lived.change.same), 12)
        told[f"{number} simulated"] = simulation.simulate(months_of_it, np.array([1.0, 5, 20]), np.array([12.0, 15, 40]), CAREFUL)
    golden(GOLDEN / "replays.txt", described(told))


def test_the_parts_of_the_advice_are_as_they_were(golden: Callable[[Path, str], None]) -> None:
    dice = np.random.default_rng(10)
    amounts = [0.0, 0.4, 0.99, 1.0, 3.7, 19.5, 20.0, 99.99, 100.0, 480.0, 12_345.0]
    seconds = np.array([0.0, 0.4, 1, 59, 60, 61, 300, 1800, 3600, 7200, 86_400])
    told: dict[str, Any] = {
        "least": [grid.at_least(amount) for amount in amounts],
        "limit": [grid.limit(amount, reload_to) for amount in amounts for reload_to in (10.0, 35.0)],
        "grids": [grid.settings(amount, burst) for amount in amounts[1:] for burst in (0.0, 2.5)],
        "round": [grid.round_numbers(least, least * 7 + 3) for least in amounts[1:]],
        "article": [others.article_row(amount) for amount in amounts],
        "burn": [others.weeks_burn(amount) for amount in amounts],
        "later": [arrival.chance_later(seconds, one) for one in (Economics(), CAREFUL)],
        "beyond": [arrival.seconds_beyond(seconds, one) for one in (Economics(), CAREFUL)],
    }
    low, high = (np.repeat(part, 9) for part in (np.arange(1.0, 4), np.arange(11.0, 14)))
    told["uneven"] = grid.unevenness(low, high)
    levels = [
        dice.lognormal(0, 0.4, days) * np.where(np.arange(days) < after, times, 1.0)
        for days in (9, 10, 11, 25, 60)
        for after in (3, 4, 9, 21)
        for times in (1.0, 1.8, 4.0)
    ]
    told["changes"] = [change.change_of(np.arange(len(level)), level, level, np.arange(len(level)) % 7 >= 5) for level in levels]
    golden(GOLDEN / "parts.txt", described(told))
