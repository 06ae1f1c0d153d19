"""What the billing cycle will come to."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from usage_analytics.answers.forecast import DAYS_BACK, judge

TODAY = date(2026, 11, 18)
CYCLE = (date(2026, 11, 1), date(2026, 12, 1))
LONG_AGO = date(2026, 1, 1)


def past(nanos: int) -> dict[date, int]:
    return {TODAY - timedelta(days=back): nanos for back in range(1, DAYS_BACK + 1)}


def test_days_that_are_all_alike_leave_no_doubt() -> None:
    found = judge(past(2 * 10**9), LONG_AGO, TODAY, CYCLE)
    assert found.spent[-1] == 17 * 2 * 10**9
    assert found.low[-1] == found.middle[-1] == found.high[-1] == 30 * 2 * 10**9
    assert found.headline.lead == "On track for $60.00 by Nov 30, 2026, likely $60.00 to $60.00."
    assert (len(found.days), len(found.low)) == (30, 13)


def test_today_comes_to_what_it_has_cost_already_at_least() -> None:
    found = judge({**past(10**9), TODAY: 50 * 10**9}, LONG_AGO, TODAY, CYCLE)
    assert found.low[0] == (17 + 50) * 10**9


def test_a_weekend_is_drawn_from_weekends() -> None:
    spent = {day: 10**9 if day.weekday() < 5 else 0 for day in past(1)}
    found = judge(spent, LONG_AGO, TODAY, CYCLE)
    assert found.low[-1] == found.high[-1] == sum(day.weekday() < 5 for day in found.days) * 10**9


def test_too_few_days_make_no_forecast() -> None:
    found = judge(past(10**9), TODAY - timedelta(days=5), TODAY, CYCLE)
    assert not found.headline.enough
    assert (found.low, found.headline.detail) == ((), "A forecast needs 14 complete days of data; there are 5.")


def test_the_cycle_ends_within_the_range_about_as_often_as_it_says() -> None:
    dice, inside, tries = np.random.default_rng(7), 0, 150
    for _ in range(tries):
        drawn = (dice.lognormal(1, 0.8, DAYS_BACK + 13) * 1e9).astype(int)
        spent = {TODAY - timedelta(days=DAYS_BACK - place): int(drawn[place]) for place in range(DAYS_BACK)}
        found = judge(spent, LONG_AGO, TODAY, CYCLE)
        truth = found.spent[-1] + int(drawn[DAYS_BACK:].sum())
        inside += found.low[-1] <= truth <= found.high[-1]
    assert 0.68 <= inside / tries <= 0.92  # it says eight of ten
