"""A prepaid balance that needs attention: it is empty, or lasts less than a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from usage_analytics.answers.balance.data import spent_between

if TYPE_CHECKING:
    from usage_analytics.answers.balance.data import Columns
    from usage_analytics.answers.balance.ledger import Ledger
    from usage_analytics.control.decisions import Decisions

DAY: Final = timedelta(days=1)
PACE_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Low:
    """A balance that needs attention, in nanos of the account's currency. `since` is when money was last added."""

    nanos: int
    nanos_per_day: int  # over the last `PACE_DAYS`
    currency: str
    read_at: datetime
    since: datetime
    account: str | None = None

    @property
    def lasts(self) -> timedelta | None:
        """Return how long the balance lasts at the present burn rate; None if nothing is being spent or nothing is left."""
        return timedelta(days=self.nanos / self.nanos_per_day) if self.nanos > 0 and self.nanos_per_day > 0 else None


def running_out(
    known: Decisions, found: Ledger, calls: Columns, now: datetime, *, least: timedelta = DAY, account: str | None = None
) -> Low | None:
    """Return the balance if it is empty or lasts less than `least` at the burn rate of the last days; None if it's fine or unknown.

    With auto-reload on, a reload comes before the balance is empty, so only a balance below zero counts.
    """
    if found.balance_nanos is None or found.read_at is None:
        return None
    recent = spent_between(calls, now - PACE_DAYS * DAY)
    rate = known.currency.usd_rate
    came = [one.paid_at for one in known.top_ups if one.paid_at > found.read_at]
    balance = Low(
        nanos=found.balance_nanos,
        nanos_per_day=round(recent / PACE_DAYS / float(rate or 1)),
        currency=found.currency,
        read_at=found.read_at,
        since=max([found.read_at, *came]),
        account=account,
    )
    reloads = known.policy is not None and known.policy.enabled
    soon = balance.lasts is not None and balance.lasts < least and not reloads
    return balance if soon or balance.nanos <= 0 else None
