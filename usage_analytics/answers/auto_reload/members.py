"""Several accounts: what each would need on a balance of its own, and what one balance for all costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from usage_analytics import format
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
    """One account on a balance of its own; 95 of 100 of its months stay below the limit. None: too few calls."""

    account: str
    credit_spend_nanos: int
    events: int
    policy: Policy | None
    expected: Expected | None


@dataclass(frozen=True, slots=True)
class Pooled:
    """What blocked hours, reloads and idle balance cost in a month: with one balance for all, and with one for each of `accounts`."""

    accounts: int
    together_usd: float
    apart_usd: float

    @property
    def said(self) -> str:
        """Return both in a sentence."""
        together, apart = (format.dollars(usd * USD) for usd in (self.together_usd, self.apart_usd))
        less = "less" if self.together_usd < self.apart_usd else "more"
        return (
            f"One balance for all accounts costs {together} a month in blocked hours, reloads and idle balance; {self.accounts} separate "
            f"balances would cost {apart}. One balance costs {less}, but a runaway agent empties it for everyone."
        )


def pooled(together: Expected | None, credit_spend_nanos: int, found: tuple[Member, ...]) -> Pooled | None:
    """Compare one balance with several. Return None if an account is left out or has too few calls."""
    costs = [one.expected.cost_usd_per_month for one in found if one.expected]
    if together is None or len(costs) < max(2, len(found)) or sum(one.credit_spend_nanos for one in found) != credit_spend_nanos:
        return None
    return Pooled(len(costs), together.cost_usd_per_month, sum(costs))


def members(demands: Mapping[str, Demand], now: datetime, economics: Economics) -> tuple[Member, ...]:
    """Return the accounts with the highest spend, highest first; empty if there is only one account."""
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
