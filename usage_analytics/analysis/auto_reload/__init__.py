"""What auto-reload should be: threshold, reload-to and monthly limit, from a person's own credit spend.

advice      the settings, what they are weighed by, and the advice with its evidence
demand      what was spent from credits, and when
arrival     when a reload arrives
replay      what a setting would have done in weeks that have passed
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from usage_analytics.analysis.auto_reload.advice import Advice, Economics, History, Policy
from usage_analytics.analysis.auto_reload.demand import MS_A_WEEK, Demand, milliseconds

__all__ = ["TradeOff", "advise", "tradeoff"]


@dataclass(frozen=True, slots=True)
class TradeOff:
    """A setting on the curve of blocked hours against idle money: none is better in both."""

    policy: Policy
    p_no_block: float
    blocked_hours_per_month: float
    mean_balance_nanos: int
    cost_usd_per_month: float


def advise(
    demand: Demand,
    now: datetime,
    *,
    economics: Economics | None = None,
    current: Policy | None = None,
    balance_nanos: int | None = None,
) -> Advice:
    """Advise at `now` from the demand before it."""
    past = demand.before(now)
    weeks = (milliseconds(now) - int(past.moments[0])) / MS_A_WEEK if past.events else 0.0
    return Advice(None, "none", None, (), History(weeks, past.events, past.total_nanos), ())


def tradeoff(demand: Demand, now: datetime, *, economics: Economics | None = None) -> tuple[TradeOff, ...]:
    """The settings that are best for some price of a blocked hour, from the least idle money to the least blocked time."""
    return ()
