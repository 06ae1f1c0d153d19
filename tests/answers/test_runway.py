"""When a gauge runs out is said as a range, from the person's own days; where they are too few, that is said."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from usage_analytics.answers.balance import runway
from usage_analytics.answers.balance.runway import Expiring, Seen

USD = 10**9
NOW = datetime(2026, 11, 20, 15, 30)  # a Friday
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def calls(*daily: float, now: datetime = NOW) -> pd.DataFrame:
    """One call a day, the latest an hour ago."""
    moments = [now - timedelta(hours=1) - back * DAY for back in range(len(daily))]
    return pd.DataFrame({"occurred_at": pd.Series(moments, dtype="datetime64[us]"), "nanos": [round(usd * USD) for usd in daily]})


def hourly(per_hour: float, days: int = 21) -> pd.DataFrame:
    hours = pd.date_range((NOW - days * DAY).replace(minute=0), NOW, freq="h", unit="us")
    return pd.DataFrame({"hour": hours, "nanos": round(per_hour * USD)})


def test_an_even_pace_ends_on_one_day() -> None:
    found = runway.balance(calls(*[2.0] * 28), 20 * USD, NOW)
    assert found.low == found.middle == found.high == NOW + 10 * DAY
    assert found.chance == 1.0


def test_an_uneven_pace_is_a_range_with_the_middle_inside() -> None:
    chance = np.random.default_rng(3)
    found = runway.balance(calls(*chance.lognormal(0.5, 1.0, 28)), 40 * USD, NOW)
    assert None not in (found.low, found.middle, found.high)
    assert NOW < found.low < found.middle < found.high < NOW + 60 * DAY


def test_the_same_data_give_the_same_answer() -> None:
    spent = calls(*np.random.default_rng(4).exponential(2, 28))
    assert runway.balance(spent, 30 * USD, NOW) == runway.balance(spent.sample(frac=1, random_state=1), 30 * USD, NOW)


def test_weekends_are_drawn_from_weekends() -> None:
    daily = [0.0 if (NOW - (back + 1) * DAY).weekday() >= 5 else 10.0 for back in range(28)]
    found = runway.balance(calls(*daily), 25 * USD, NOW)  # Friday, then two days of nothing, Monday, Tuesday
    assert found.low is not None
    assert found.low >= NOW + 3 * DAY


def test_what_is_gone_is_gone_now() -> None:
    found = runway.balance(calls(*[2.0] * 28), -USD, NOW)
    assert (found.low, found.high, found.chance) == (NOW, NOW, 1.0)


def test_what_expires_is_spent_first_and_what_is_left_of_it_is_gone() -> None:
    spent = calls(*[2.0] * 28)
    assert runway.balance(spent, 40 * USD, NOW).middle == NOW + 20 * DAY
    soon = runway.balance(
        spent, 40 * USD, NOW, Expiring(30 * USD, NOW + 5 * DAY)
    )  # $10 of the $30 are spent by then, $20 are lost
    assert soon.middle == NOW + 10 * DAY
    assert runway.balance(spent, 40 * USD, NOW, Expiring(30 * USD, NOW + 15 * DAY)).middle == NOW + 20 * DAY, "all of it is spent"
    assert runway.balance(spent, 40 * USD, NOW, Expiring(30 * USD, NOW + 400 * DAY)).middle == NOW + 20 * DAY
    alone = runway.balance(spent, 40 * USD, NOW, Expiring(40 * USD, NOW + 5 * DAY + 12 * HOUR))
    assert alone.high is not None
    assert alone.high <= NOW + 6 * DAY, "nothing is left on the day"


def test_what_lasts_longer_than_the_horizon_is_said_to() -> None:
    found = runway.balance(calls(*[0.01] * 28), 1000 * USD, NOW)
    assert (found.low, found.middle, found.high, found.chance) == (None, None, None, 0.0)
    assert found.until == NOW + 180 * DAY


@pytest.mark.parametrize("daily", [(), (5.0,), (5.0,) * 6, (0.0,) * 20, (9.0, 9.0, *[0.0] * 20)])
def test_without_a_week_of_spend_there_is_no_range(daily: tuple[float, ...]) -> None:
    found = runway.balance(calls(*daily), 20 * USD, NOW)
    assert (found.low, found.chance) == (None, None)
    assert found.why is not None
    assert "Too little spend" in found.why


def test_without_a_balance_or_a_limit_there_is_nothing_to_run_out() -> None:
    assert runway.balance(calls(*[2.0] * 28), None, NOW).why == "Balance unknown."
    assert runway.monthly_limit(calls(*[2.0] * 28), None, None, NOW).why == "Monthly limit unknown."


def test_the_months_limit_counts_what_this_month_has_used() -> None:
    spent = calls(*[2.0] * 28)
    by_calls = runway.monthly_limit(spent, 50 * USD, None, NOW)  # 20 days of November have cost $40
    assert by_calls.middle == NOW + 5 * DAY
    by_account = runway.monthly_limit(spent, 50 * USD, 46 * USD, NOW)
    assert by_account.middle == NOW + 2 * DAY
    assert by_account.until == datetime(2026, 12, 1)


def test_a_limit_that_the_month_does_not_reach_is_said_to_hold() -> None:
    found = runway.monthly_limit(calls(*[2.0] * 28), 500 * USD, None, NOW)
    assert (found.low, found.chance) == (None, 0.0)


def test_a_window_fills_at_the_pace_of_its_past_days() -> None:
    resets = NOW + timedelta(hours=3)  # begun two hours ago, half full by now
    found = runway.window("session", hourly(1.0), Seen(50.0, NOW, resets), NOW)
    assert found.middle is not None
    assert timedelta(hours=1) <= found.middle - NOW <= timedelta(hours=3)
    assert runway.window("session", hourly(1.0), Seen(20.0, NOW, resets), NOW).chance == 0.0


def test_a_full_window_is_empty_and_one_that_began_anew_is_unknown() -> None:
    assert runway.window("weekly", hourly(1.0), Seen(100.0, NOW - DAY, NOW + DAY), NOW).low == NOW - DAY
    assert runway.window("weekly", hourly(1.0), Seen(60.0, NOW - 9 * DAY, NOW - DAY), NOW).why is not None
    assert runway.window("session", hourly(1.0, days=2), Seen(60.0, NOW, NOW + DAY), NOW).why is not None


def test_the_windows_are_those_that_the_account_last_described() -> None:
    weekly = ((NOW - DAY, 40.0), (NOW, 100.0), (NOW + DAY, 0.0))
    unknown = {"session_percent": None, "session_resets_at": None}
    said = [unknown | {"seen_at": at, "weekly_percent": percent, "weekly_resets_at": NOW + DAY} for at, percent in weekly]
    assert [(one.gauge, one.low) for one in runway.windows(said, hourly(1.0), NOW)] == [("weekly", NOW)]
