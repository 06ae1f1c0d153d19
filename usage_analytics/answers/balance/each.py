"""Several accounts with a balance each: which readings, top-ups and calls belong to which."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from usage_analytics.answers.balance.data import Data
    from usage_analytics.answers.balance.ledger import Ledger
    from usage_analytics.answers.balance.runway import Runway
    from usage_analytics.control.decisions import Decisions
    from usage_analytics.question.names import Names

NEVER: Final = timedelta(days=100_000)
Own = tuple["Decisions", "Data"]


def named(known: Decisions, names: Names | None) -> Decisions:
    """Return the decisions with account names as the question shows them."""
    if names is None:
        return known

    def shown(account: str | None) -> str | None:
        return None if account is None else names.of("account", account)

    return replace(
        known,
        readings=tuple(replace(one, account=shown(one.account)) for one in known.readings),
        top_ups=tuple(replace(one, account=shown(one.account)) for one in known.top_ups),
    )


def by_account(known: Decisions, data: Data) -> dict[str | None, Own]:
    """Return decisions and rows by account, for each account that has balance readings; only the key None if fewer than two have.

    Readings without an account name describe one more balance that all other accounts share, under None.
    """
    accounts = list(dict.fromkeys(one.account for one in known.readings))
    others = [account for account in accounts if account is not None]
    if len(others) < 2:
        return {None: (known, data)}
    found: dict[str | None, Own] = {}
    for account in accounts:
        mine = replace(
            known,
            readings=tuple(one for one in known.readings if one.account == account),
            top_ups=tuple(one for one in known.top_ups if one.account == account),
        )
        found[account] = mine, data.of(account, others)
    return found


def urgency(runways: tuple[Runway, ...], book: Ledger, now: datetime) -> tuple[timedelta, int]:
    """Return a sort key: how soon the balance runs out, then what is left. The lowest needs attention first."""
    gone = next((one.middle for one in runways if one.gauge == "balance" and one.middle), None)
    return NEVER if gone is None else gone - now, book.balance_nanos or 0
