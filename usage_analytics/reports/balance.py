"""The section about the balance: what is left, until when, and how long it lasts at each way of working."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import pandas as pd

from usage_analytics import format
from usage_analytics.answers import burn as burning
from usage_analytics.answers import overview
from usage_analytics.answers.balance import ledger, runway
from usage_analytics.answers.balance.ledger import Ledger
from usage_analytics.answers.balance.runway import Runway
from usage_analytics.answers.burn import Burn
from usage_analytics.control import settings
from usage_analytics.control.decisions import Decisions, decisions
from usage_analytics.filters import Filters
from usage_analytics.reports.asked import Source
from usage_analytics.reports.report import Column, Figure, Section, Table

_TITLE: Final = "How long will the balance last?"
_EXAMPLE: Final = 10 * 10**9  # nano-dollars: what the article asks about, until a balance is known
_WORTH_NANOS: Final = 10_000_000  # a drift below a cent is none
_NOTE: Final = (
    "The log goes on from the last reading of the balance; another machine, the web and taxes leave no line in it. "
    "The article's figures are those of the guide to usage credits that these four ways of working are from."
)


def account(source: Source) -> Decisions:
    """What is known of the account at the moment of the report."""
    until = Filters(end=source.asked.now)
    said = source.read("balances", until).to_dict("records")
    return decisions(source.control, [_plain(row) for row in said], before=source.asked.now)


def credit_calls(source: Source) -> pd.DataFrame:
    """What was paid from credits, up to the moment of the report."""
    until = Filters(end=source.asked.now, zone=source.asked.filters.zone)
    return source.once("credit_calls", lambda: source.rows("credit_calls", until, own_pools=settings.own_pools(source.control)))


def section(source: Source) -> Section | None:
    """What is left and until when; None where the report is about a part of the usage, because a balance is not."""
    if source.is_narrowed:
        return None
    known, calls, now = account(source), credit_calls(source), source.asked.now
    found = ledger.run(known, calls, now)
    dollars = _in_dollars(found.balance_nanos, known)
    lasts = runway.balance(calls, dollars, now)
    rates = burning.burn(source.load({"burn": overview.QUERIES["burn"]})["burn"])
    return Section(
        "balance",
        _TITLE,
        _lead(found, lasts, source),
        _sentences(found, lasts, source),
        _figures(found, lasts, source),
        tables=(_patterns(rates, dollars),),
        note=_NOTE,
        enough=found.balance_nanos is not None,
    )


def _lead(found: Ledger, lasts: Runway, source: Source) -> str:
    if found.balance_nanos is None:
        return "No balance is known, so nobody can say how long it lasts."
    left = f"{_amount(found.balance_nanos, found.currency)} is left"
    if lasts.why:
        return f"{left}. {lasts.why}"
    if lasts.middle is None:
        return f"{left}, enough until {_day(lasts.until, source)} and beyond."
    if lasts.middle <= source.asked.now:
        return f"The balance is used up: {_amount(found.balance_nanos, found.currency)}."
    return f"{left}, and at the pace of the last four weeks it is gone about {_day(lasts.middle, source)}."


def _sentences(found: Ledger, lasts: Runway, source: Source) -> tuple[str, ...]:
    said = []
    if lasts.low and lasts.middle and lasts.low > source.asked.now:
        latest = _day(lasts.high, source) if lasts.high else f"after {_day(lasts.until, source)}"
        said.append(f"In eight of ten cases it is gone between {_day(lasts.low, source)} and {latest}, if nothing is put on it.")
    return (*said, *found.notes)


def _figures(found: Ledger, lasts: Runway, source: Source) -> tuple[Figure, ...]:
    if found.balance_nanos is None:
        return ()
    zone = source.asked.filters.zone
    usd = found.currency == "USD"
    figures = [
        Figure(
            "balance",
            "Balance",
            _amount(found.balance_nanos, found.currency),
            found.balance_nanos if usd else None,
            "dollars" if usd else "text",
            f"read {format.moment(found.read_at, zone)}",
        )
    ]
    if lasts.middle is not None:
        figures.append(Figure("gone_at", "Gone about", _day(lasts.middle, source), lasts.middle, "moment"))
    drift = found.drifts[-1].drift_nanos if found.drifts else None
    if drift is not None and abs(drift) >= _WORTH_NANOS:
        figures.append(Figure("drift", "Drift", _amount(drift, found.currency), beside="at the last reading, against the log"))
    return tuple(figures)


def _patterns(rates: Burn, dollars: int | None) -> Table:
    """How long a balance lasts in the four ways of working: the person's own rate beside the article's."""
    balance = dollars if dollars and dollars > 0 else _EXAMPLE
    columns = (
        Column("pattern", "Way of working"),
        Column("meaning", "Which conversations"),
        Column("usd_per_hour", "An hour", "dollars"),
        Column("article", "The article's"),
        Column("lasts_seconds", f"{format.dollars(balance)} lasts", "span"),
    )
    rows = tuple(
        (
            one.name,
            one.meaning,
            None if one.per_hour is None else round(one.per_hour),
            f"${one.article[0]:.2f} to ${one.article[1]:.2f}",
            burning.lasts(balance, one.per_hour or sum(one.article) / 2 * 1e9),
        )
        for one in rates.patterns
    )
    return Table("burn", "What an hour costs", columns, rows)


def _in_dollars(nanos: int | None, known: Decisions) -> int | None:
    """A balance in the money of calls; None where the rate is not stated."""
    rate = known.currency.usd_rate
    return None if nanos is None or rate is None else round(nanos * rate)


def _amount(nanos: int, currency: str) -> str:
    return format.dollars(nanos) if currency == "USD" else f"{format.dollars(nanos).replace('$', '')} {currency}"


def _day(moment: datetime, source: Source) -> str:
    return format.day(format.local(moment, source.asked.filters.zone).date())


def _plain(row: dict[str, object]) -> dict[str, object]:
    """A row of a frame as the store hands rows out: unknown is None, counts are whole."""
    return {name: _value(value) for name, value in row.items()}


def _value(value: object) -> object:
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return datetime.fromisoformat(value.isoformat())
    return int(value) if isinstance(value, float) and value.is_integer() else value
