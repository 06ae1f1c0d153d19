"""Savings are honest where there is too little, never better than possible, and never counted twice."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from tests.answers.savings.bill import HAIKU, OPUS, Talk, Turn, loaded, logged, talk
from usage_analytics.answers.savings import judged as savings
from usage_analytics.answers.savings.calls import Calls
from usage_analytics.answers.savings.judged import Judged, Saving, judge
from usage_analytics.answers.savings.loading import Loaded, lighter_models
from usage_analytics.answers.savings.ranges import drawn

USD = 1_000_000_000
FOUR_WEEKS = timedelta(days=28)
MONTHS = 28 / (365.25 / 12)  # in four weeks
START = datetime(1970, 1, 1)
PLAIN = Talk((Turn(100, 900, 30),), 5_000, card=HAIKU - 1)


@dataclass(frozen=True)
class Drain:
    app: str = "bot"
    started_at: datetime = START
    last_seen_at: datetime = START + timedelta(days=1)
    spent_before_flag_nanos: int = 0
    spent_nanos: int = 0
    severity: str = "stop"


def saving(found: Judged, name: str) -> Saving:
    return next(one for one in found.savings if one.name == name)


@cache
def person(seed: int) -> Loaded:
    dice = random.Random(seed)
    return loaded([talk(dice) for _ in range(40)], 1_500)


def test_nothing_is_said_of_less_than_two_weeks_or_twenty_conversations() -> None:
    short, few = judge(person(1), timedelta(days=13)), judge(loaded([PLAIN] * 19), FOUR_WEEKS)
    for found in (short, few):
        assert found.savings == ()
        assert found.together is None
        assert found.reason


def test_where_nothing_can_be_saved_nothing_is_and_each_saving_says_why() -> None:
    found = judge(loaded([PLAIN] * 30), FOUR_WEEKS)
    assert [one.saves for one in found.savings] == [None] * 6
    assert all(one.evidence.startswith("None found: ") for one in found.savings)
    assert found.together is None


@pytest.mark.parametrize("seed", range(12))
def test_no_more_is_saved_than_was_spent_and_together_lies_between_the_largest_and_the_sum(seed: int) -> None:
    found = judge(person(seed), FOUR_WEEKS)
    parts = [one.saves for one in found.savings if one.saves]
    assert found.together is not None
    assert len(parts) > 1
    for end in ("low", "mid", "high"):
        assert 0 <= getattr(found.together, end) <= (found.spent_per_month or 0)
        assert all(0 <= getattr(part, end) <= (found.spent_per_month or 0) for part in parts)
    assert max(part.mid for part in parts) <= found.together.mid <= sum(part.mid for part in parts)
    for part in (*parts, found.together):
        assert part.low <= part.mid <= part.high


def test_the_middle_is_what_the_replay_of_all_calls_saves() -> None:
    loaded_ = person(3)
    own, changed = loaded_.calls.bill.sum(), savings.bill_of(loaded_.calls, savings.ways("long_outputs")).sum()
    found = saving(judge(loaded_, FOUR_WEEKS), "long_outputs").saves
    assert found is not None
    assert found.mid == pytest.approx((own - changed) / MONTHS, abs=1)


def test_a_conversation_behind_a_saving_is_one_that_would_have_cost_less() -> None:
    found = saving(judge(person(3), FOUR_WEEKS), "long_outputs")
    assert 0 < len(found.behind) <= savings.BEHIND
    assert [one.saves for one in found.behind] == sorted((one.saves for one in found.behind), reverse=True)
    assert found.behind[-1].saves > 0


def test_the_other_lifetime_is_chosen_for_an_app_and_not_for_each_conversation() -> None:
    quick = Talk(tuple(Turn(2_000, 200, 20) for _ in range(20)), 20_000)  # an hour costs more here
    paused = Talk(tuple(Turn(2_000, 200, 1_000) for _ in range(20)), 20_000)
    same = judge(loaded([quick, quick, quick, quick, quick, paused] * 10), FOUR_WEEKS)
    apart = judge(loaded([quick, paused] * 15, apps=("quick", "paused")), FOUR_WEEKS)
    one, other = saving(same, "cache_lifetime").saves, saving(apart, "cache_lifetime").saves
    assert one is not None
    assert other is not None
    assert other.mid / 15 > one.mid / 10, "of each paused conversation, less is saved where quick ones of the same app pay for it"


def test_what_the_plan_paid_keeps_its_cache_and_is_told() -> None:
    paused = loaded([Talk(tuple(Turn(2_000, 200, 1_000) for _ in range(20)), 20_000)] * 30)
    planned = replace(paused, calls=replace(paused.calls, plan=np.ones(len(paused.calls), dtype=bool)))
    assert saving(judge(planned, FOUR_WEEKS), "cache_lifetime").saves is None
    assert judge(planned, FOUR_WEEKS).plan_share == 1
    assert judge(paused, FOUR_WEEKS).plan_share == 0


def half(calls: Calls) -> tuple[int, int]:
    """What the first half of the conversations of the app “bot” cost, in nano-dollars: in all, and of one."""
    bill = np.bincount(calls.thread, calls.bill)[1::2]
    return round(bill.sum()), round(bill[0])


def test_a_drain_saves_what_it_spent_after_its_flag_and_is_not_saved_a_second_time() -> None:
    quick = Talk(tuple(Turn(10, 900, 20) for _ in range(5)), 20_000, card=OPUS)
    one = loaded([quick] * 60, apps=("tool", "bot"))
    spent, _ = half(one.calls)
    drains = (Drain(spent_nanos=spent, spent_before_flag_nanos=spent // 4),)
    saves = saving(judge(one, FOUR_WEEKS, drains=drains), "stop_drains").saves
    assert saves is not None
    assert saves.mid == pytest.approx(0.75 * spent / MONTHS, rel=1e-6)
    assert saves.low < saves.mid < saves.high
    watched = judge(one, FOUR_WEEKS, drains=(Drain(spent_nanos=spent, severity="watch"),))
    assert saving(watched, "stop_drains").saves is None
    too_much = judge(one, FOUR_WEEKS, drains=(Drain(spent_nanos=50 * spent),))
    assert (saving(too_much, "stop_drains").saves or saves).mid <= round(spent / MONTHS) + 1, "no more than its app spent then"


def test_where_drains_cannot_be_judged_the_saving_says_so() -> None:
    found = saving(judge(person(1), FOUR_WEEKS, drains=None), "stop_drains")
    assert found.saves is None
    assert found.evidence.startswith("Not judged")


def test_few_expensive_conversations_are_less_sure_than_many_cheap_ones() -> None:
    even, uneven = np.full((1, 200), 1.0), np.zeros((1, 200))
    uneven[0, :10] = 20.0
    assert np.std(drawn(uneven)) > 3 * np.std(drawn(even))
    assert np.array_equal(drawn(uneven), drawn(uneven))


def test_many_conversations_in_groups_are_as_sure_as_each_by_itself() -> None:
    many = np.random.default_rng(1).lognormal(size=(1, 20_000))
    assert np.std(drawn(many)) == pytest.approx(np.sqrt((many**2).sum()), rel=0.15)


def test_a_lighter_model_is_the_newest_of_the_family_below() -> None:
    pairs = lighter_models()
    assert pairs["claude-opus-4-6"] == "claude-sonnet-5-5"
    assert pairs["claude-sonnet-4-5-20250929"] == "claude-haiku-5-5"
    assert "claude-haiku-5-5" not in pairs


def test_the_calls_of_a_conversation_are_in_the_order_of_time() -> None:
    calls = logged([PLAIN, talk(random.Random(2))])
    assert (np.diff(calls.seconds)[np.diff(calls.thread) == 0] >= 0).all()
    assert START.replace(tzinfo=UTC).timestamp() == 0
