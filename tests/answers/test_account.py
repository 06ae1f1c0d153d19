"""What is left, how far off the log is, and until when it lasts, in sentences that stand alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from usage_analytics.answers.balance import account, ledger
from usage_analytics.answers.balance.ledger import Ledger
from usage_analytics.answers.balance.runway import Runway
from usage_analytics.control.balances import Reading
from usage_analytics.control.decisions import Decisions
from usage_analytics.control.settings import US_DOLLARS, AutoReload, Economics

USD = 10**9
NOW = datetime(2026, 11, 20, 15)
DAY = timedelta(days=1)
NOBODY = Decisions("unknown", (), Economics(), None, None, US_DOLLARS, "assumed", (), (), None)


def book(*readings: tuple[int, float], spent: float = 0.0) -> Ledger:
    """The ledger of readings so many days ago, and one call two days ago."""
    known = replace(
        NOBODY, currency_from="typed", readings=tuple(Reading(NOW - days * DAY, round(usd * USD)) for days, usd in readings)
    )
    calls = {"occurred_at": pd.Series([NOW - 2 * DAY], dtype="datetime64[us]"), "nanos": [round(spent * USD)]}
    return ledger.run(known, pd.DataFrame(calls), NOW)


def test_without_a_balance_it_is_said_what_to_do() -> None:
    found = account.headline(NOBODY, ledger.run(NOBODY, pd.DataFrame({"occurred_at": [], "nanos": []}), NOW), NOW)
    assert (found.lead, found.enough) == ("Balance unknown. Enter it, or paste it from claude.ai.", False)
    assert found.detail == "You haven't chosen a plan yet. Your auto-reload setting is unknown."


def test_how_auto_reload_is_set_says_where_that_is_from() -> None:
    known = replace(NOBODY, plan="max5", policy=AutoReload(5 * USD, 15 * USD, None, enabled=False), policy_from="account")
    found = account.headline(known, book((1, 20)), NOW)
    assert found.lead == "About $20.00 is left, based on a reading from 24 h ago."
    assert found.detail == "Plan: Max 5x. Auto-reload is off: below $5.00, it reloads to $15.00, according to your account."


@pytest.mark.parametrize(
    ("second", "said", "why"),
    [
        (29.0, "$6.00 below what the log suggests ($2.00 a day)", "spent where we have no log, or charged for something else"),
        (38.0, "$3.00 above what the log suggests ($1.00 a day)", "a top-up isn't entered here, or the plan paid"),
    ],
)
def test_the_drift_is_said_with_what_may_be_behind_it(second: float, said: str, why: str) -> None:
    assert account.drift(book((4, 40), (1, second), spent=5)) == f"The last reading was {said}: {why}."


def test_where_there_is_no_drift_that_is_said() -> None:
    assert account.drift(book((4, 40), (1, 35), spent=5)) == "The last reading matches the log to the cent."


def test_one_reading_has_no_drift_yet() -> None:
    assert account.drift(book((4, 40))) == "A second reading will show how well the log matches the account."


@pytest.mark.parametrize(
    ("runway", "said"),
    [
        (
            Runway("balance", NOW + 180 * DAY, NOW + 5 * DAY, NOW + 8 * DAY, NOW + 12 * DAY, 1.0),
            "Without a top-up, the balance runs out between Nov 25, 2026 and Dec 2, 2026, most likely around Nov 28, 2026.",
        ),
        (
            Runway("monthly_limit", NOW + 10 * DAY, NOW + 4 * DAY, NOW + 4 * DAY, NOW + 4 * DAY, 1.0),
            "This month's limit runs out around Nov 24, 2026.",
        ),
        (
            Runway("monthly_limit", NOW + 10 * DAY, NOW + 9 * DAY, None, None, 0.2),
            "This month's limit lasts until Nov 29, 2026 at the earliest; 80% of the time it lasts until the end of the month.",
        ),
        (
            Runway("balance", NOW + 180 * DAY, chance=0.0),
            "The balance lasts for at least half a year, at the spend of the last four weeks.",
        ),
        (Runway("session", NOW + DAY, NOW, NOW, NOW, 1.0), "The plan's 5-hour window is used up."),
        (Runway("weekly", NOW + DAY, why="There is too little data."), "The plan's weekly window: there is too little data."),
    ],
)
def test_until_when_is_a_range_and_not_a_point(runway: Runway, said: str) -> None:
    assert account.until(runway, NOW, "UTC") == said


def test_what_the_account_used_this_month_stands_beside_the_log() -> None:
    said = [{"seen_at": NOW - DAY, "used_nanos": 42_670_000_000, "currency": "USD"}]
    calls = {"occurred_at": np.array([NOW - 2 * DAY, NOW], dtype="datetime64[us]"), "nanos": np.array([40 * USD, USD])}
    assert (
        account.month(said, calls, "USD", NOW)
        == "The account reported $42.67 of credits used this month by Nov 19, 2026; the log shows $40.00."
    )
    assert account.month(said, calls, "USD", NOW + 30 * DAY) == ""


def test_what_expires_next_is_said_until_it_has_expired() -> None:
    names = ("document", "seen_at", "expires_at", "expiring_nanos", "currency")
    documents = (
        ("prepaid", datetime(2026, 11, 1), datetime(2026, 11, 10), 5_000_000_000, "EUR"),
        ("usage", datetime(2026, 11, 2), None, None, "EUR"),
        ("prepaid", datetime(2026, 11, 3), datetime(2026, 12, 19), 55_960_000_000, "EUR"),
    )
    said = [dict(zip(names, document, strict=True)) for document in documents]
    assert account.expiring(said, datetime(2026, 11, 20)) == "55.96 EUR of the balance expires on Dec 19, 2026."
    assert account.expiring(said, datetime(2026, 11, 2)) == "5.00 EUR of the balance expires on Nov 10, 2026."
    assert account.expiring(said, datetime(2026, 12, 20)) == ""
    unknown = [row | {"expiring_nanos": None} for row in said]
    assert account.expiring(unknown, datetime(2026, 11, 20)).startswith("Part of the balance expires")
