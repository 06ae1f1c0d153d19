"""What a monthly limit does and doesn't do: it is soft, stops a month now and then, and lets a runaway agent burn until it's reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics.answers.auto_reload.advice import USD, LimitAdvice
from usage_analytics.answers.auto_reload.demand import MS_A_MINUTE, Demand

if TYPE_CHECKING:
    from usage_analytics.answers.auto_reload.level import Level
    from usage_analytics.answers.auto_reload.months import Months

RUNAWAY_USD_PER_HOUR: Final = 15.0  # an agent that nobody watches burns $5 to $15 an hour
IN_FLIGHT_MS: Final = 5 * MS_A_MINUTE  # calls that were admitted below the limit and complete above it


def limit_advice(limit_usd: float, demand: Demand, level: Level, months: Months) -> LimitAdvice:
    """Return how likely an ordinary month reaches the limit, how far it overshoots, and what a runaway agent burns from mid-month."""
    usual = float(np.median(months.totals)) / 2
    room = max(limit_usd - usual, 0.0)
    largest = int(demand.nanos.max())
    spent = np.concatenate([[0], np.cumsum(demand.nanos)])
    ends = np.searchsorted(demand.moments, demand.moments + IN_FLIGHT_MS)
    most_in_flight = int((spent[ends] - spent[:-1]).max())
    return LimitAdvice(
        p_hit=level.chance_over(limit_usd),
        overshoot_nanos=(largest, max(largest, most_in_flight)),
        runaway_usd_per_hour=RUNAWAY_USD_PER_HOUR,
        runaway_nanos=round(room * USD),
        runaway_hours=room / RUNAWAY_USD_PER_HOUR,
    )
