"""What conversations paid for adds up to what they cost."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tests.answers.savings.bill import Talk, Turn, loaded, talk
from usage_analytics.answers.savings.economics import economics

ROUNDING = 100  # nano-dollars, of figures that are rounded one by one


def test_the_parts_of_all_conversations_are_their_bill_and_the_most_expensive_come_first() -> None:
    dice = random.Random(9)
    known = loaded([talk(dice) for _ in range(40)])
    found, bill = economics(known), known.by_unit(known.calls.bill)
    assert sum(one.nanos for one in found.parts) == pytest.approx(bill.sum(), abs=ROUNDING)
    assert sum(one.share for one in found.parts) == pytest.approx(1)
    assert [one.nanos for one in found.talks] == pytest.approx(sorted(bill, reverse=True)[:20], abs=ROUNDING)
    assert all(one.per_call == pytest.approx(one.nanos / len(known.calls), abs=1) for one in found.parts)


def test_a_long_conversation_says_after_how_many_calls_a_fresh_start_pays_and_a_short_one_does_not() -> None:
    long, short = Talk(tuple(Turn(1_800, 700, 10) for _ in range(100)), 18_200), Talk((Turn(100, 900, 30),) * 2, 5_000)
    first, second = economics(loaded([short, long])).talks
    assert first.every == 27
    assert first.fresh_nanos > 0
    assert first.context == pytest.approx(18_200 + 100 * 2_500)
    assert (second.every, second.fresh_nanos) == (None, 0)


def test_calls_outside_conversations_count_for_nothing_and_with_none_nothing_is_said() -> None:
    known = loaded([talk(random.Random(3))] * 3)
    known.talks[:] = np.array([True, False, False])
    assert economics(known).calls == len(known.calls) // 3
    known.talks[:] = False
    assert economics(known).said == ""
    assert economics(known).talks == ()
