"""Several accounts: what each would need on a balance of its own, what they need on one, and what limits for each member would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from usage_analytics.answers.auto_reload import grid
from usage_analytics.answers.auto_reload.advice import USD, Economics, Expected, Policy
from usage_analytics.answers.auto_reload.backtest import MONTHS_TRIED
from usage_analytics.answers.auto_reload.choice import fit
from usage_analytics.answers.auto_reload.limit import limit_needed

if TYPE_CHECKING:
    from usage_analytics.answers.auto_reload.demand import Demand

FEWEST_CALLS: Final = 5
MOST_MEMBERS: Final = 8


@dataclass(frozen=True, slots=True)
class Member:
    """One account on a balance of its own; its limit is what 95 of 100 of its months stay below. None: too few calls."""

    account: str
    credit_spend_nanos: int
    events: int
    policy: Policy | None
    expected: Expected | None


def members(demands: Mapping[str, Demand], now: datetime, economics: Economics) -> tuple[Member, ...]:
    """The dearest accounts, by spend; nobody's where there is one account only."""
    if len(demands) < 2:
        return ()
    dearest = sorted(demands.items(), key=lambda one: (-one[1].total_nanos, one[0]))[:MOST_MEMBERS]
    found = []
    for account, own in dearest:
        demand = own.before(now)
        policy = expected = None
        if demand.events >= FEWEST_CALLS:
            tried = fit(demand, now, economics, most_months=MONTHS_TRIED)
            limit = grid.limit(limit_needed(tried.level), float(tried.reload_tos[tried.best]))
            threshold, reload_to = float(tried.thresholds[tried.best]), float(tried.reload_tos[tried.best])
            policy = Policy(round(threshold * USD), round(reload_to * USD), round(limit * USD))
            expected = tried.expected(tried.best, limit)
        found.append(Member(account, demand.total_nanos, demand.events, policy, expected))
    return tuple(found)
