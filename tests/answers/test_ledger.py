"""The balance goes on from each reading by what the log knows, and says at the next one how far off that was."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pandas as pd

from usage_analytics.answers.balance import ledger
from usage_analytics.control.balances import Reading, TopUp
from usage_analytics.control.decisions import Decisions
from usage_analytics.control.settings import US_DOLLARS, AutoReload, Currency, Economics

USD = 10**9
NOON = datetime(2026, 11, 2, 12)
DAY = timedelta(days=1)


def account(
    *readings: Reading, top_ups: tuple[TopUp, ...] = (), policy: AutoReload | None = None, currency: Currency = US_DOLLARS
) -> Decisions:
    origin = "typed" if policy else None
    return Decisions("pro", (), Economics(), policy, origin, currency, "typed", readings, top_ups, None)


def calls(*spent: tuple[datetime, float]) -> pd.DataFrame:
    moments = pd.Series([at for at, _ in spent], dtype="datetime64[us]")
    return pd.DataFrame({"occurred_at": moments, "nanos": pd.Series([round(usd * USD) for _, usd in spent], dtype="int64")})


def test_without_a_reading_there_is_no_balance_and_what_to_do_is_said() -> None:
    found = ledger.run(account(), calls((NOON, 1)), NOON + DAY)
    assert (found.balance_nanos, found.stretches) == (None, ())
    assert found.notes == ("Balance unknown. Enter it, or paste it from claude.ai.",)


def test_the_balance_goes_on_from_the_reading_by_what_was_spent_since() -> None:
    found = ledger.run(account(Reading(NOON, 40 * USD)), calls((NOON - DAY, 5), (NOON, 1), (NOON + DAY, 2.25)), NOON + 2 * DAY)
    assert found.balance_nanos == 40 * USD - 3_250_000_000
    assert found.drifts == ()


def test_a_reading_that_fits_has_no_drift_and_one_that_does_not_says_how_much_a_day() -> None:
    readings = (Reading(NOON, 40 * USD), Reading(NOON + DAY, 37 * USD), Reading(NOON + 3 * DAY, 30 * USD))
    found = ledger.run(account(*readings), calls((NOON, 3), (NOON + 2 * DAY, 4)), NOON + 4 * DAY)
    assert [one.drift_nanos for one in found.drifts] == [0, -3 * USD]
    assert [one.drift_per_day_nanos for one in found.drifts] == [0, -1_500_000_000]
    assert found.balance_nanos == 30 * USD  # it starts anew at the reading


def test_what_was_put_on_counts_as_credited_and_a_discount_is_no_drift() -> None:
    readings = (Reading(NOON, 5 * USD), Reading(NOON + 2 * DAY, 50 * USD))
    found = ledger.run(account(*readings, top_ups=(TopUp(NOON + DAY, 50 * USD, 45 * USD),)), calls((NOON, 5)), NOON + 2 * DAY)
    assert [one.drift_nanos for one in found.drifts] == [0]


def test_reloads_that_nobody_typed_follow_from_the_setting_where_the_reading_bears_it_out() -> None:
    policy = AutoReload(5 * USD, 15 * USD, None)
    spent = [(NOON + timedelta(hours=hour), 1.5) for hour in range(20)]  # 30 in all
    # 10 → 4: reload to 15; → 4.5: to 15; → 4.5: to 15; four calls more
    readings = (Reading(NOON, 10 * USD), Reading(NOON + DAY, 12 * USD))
    (stretch, _) = ledger.run(account(*readings, policy=policy), calls(*spent), NOON + DAY).stretches
    assert (stretch.reloads, stretch.reloaded_nanos) == (3, 32 * USD)
    assert (stretch.expected_nanos, stretch.drift_nanos) == (12 * USD, 0)


def test_a_setting_that_the_reading_contradicts_was_not_yet_in_force() -> None:
    policy = AutoReload(5 * USD, 15 * USD, None)
    readings = (Reading(NOON, 10 * USD), Reading(NOON + DAY, 1 * USD))
    (stretch, _) = ledger.run(account(*readings, policy=policy), calls((NOON, 9)), NOON + DAY).stretches
    assert (stretch.reloads, stretch.drift_nanos) == (0, 0)


def test_typed_top_ups_are_all_that_was_put_on() -> None:
    policy = AutoReload(5 * USD, 15 * USD, None)
    known = account(Reading(NOON, 10 * USD), top_ups=(TopUp(NOON + DAY, 11 * USD),), policy=policy)
    found = ledger.run(known, calls((NOON, 6)), NOON + 2 * DAY)
    assert (found.balance_nanos, found.stretches[0].reloads) == (15 * USD, 0)


def test_an_auto_reload_that_is_off_reloads_nothing() -> None:
    policy = AutoReload(5 * USD, 15 * USD, None, enabled=False)
    assert ledger.run(account(Reading(NOON, 10 * USD), policy=policy), calls((NOON, 12)), NOON + DAY).balance_nanos == -2 * USD


def test_another_currency_counts_only_with_a_stated_rate() -> None:
    canadian = (Reading(NOON, 40 * USD, "CAD"), Reading(NOON + DAY, 30 * USD, "CAD"))
    unknown = ledger.run(account(*canadian, currency=Currency("CAD", None, None)), calls((NOON, 7)), NOON + DAY)
    assert (unknown.balance_nanos, unknown.drifts) == (None, ())
    assert unknown.notes == (
        "Your account is in CAD, but calls are priced in US dollars. Enter the exchange rate in Settings, under Account.",
    )
    stated = ledger.run(account(*canadian, currency=Currency("CAD", Decimal("0.7"), None)), calls((NOON, 7)), NOON + DAY)
    assert [one.drift_nanos for one in stated.drifts] == [0]


def test_a_reading_in_another_currency_is_left_out_and_that_is_said() -> None:
    found = ledger.run(account(Reading(NOON, 40 * USD, "EUR"), Reading(NOON + DAY, 30 * USD)), calls(), NOON + 2 * DAY)
    assert (found.balance_nanos, len(found.stretches)) == (30 * USD, 1)
    assert found.notes == ("We left out amounts in EUR, because the account is in USD.",)


def test_half_a_million_calls_and_a_thousand_reloads_take_no_time() -> None:
    moments = pd.date_range(NOON, periods=500_000, freq="s", unit="us")
    many = pd.DataFrame({"occurred_at": moments, "nanos": 20_000_000})
    found = ledger.run(account(Reading(NOON, 10 * USD), policy=AutoReload(5 * USD, 15 * USD, None)), many, NOON + 10 * DAY)
    spent, reloads = 10_000 * USD, found.stretches[0].reloads
    assert 900 < reloads <= 1000
    assert found.balance_nanos == 10 * USD - spent + found.stretches[0].reloaded_nanos
    assert 5 * USD <= (found.balance_nanos or 0) <= 15 * USD
