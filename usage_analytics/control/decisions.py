"""Everything known about the account at a moment: what the person entered, completed by what the account itself reported.

Entered values take precedence over reported ones, and every value names its origin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from usage_analytics.control import balances, settings
from usage_analytics.control.alerts import Thresholds, thresholds
from usage_analytics.control.balances import Reading, TopUp
from usage_analytics.control.expected import ExpectedRun, expected_runs
from usage_analytics.control.flags import dismissed
from usage_analytics.control.notes import Note, notes
from usage_analytics.control.settings import US_DOLLARS, AutoReload, Currency, Economics, OwnPool, Plan, Taken
from usage_analytics.weeks import WeekStart

if TYPE_CHECKING:
    from usage_analytics.control import Control

Origin = Literal["typed", "account", "assumed"]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the person decided, and the account as it is known. `policy` is how auto-reload is set; None is unknown.

    `readings` are those that were typed and those that were imported, in the order of time; where both say the same moment, the typed.
    """

    plan: Plan
    pools: tuple[OwnPool, ...]
    economics: Economics
    policy: AutoReload | None
    policy_from: Origin | None
    currency: Currency
    currency_from: Origin
    readings: tuple[Reading, ...]
    top_ups: tuple[TopUp, ...]
    zone: str | None
    week_start: WeekStart | None = None
    expected: tuple[ExpectedRun, ...] = ()
    dismissed: frozenset[str] = frozenset()
    taken: tuple[Taken, ...] = ()
    notes: tuple[Note, ...] = ()
    cycle_day: int = 1
    thresholds: Thresholds = Thresholds()  # noqa: RUF009  frozen, so that one serves all

    @property
    def own_pools(self) -> list[dict[str, str | None]]:
        """Who pays for which app, as the parameter `$own_pools` of queries."""
        return [{"app": one.app, "account": one.account, "pool": one.pool} for one in self.pools]

    @property
    def latest(self) -> Reading | None:
        """The last reading of the balance; None when there is none."""
        return self.readings[-1] if self.readings else None


def decisions(control: Control, seen: Iterable[Mapping[str, Any]] = (), before: datetime | None = None) -> Decisions:
    """What is known at a moment (None is now): what the account said before it, and what was typed until it.

    `seen` are rows of the store's query `balances`, in the order of time.
    """
    said = [row for row in seen if before is None or row["seen_at"] < before]
    typed = settings.current_policy(control)
    written = balances.readings(control, before)
    known = {(one.read_at, one.account) for one in written}
    imported = (
        Reading(row["seen_at"], row["balance_nanos"], row["currency"], row["account"], origin="account")
        for row in said
        if row["balance_nanos"] is not None and row["currency"] is not None
    )
    both = [*written, *(one for one in imported if (one.read_at, one.account) not in known)]
    readings = tuple(sorted(both, key=lambda one: one.read_at))
    currency, currency_from = _currency(settings.currency(control), readings[-1] if readings else None, said)
    policy = typed or _policy(said)
    return Decisions(
        plan=settings.plan(control),
        pools=settings.pools(control),
        economics=settings.economics(control),
        policy=policy,
        policy_from=None if policy is None else "typed" if typed else "account",
        currency=currency,
        currency_from=currency_from,
        readings=readings,
        top_ups=balances.top_ups(control, before),
        zone=settings.zone(control),
        week_start=settings.week_start(control),
        expected=expected_runs(control),
        dismissed=dismissed(control),
        taken=settings.taken(control),
        notes=notes(control),
        cycle_day=settings.cycle_day(control),
        thresholds=thresholds(control),
    )


def _policy(said: list[Mapping[str, Any]]) -> AutoReload | None:
    """How auto-reload was set when the account last said so; the monthly limit may have been said by another document."""
    reload = next((row for row in reversed(said) if row["reload_to_nanos"] is not None and row["currency"]), None)
    if reload is None or reload["threshold_nanos"] is None:
        return None
    same = [row for row in said if row["currency"] == reload["currency"]]
    limit = next((row for row in reversed(same) if row["has_monthly_limit"] is not None), None)
    return AutoReload(
        threshold_nanos=reload["threshold_nanos"],
        reload_to_nanos=reload["reload_to_nanos"],
        monthly_limit_nanos=limit["monthly_limit_nanos"] if limit else None,
        enabled=reload["reload_enabled"] is not False,
        currency=reload["currency"],
    )


def _currency(typed: Currency | None, balance: Reading | None, said: list[Mapping[str, Any]]) -> tuple[Currency, Origin]:
    """As typed, else that of the last balance, else that of any other document."""
    if typed is not None:
        return typed, "typed"
    code = balance.currency if balance else next((row["currency"] for row in reversed(said) if row["currency"]), None)
    if code is None:
        return US_DOLLARS, "assumed"
    return Currency(code, Decimal(1) if code == "USD" else None, None), balance.origin if balance else "account"
