"""What Robin's plan covers and what credits pay for, so that limits come when they would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final, NamedTuple

from usage_analytics.pricing.models import canonical
from usage_analytics.pricing.rates import Rate, list_rates

SESSION: Final = timedelta(hours=5)
LONG_AGO: Final = datetime(1970, 1, 1)
PICOS: Final = 10**12


class Tokens(NamedTuple):
    """Disjoint counts of one call."""

    input: int
    cache_read: int
    cache_write_5m: int
    cache_write_1h: int
    output: int


@dataclass(slots=True)
class Wallet:
    """The plan's five-hour session and the prepaid balance, in dollars at list prices."""

    allowance: float = 10.0
    balance: float = 15.0
    top_up: float = 20.0
    resets_at: datetime = LONG_AGO
    spent: float = 0.0
    told_until: datetime = LONG_AGO  # of which session the person was told that it is used up

    def on_credits(self, moment: datetime) -> bool:
        """Whether the plan's session is used up at this moment; a new one begins when the last has ended."""
        if moment >= self.resets_at:
            self.resets_at = moment.replace(minute=0, second=0, microsecond=0) + SESSION
            self.spent = 0.0
        return self.spent >= self.allowance

    def charge(self, usd: float, moment: datetime, *, always_credits: bool = False) -> None:
        """Take a call's price from the plan's session, or from credits; a balance may end below zero."""
        if self.on_credits(moment) or always_credits:
            self.balance -= usd
        else:
            self.spent += usd


def cost_usd(model: str, moment: datetime, tokens: Tokens, speed: str | None = None) -> float:
    """A call at list prices, near enough to decide when an allowance is used up."""
    rate = _rate(canonical(model) or "", moment, "fast" if speed == "fast" else "standard")
    if rate is None:
        return 0.0
    picos = (rate.input_picos, rate.cache_read_picos, rate.cache_write_5m_picos, rate.cache_write_1h_picos, rate.output_picos)
    return sum(count * price for count, price in zip(tokens, picos, strict=True)) / PICOS


def _rate(model: str, moment: datetime, tier: str) -> Rate | None:
    return next((rate for rate in _rates(model, tier) if rate.effective_from <= moment < rate.effective_to), None)


@cache
def _rates(model: str, tier: str) -> tuple[Rate, ...]:
    return tuple(rate for rate in list_rates() if rate.model == model and rate.tier == tier)
