"""Credit spend for tests, from a few words."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from usage_analytics.answers.auto_reload.advice import USD
from usage_analytics.answers.auto_reload.demand import MS_A_DAY, MS_A_MINUTE, Demand, demand, milliseconds

NOW = datetime(2026, 4, 13)


def at_work(
    days: int, *, usd: float = 0.05, calls: int = 40, factor_last_days: tuple[int, float] = (0, 1.0), seed: int = 1
) -> Demand:
    """Two hours of calls on each of the days before NOW; the last so many days cost so many times as much."""
    dice = np.random.default_rng(seed)
    moments, costs = [], []
    for ago in range(days, 0, -1):
        begun = milliseconds(NOW) - ago * MS_A_DAY + 10 * 60 * MS_A_MINUTE
        moments.append(begun + np.sort(dice.integers(0, 120 * MS_A_MINUTE, calls)))
        dear = factor_last_days[1] if ago <= factor_last_days[0] else 1.0
        costs.append(dear * usd * np.exp(0.5 * dice.standard_normal(calls)))
    return demand(np.concatenate(moments), np.round(np.concatenate(costs) * USD).astype(np.int64))
