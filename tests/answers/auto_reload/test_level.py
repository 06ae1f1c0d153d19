"""How much the next month may come to: in proportion to the pace, and wider for who is less even."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from usage_analytics.answers.auto_reload.level import Level, level_of


def level(daily: NDArray[np.float64]) -> Level:
    """Of somebody whose habits haven't changed."""
    return level_of(daily, np.ones(len(daily)))


EVEN = np.full(28, 4.0)
BURSTS = np.where(np.arange(28) % 9 == 0, 28.0, 0.0)


def test_twice_the_money_is_twice_the_pace() -> None:
    assert level(2 * EVEN).monthly == pytest.approx(2 * level(EVEN).monthly)
    assert level(EVEN).monthly == pytest.approx(112)


def test_who_spends_in_bursts_may_stray_further_than_who_spends_evenly() -> None:
    assert level(BURSTS).above > level(EVEN).above


def test_a_longer_past_is_surer() -> None:
    assert level(np.tile(EVEN, 3)).above < level(EVEN).above < level(EVEN[:7]).above


def test_shares_and_amounts_are_each_others_inverse() -> None:
    found = level(BURSTS)
    for share in (0.1, 0.5, 0.95):
        assert found.chance_over(found.quantile(share)) == pytest.approx(1 - share, abs=1e-3)


def test_nothing_spent_is_nothing_to_come() -> None:
    nothing = level(np.zeros(28))
    assert nothing.quantile(0.99) == 0
    assert nothing.chance_over(5.0) == 0
