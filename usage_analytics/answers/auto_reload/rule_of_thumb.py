"""The rule of thumb for less than a week of history, labeled as one."""

from __future__ import annotations

from math import sqrt

from usage_analytics.answers.auto_reload import grid
from usage_analytics.answers.auto_reload.choice import Setting
from usage_analytics.answers.auto_reload.demand import MS_A_DAY, Demand

RULE = (
    "With less than a week of history, this is a rule of thumb. A reload is six times the square root of a month's credit spend. "
    "The threshold is 4% of that spend, or your most expensive 15 minutes if that's more."
)
MONTHS_BELOW_LIMIT = 3.0  # the limit is so many times a month at this pace: a few days say little about a month


def rule_of_thumb(demand: Demand, now_ms: int, burst_usd: float) -> Setting:
    """Return the setting. A history of less than three days counts as three: a first afternoon isn't every day."""
    days = max(3.0, (now_ms - int(demand.moments[0])) / MS_A_DAY)
    monthly = demand.total_nanos / 1e9 / days * 28
    threshold = grid.at_least(max(1.0, 0.04 * monthly, burst_usd))
    reload_to = grid.at_least(threshold + max(grid.LEAST_GAP, 6 * sqrt(monthly)))
    return Setting(threshold, reload_to, grid.limit(MONTHS_BELOW_LIMIT * monthly, reload_to))
