"""The advice: what the form accepts, honest where there is no evidence, the same for the same data, and stable."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from tests.answers.auto_reload.spending import NOW, at_work
from usage_analytics.answers.auto_reload.advice import SMALLEST_GAP_NANOS, USD, Advice, Economics, Policy
from usage_analytics.answers.auto_reload.choice import choose, fit
from usage_analytics.answers.auto_reload.demand import MS_A_DAY, Demand, demand, milliseconds
from usage_analytics.answers.auto_reload.months import past
from usage_analytics.answers.auto_reload.recommend import advise, tradeoff


@pytest.fixture(scope="module")
def four_weeks() -> Demand:
    return at_work(28, calls=20)


@pytest.fixture(scope="module")
def usual(four_weeks: Demand) -> Advice:
    return advise(four_weeks, NOW)


def test_the_form_accepts_the_advice_and_the_limit_is_not_below_reload_to() -> None:
    for spend in (at_work(28, usd=0.001, calls=3), at_work(16, usd=2.0, calls=10), at_work(2), at_work(9, usd=0.3)):
        policy = advise(spend, NOW).policy
        assert policy is not None
        assert policy.gap_nanos >= SMALLEST_GAP_NANOS
        assert policy.threshold_nanos >= USD
        assert policy.monthly_limit_nanos is not None
        assert policy.monthly_limit_nanos >= policy.reload_to_nanos
        assert policy.threshold_nanos % USD == policy.reload_to_nanos % USD == 0


def test_without_credit_spend_there_is_no_advice_but_what_to_import() -> None:
    found = advise(demand(np.empty(0, np.int64), np.empty(0, np.int64)), NOW)
    assert (found.policy, found.expected, found.confidence, found.compared) == (None, None, "none", ())
    assert any("Import" in reason for reason in found.reasons)


def test_three_calls_are_no_evidence() -> None:
    found = advise(at_work(1, calls=3), NOW)
    assert (found.policy, found.confidence, found.history.events) == (None, "none", 3)


def test_less_than_a_week_is_a_rule_of_thumb_and_said_to_be(usual: Advice) -> None:
    found = advise(at_work(3), NOW)
    assert found.confidence == "low"
    assert any("rule of thumb" in reason for reason in found.reasons)
    assert not any("rule of thumb" in reason for reason in usual.reasons)


def test_the_order_of_import_changes_nothing(four_weeks: Demand, usual: Advice) -> None:
    order = np.random.default_rng(3).permutation(four_weeks.events)
    shuffled = demand(four_weeks.moments[order], four_weeks.nanos[order])
    assert advise(shuffled, NOW) == usual


def test_nothing_later_is_used(four_weeks: Demand, usual: Advice) -> None:
    later = milliseconds(NOW) + np.arange(50) * 60_000
    more = demand(np.concatenate([four_weeks.moments, later]), np.concatenate([four_weeks.nanos, np.full(50, 9 * USD)]))
    assert advise(more, NOW) == usual


def test_who_spends_more_is_told_to_reload_more() -> None:
    gaps = [policy.gap_nanos for usd in (0.01, 0.2, 2.0) if (policy := advise(at_work(14, usd=usd, calls=15), NOW).policy)]
    assert gaps == sorted(set(gaps))


def test_slow_and_failing_reloads_raise_the_threshold(four_weeks: Demand, usual: Advice) -> None:
    slow = advise(four_weeks, NOW, economics=Economics(latency_minutes=60, failed_share=0.1)).policy
    assert usual.policy
    assert slow
    assert slow.threshold_nanos > usual.policy.threshold_nanos


def test_a_setting_as_good_as_ours_is_kept(four_weeks: Demand, usual: Advice) -> None:
    ours = usual.policy
    assert ours
    near = Policy(ours.threshold_nanos, ours.reload_to_nanos + 5 * USD, ours.monthly_limit_nanos)
    found = advise(four_weeks, NOW, current=near)
    assert found.keep_current
    assert found.compared[1].policy_name == "current"
    assert not advise(at_work(28, usd=0.5), NOW, current=Policy(1 * USD, 11 * USD)).keep_current


def test_ours_is_no_dearer_than_the_product_default_on_weeks_held_out(usual: Advice) -> None:
    cost = {one.policy_name: one.expected.cost_usd_per_month for one in usual.compared}
    assert set(cost) == {"recommended", "article", "week's burn", "product default"}
    assert cost["recommended"] < cost["product default"]


def test_advice_stays_the_same_from_week_to_week_without_a_shift() -> None:
    spend = at_work(56, calls=20)
    said = [choose(spend.before(then), then, Economics())[0] for then in (NOW - timedelta(weeks=ago) for ago in range(4))]
    assert sum(before != after for before, after in pairwise(said)) <= 1


def test_the_limit_follows_growing_spend_and_the_other_two_numbers_stay() -> None:
    spend = at_work(63, calls=20, factor_last_days=(14, 1.5))
    before, after = (
        choose(spend.before(then), then, Economics())[0] for then in (NOW - timedelta(weeks=2), NOW - timedelta(weeks=1))
    )
    assert (after.threshold, after.reload_to) == (before.threshold, before.reload_to)
    assert after.limit > before.limit


def test_no_setting_is_predicted_safer_than_drawn_and_risky_ones_hardly_less_safe() -> None:
    tried = fit(at_work(28, usd=0.5, calls=10), NOW, Economics(failed_share=0.3))
    off = [1 - tried.p_block(place) - tried.expected(place, None).p_no_block for place in range(len(tried.thresholds))]
    assert max(map(tried.p_block, range(len(off)))) > 0.2
    assert min(off) > 0
    assert max(off) < 0.01


def test_a_change_of_habits_is_seen_and_said_and_no_weekend_is_taken_for_one() -> None:
    steady = at_work(42)
    assert not any("been spending" in reason for reason in advise(steady, NOW).reasons)
    weekdays = demand(*(part[(steady.moments // MS_A_DAY + 3) % 7 < 5] for part in (steady.moments, steady.nanos)))
    assert not past(weekdays, NOW).change.certain
    risen = past(at_work(42, factor_last_days=(12, 6.0)), NOW).change
    assert risen.certain
    assert risen.days_ago in range(11, 14)
    said = advise(at_work(42, factor_last_days=(12, 6.0)), NOW).reasons
    assert any(reason.startswith("Since Apr 1, 2026, you've been spending") for reason in said), said


def test_days_after_the_last_call_are_no_change_since_they_may_not_be_imported_yet() -> None:
    spend = at_work(42)
    week_ago = NOW - timedelta(days=8)
    assert not past(spend.before(week_ago), NOW).change.certain
    ours, then = advise(spend.before(week_ago), NOW).policy, advise(spend.before(week_ago), week_ago).policy
    assert ours
    assert then
    assert ours.monthly_limit_nanos
    assert ours.monthly_limit_nanos <= 2 * (then.monthly_limit_nanos or 0)


def test_on_the_curve_nothing_is_better_in_both(four_weeks: Demand) -> None:
    curve = tradeoff(four_weeks, NOW)
    idle, hours = [one.mean_balance_nanos for one in curve], [one.blocked_hours_per_month for one in curve]
    assert len(curve) > 3
    assert idle == sorted(idle)
    assert hours == sorted(hours, reverse=True)
