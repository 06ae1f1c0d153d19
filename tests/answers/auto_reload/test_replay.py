"""What a setting would have done: checked by hand on a handful of calls."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from tests.answers.auto_reload.spending import at_work
from usage_analytics.answers.auto_reload.advice import MOST_A_DAY_NANOS, USD, Economics, Policy
from usage_analytics.answers.auto_reload.demand import demand
from usage_analytics.answers.auto_reload.replay import replay

START = datetime(2026, 4, 1, 9)


def calls(*spent: tuple[float, float]):
    moments = [np.datetime64(START + timedelta(minutes=minute), "us") for minute, _ in spent]
    return demand(np.array(moments), [round(usd * USD) for _, usd in spent])


def test_a_reload_buys_what_is_missing_to_reload_to() -> None:
    found = replay(calls((0, 4), (10, 7.5), (20, 1)), Policy(5 * USD, 15 * USD))
    assert found.reloads == ((START + timedelta(minutes=10), round(11.5 * USD)),)
    assert not found.blocks
    assert found.spent_nanos == round(12.5 * USD)


def test_a_call_dearer_than_the_balance_completes_and_the_next_is_refused_until_money_arrives() -> None:
    found = replay(calls((0, 20), (0.5, 1), (2, 1)), Policy(5 * USD, 15 * USD))
    assert found.reloads[0][1] == 20 * USD  # the hole is filled too
    assert found.blocks == ((START + timedelta(minutes=0.5), START + timedelta(minutes=1)),)
    assert found.refused_nanos == USD
    assert abs(found.blocked_hours - 0.5 / 60) < 1e-6


def test_the_monthly_limit_is_soft_and_starts_anew_with_the_month() -> None:
    month = 30 * 24 * 60
    found = replay(calls((0, 9), (10, 9), (20, 9), (month, 9)), Policy(5 * USD, 100 * USD, 10 * USD))
    assert found.spent_nanos == 27 * USD  # 18 in April, of a limit of 10
    assert found.limit_hits == (START + timedelta(minutes=20),)


def test_the_same_seed_gives_the_same_luck() -> None:
    spend = at_work(28, usd=0.5)
    policy, prices = Policy(2 * USD, 12 * USD), Economics(failed_share=0.2)
    assert replay(spend, policy, prices, seed=3) == replay(spend, policy, prices, seed=3)
    assert replay(spend, policy, prices, seed=3).blocked_hours > 0
    assert replay(spend, policy, prices).blocked_hours < replay(spend, policy, prices, seed=3).blocked_hours


def test_no_demand_leaves_the_balance_as_it_is() -> None:
    found = replay(calls(), Policy(5 * USD, 15 * USD), start_nanos=7 * USD)
    assert (found.mean_balance_nanos, found.reloads, found.path) == (7 * USD, (), ())


def test_a_day_sells_no_more_than_its_limit_and_the_next_one_goes_on() -> None:
    spent = calls((0, 1_200), (10, 1_100), (20, 1_300), (30, 5), (24 * 60, 5), (24 * 60 + 10, 5))
    found = replay(spent, Policy(500 * USD, 1_500 * USD))
    bought = [(at.day, nanos) for at, nanos in found.reloads]
    assert sum(nanos for day, nanos in bought if day == START.day) == MOST_A_DAY_NANOS
    assert any(day == START.day + 1 for day, _ in bought)
    assert found.refused_nanos > 0
