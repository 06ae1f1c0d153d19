"""The prepaid balance: what is left, how long it lasts, and what paid for each call.

data      the rows that the balance is computed from
account   the sentences, and the tables that a person can edit
each      several accounts, each with its own readings, calls and top-ups
ledger    the balance between two readings
low       a balance that is empty or soon will be
pools     what paid: the plan, credits or an API key
runway    when the balance, the monthly limit and the plan's windows run out
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi
from usage_analytics.answers.balance import account, each, ledger, low, pools, runway
from usage_analytics.answers.balance.account import reading_rows, readings_of, top_up_rows, top_ups_of
from usage_analytics.answers.balance.data import Data
from usage_analytics.answers.balance.ledger import Ledger, Stretch
from usage_analytics.answers.balance.low import Low
from usage_analytics.answers.balance.pools import PaidFrom
from usage_analytics.answers.balance.runway import Runway
from usage_analytics.filters import Filters

if TYPE_CHECKING:
    import pandas as pd

    from usage_analytics.control.decisions import Decisions
    from usage_analytics.question import Question

__all__ = [
    "Balance", "Ledger", "Low", "PaidFrom", "Runway", "Stretch", "answer", "paid_from", "reading_rows", "readings_of", "top_up_rows",
    "top_ups_of",
]  # fmt: skip

CENT: Final = 10_000_000  # nanos: a drift below it is none
LOOKED_BACK: Final = timedelta(days=35)  # four weeks of pace, and a whole month for its limit
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """The balance at `as_of` (naive UTC) and how long it lasts. All of it depends on the minute of asking.

    `left_nanos` is in nanos of the account's currency, `left_usd_nanos` in nanos of US dollars; None means unknown. `lines` says
    when each gauge runs out, `drift` how far the last reading was from the log, `month` what the account reports for this month
    next to what the log has, and `expiring` which part of the balance expires next. Each is "" where there is nothing to say. `low`
    is None unless someone needs to act. `account` is the account's name, or None if there is only one balance. With several
    balances, `each` holds one answer per account, the one that runs out first at the front; the other fields describe that one.
    """

    as_of: datetime
    headline: Headline
    figures: tuple[Kpi, ...]
    known: Decisions
    book: Ledger
    runways: tuple[Runway, ...]
    lines: tuple[str, ...]
    drift: str
    month: str
    expiring: str
    low: Low | None
    account: str | None = None
    each: tuple[Balance, ...] = ()

    @property
    def left_nanos(self) -> int | None:
        """Return what is left, in nanos of the account's currency; None if unknown."""
        return self.book.balance_nanos

    @property
    def left_usd_nanos(self) -> int | None:
        """Return what is left in nanos of US dollars; None if the exchange rate isn't set."""
        rate = self.known.currency.usd_rate
        return None if self.left_nanos is None or rate is None else round(self.left_nanos * rate)

    @property
    def rows(self) -> pd.DataFrame:
        """Return the ledger as a table, one row per stretch between readings, newest first."""
        return account.ledger_rows(self.book)


def answer(question: Question) -> Balance:
    """Return the balance of every account. Filters don't apply: a balance covers all apps and dates.

    It starts from the last reading and adds what the log shows since then: spend, top-ups and reloads.
    """
    question = question.everything()

    def judged() -> Balance:
        # What was typed within the running minute counts at once.
        now = question.as_of if question.until else question.as_of + MINUTE
        known = each.named(question.decisions, question.names)
        begun = [one.read_at for one in known.readings[:1]]
        start = min([now - LOOKED_BACK, *begun]).replace(hour=0, minute=0, second=0, microsecond=0)
        weeks = (now - LOOKED_BACK - timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)  # the plan's windows
        within = Filters(start=weeks, end=question.filters.end, zone=question.filters.zone)
        data = Data(
            question.columns("credit_calls", replace(question.filters, start=start), own_pools=known.own_pools),
            question.rows("balances"),
            question.columns("spend_hours", within),
        )
        split = each.by_account(known, data)
        if len(split) < 2:
            return _of(question, known, data, now, None)
        found = [_of(question, *own, now, name) for name, own in split.items()]
        found.sort(key=lambda one: each.urgency(one.runways, one.book, now))
        return replace(found[0], each=tuple(found))

    return question.kept("balance", judged)


def _of(question: Question, known: Decisions, data: Data, now: datetime, whose: str | None) -> Balance:
    """Return the balance of one account, or of all accounts together if `whose` is None."""
    calls, said, zone = data.calls, data.said, question.filters.zone
    book = ledger.run(known, calls, now)
    runways = runway.gauges(known, book, data, now)
    return Balance(
        question.as_of,
        account.headline(known, book, now, whose),
        _figures(book, runways, zone),
        known,
        book,
        runways,
        tuple(account.until(one, now, zone) for one in runways),
        account.drift(book),
        account.month(said, calls, known.currency.code, now),
        account.expiring(said, now),
        low.running_out(known, book, calls, now, account=whose),
        whose,
    )


def paid_from(question: Question) -> PaidFrom:
    """Return what paid for each part of the spend up to the question's moment (plan, credits or API key) and how we know."""
    asked = question.everything()
    return asked.kept("paid from", lambda: pools.paid_from(asked.read("pools", own_pools=asked.decisions.own_pools)))


def _figures(book: Ledger, runways: tuple[Runway, ...], zone: str) -> tuple[Kpi, ...]:
    """Return three figures: what is left, when it runs out, and the drift at the last reading."""
    if book.balance_nanos is None or book.read_at is None:
        return ()
    read = f"read {format.moment(book.read_at, zone)}"
    figures = [Kpi("Balance", format.money(book.balance_nanos, book.currency), compared=read)]
    gone = next((one.middle for one in runways if one.gauge == "balance" and one.middle), None)
    if gone is not None:
        figures.append(Kpi("Runs out", format.day(format.local(gone, zone).date())))
    drift = book.drifts[-1].drift_nanos if book.drifts else None
    if drift is not None and abs(drift) >= CENT:
        figures.append(Kpi("Drift", format.money(drift, book.currency), compared="at the last reading, vs. the log"))
    return tuple(figures)
