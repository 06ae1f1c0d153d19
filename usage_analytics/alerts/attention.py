"""What needs somebody now: drains that go on, work that is blocked, a balance that is running out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from usage_analytics.alerts.alert import DASHBOARD, Alert, Balance, of_balance, of_block, of_flag
from usage_analytics.answers import background, blocks
from usage_analytics.answers.balance import ledger
from usage_analytics.control import Control, settings
from usage_analytics.control.alerts import thresholds
from usage_analytics.control.decisions import Decisions, decisions
from usage_analytics.control.expected import expected_runs
from usage_analytics.control.flags import dismissed
from usage_analytics.filters import Filters
from usage_analytics.store import Store

if TYPE_CHECKING:
    import pandas as pd

    from usage_analytics.answers.background.flags import Flag
    from usage_analytics.answers.balance.ledger import Ledger

EVERYTHING: Final = Filters()
DAY: Final = timedelta(days=1)
BLOCKS_WITHIN: Final = timedelta(days=14)  # no window of the plan is longer than a week
PACE_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs somebody, the latest first, and the flags that were looked at."""

    alerts: tuple[Alert, ...]
    flags: tuple[Flag, ...]


def attention(
    store: Store, control: Control, now: datetime, *, as_of: bool, since: datetime, seen: Collection[str] = ()
) -> Attention:
    """What needs somebody at `now`: what goes on then, and drains that were last seen since `since` and that nobody has `seen`.

    With `as_of`, no later event is used; without, not even what a clock elsewhere dates after ours is left out.
    """
    zone, until = settings.zone(control) or "UTC", Filters(end=now if as_of else None)
    flags = tuple(flag for flag in _flags(store, control, now, until, zone) if flag.last_seen_at >= since)
    amounts, dashboard = thresholds(control), control.setting("public_url") or DASHBOARD
    drains = [of_flag(flag, amounts, zone, dashboard) for flag in flags if not flag.over or flag.key not in seen]
    blocked = [of_block(block, now, zone, dashboard) for block in _blocks(store, now, zone)]
    return Attention((*drains, *blocked, *(of_balance(low, zone, dashboard) for low in _low(store, control, now))), flags)


def data_until(store: Store, now: datetime) -> datetime | None:
    """The moment that is now as far as the data go: now, or the last event where that was before; None without any."""
    last_at: datetime | None = store.rows("extent", EVERYTHING)[0]["last_at"]
    return None if last_at is None else min(now, last_at)


def running_out(known: Decisions, found: Ledger, calls: pd.DataFrame, now: datetime, *, low: timedelta = DAY) -> Balance | None:
    """The balance when it is used up, or lasts less than `low` at the pace of the last days; None when it is well or unknown.

    Where auto-reload is on, money comes before it runs out, so that only a balance below zero counts.
    """
    if found.balance_nanos is None or found.read_at is None:
        return None
    recent = calls.loc[calls["occurred_at"] >= now - PACE_DAYS * DAY, "nanos"].sum()
    rate = known.currency.usd_rate
    came = [one.paid_at for one in known.top_ups if one.paid_at > found.read_at]
    balance = Balance(
        nanos=found.balance_nanos,
        nanos_per_day=round(int(recent) / PACE_DAYS / float(rate or 1)),
        currency=found.currency,
        read_at=found.read_at,
        since=max([found.read_at, *came]),
    )
    reloads = known.policy is not None and known.policy.enabled
    soon = balance.lasts is not None and balance.lasts < low and not reloads
    return balance if soon or balance.nanos <= 0 else None


def _flags(store: Store, control: Control, now: datetime, until: Filters, zone: str) -> tuple[Flag, ...]:
    rows = {query: store.columns(query, until) for query in background.QUERIES}
    moments = rows["background_calls"]["moment"]
    if len(moments) and until.end is None:
        now = max(now, datetime(1970, 1, 1) + timedelta(milliseconds=int(moments[-1]) + 1))
    found = background.judge(rows, now, expected=expected_runs(control), dismissed=dismissed(control), zone=zone)
    return found.flags


def _blocks(store: Store, now: datetime, zone: str) -> Iterator[blocks.Block]:
    within = Filters(start=now - BLOCKS_WITHIN, end=now, zone=zone)
    rows = {query: store.frame(query, within, **parameters) for query, parameters in blocks.QUERIES.items()}
    found = blocks.find(rows["blocks"], rows["active_hours"], now, zone=zone)
    return (block for block in found.blocks if block.end is None)


def _low(store: Store, control: Control, now: datetime) -> Iterator[Balance]:
    until = Filters(end=now)
    known = decisions(control, store.rows("balances", until), before=now)
    if not known.readings:
        return
    calls = store.frame("credit_calls", until, own_pools=settings.own_pools(control))
    low = running_out(known, ledger.run(known, calls, now), calls, now)
    if low is not None:
        yield low
