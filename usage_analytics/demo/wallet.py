"""What Robin's plan covers and what credits pay for, so that limits come when they would."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Final, NamedTuple

from usage_analytics.pricing.models import canonical
from usage_analytics.pricing.rates import Rate, list_rates

SESSION: Final = timedelta(hours=5)
LONG_AGO: Final = datetime(1970, 1, 1)
PICOS: Final = 10**12
DONE_EVERY: Final = (
    3  # reloads while Robin works: for the others the bank wants a confirmation that nobody sees until the next day
)


class Tokens(NamedTuple):
    """Disjoint counts of one call."""

    input: int
    cache_read: int
    cache_write_5m: int
    cache_write_1h: int
    output: int


@dataclass(slots=True)
class Wallet:
    """The plan's five-hour session and the prepaid balance with its auto-reload, in dollars at list prices."""

    allowance: float = 10.0
    balance: float = 15.0
    threshold: float = 5.0  # the form's own numbers, which Robin left as they were
    reload_to: float = 15.0
    reloads_from: datetime = LONG_AGO  # before that Robin topped up by hand, each time that work had stopped
    top_up: float = 20.0
    resets_at: datetime = LONG_AGO
    spent: float = 0.0
    told_until: datetime = LONG_AGO  # end of the session that Claude Code said was used up
    reloads: int = 0
    declined: bool = False
    elsewhere: list[tuple[datetime, float]] = field(default_factory=list)  # charges that come from other programs, in time
    history: list[tuple[datetime, float]] = field(default_factory=list)  # the balance after every charge

    def on_credits(self, moment: datetime) -> bool:
        """Whether the plan's session is used up at this moment; a new one begins when the last has ended."""
        while self.elsewhere and self.elsewhere[0][0] <= moment:
            at, usd = self.elsewhere.pop(0)
            self._pay(usd, at)
        # The next day Robin sees the bank's message, and the reload goes through.
        if self.declined and moment.date() > self.history[-1][0].date():
            self.balance, self.declined = max(self.balance, self.reload_to), False
            self.history.append((moment.replace(hour=7, minute=30), self.balance))
        if moment >= self.resets_at:
            self.resets_at = moment.replace(minute=0, second=0, microsecond=0) + SESSION
            self.spent = 0.0
        return self.spent >= self.allowance

    def charge(self, usd: float, moment: datetime, *, always_credits: bool = False) -> None:
        """Take a call's price from the plan's session, or from credits; a balance may end below zero."""
        if self.on_credits(moment) or always_credits:
            self._pay(usd, moment, by_hand=True)
        else:
            self.spent += usd

    def add_funds(self, moment: datetime) -> None:
        """Robin tops up by hand, after a reload was declined."""
        self.balance, self.declined = self.balance + self.top_up, False
        self.history.append((moment, self.balance))

    def balance_at(self, moment: datetime) -> float:
        """What the account would have said at a moment."""
        return next((balance for at, balance in reversed(self.history) if at <= moment), self.balance)

    def _pay(self, usd: float, moment: datetime, *, by_hand: bool = False) -> None:
        self.balance -= usd
        if self.balance < self.threshold and not self.declined and moment >= self.reloads_from:
            self.reloads += by_hand
            self.declined = by_hand and self.reloads % DONE_EVERY != 0
            if not self.declined:
                self.balance = self.reload_to
        self.history.append((moment, self.balance))


def cost_usd(model: str, moment: datetime, tokens: Tokens, speed: str | None = None) -> float:
    """A call at list prices, near enough to decide when an allowance is used up."""
    rate = next(
        (
            rate
            for rate in _rates(canonical(model) or "", "fast" if speed == "fast" else "standard")
            if rate.effective_from <= moment < rate.effective_to
        ),
        None,
    )
    if rate is None:
        return 0.0
    picos = (rate.input_picos, rate.cache_read_picos, rate.cache_write_5m_picos, rate.cache_write_1h_picos, rate.output_picos)
    return sum(count * price for count, price in zip(tokens, picos, strict=True)) / PICOS


@cache
def _rates(model: str, tier: str) -> tuple[Rate, ...]:
    return tuple(rate for rate in list_rates() if rate.model == model and rate.tier == tier)
