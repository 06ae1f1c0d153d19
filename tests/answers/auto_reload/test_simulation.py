"""The fast simulation against one that looks at every call."""

from __future__ import annotations

import numpy as np
import pytest

from tests.answers.auto_reload.spending import NOW, at_work
from usage_analytics.answers.auto_reload.advice import USD, Economics, Policy
from usage_analytics.answers.auto_reload.arrival import chance_later, seconds_beyond
from usage_analytics.answers.auto_reload.demand import MS_A_WEEK, milliseconds
from usage_analytics.answers.auto_reload.level import level_of
from usage_analytics.answers.auto_reload.months import month_of_week, months, past
from usage_analytics.answers.auto_reload.replay import replay
from usage_analytics.answers.auto_reload.simulation import GOLDEN, simulate

SURE = Economics(slow_share=0.0, failed_share=0.0, latency_minutes=0.02)


def test_reloads_and_idle_balance_are_those_of_a_replay_call_by_call() -> None:
    spend = at_work(7, usd=0.12, calls=120)
    month = month_of_week(spend, milliseconds(NOW))
    four = [spend.moments + back * MS_A_WEEK for back in range(4)]
    from usage_analytics.answers.auto_reload.demand import demand

    whole = demand(np.concatenate(four), np.tile(spend.nanos, 4))
    low, high = np.array([2.0, 5.0, 20.0]), np.array([15.0, 45.0, 180.0])
    found = simulate(month, low, high, SURE)
    for place in range(3):
        policy = Policy(round(low[place] * USD), round(high[place] * USD))
        starts = [round((low[place] + part * (high[place] - low[place])) * USD) for part in (0.5 + GOLDEN * np.arange(3)) % 1]
        replays = [replay(whole, policy, SURE, start_nanos=start) for start in starts]
        assert found.reloads[place].mean() == pytest.approx(np.mean([len(one.reloads) for one in replays]))
        spans = [one.path[-1][0] - one.path[0][0] for one in replays]
        assert spans[0].days == 27
        assert found.mean_balance[place].mean() == pytest.approx(
            np.mean([one.mean_balance_nanos for one in replays]) / USD, rel=0.05
        )


def test_a_higher_threshold_never_means_more_blocks() -> None:
    lived = past(at_work(28, usd=0.3), NOW)
    coming = months(lived, level_of(lived.daily, lived.change.same))
    thresholds = np.array([1.0, 3.0, 10.0, 30.0])
    found = simulate(coming, thresholds, thresholds + 50, Economics())
    assert (np.diff(found.p_block.mean(1)) <= 1e-9).all()
    assert (np.diff(found.mean_balance.mean(1)) > 0).all()


def test_the_law_of_arrival_is_that_of_many_draws() -> None:
    prices, dice = Economics(), np.random.default_rng(7)
    many = 400_000
    kind = dice.random(many)
    slow = 300 * (3600 / 300) ** dice.random(many)
    failed = 7200 * np.exp(dice.standard_normal(many))
    taken = np.where(kind < 0.015, failed, np.where(kind < 0.045, slow, 60 * np.exp(0.5 * dice.standard_normal(many))))
    for seconds in (30.0, 120.0, 1200.0, 7200.0):
        at = np.array([seconds])
        assert chance_later(at, prices)[0] == pytest.approx((taken > seconds).mean(), rel=0.05)
        assert seconds_beyond(at, prices)[0] == pytest.approx(np.maximum(taken - seconds, 0).mean(), rel=0.06)
