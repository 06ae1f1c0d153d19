"""Spans and the weekday-matched spans before them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_analytics import periods
from usage_analytics.periods import COMPARISONS, PRESETS, Clocks, cycle_end, cycle_start, grain, period

NOW = datetime(2026, 11, 22, 14, 20)


def test_thirty_days_end_now_and_begin_at_the_persons_midnight() -> None:
    found = period("30 days", NOW, "Europe/Berlin")
    assert (found.start, found.end) == (datetime(2026, 10, 23, 22), datetime(2026, 11, 22, 15))  # summer time at the start
    assert found.running


@pytest.mark.parametrize(
    ("preset", "weeks"), [("7 days", 1), ("30 days", 5), ("90 days", 13), ("This month", 4), ("Last month", 5)]
)
def test_the_span_before_has_the_same_weekdays_and_length(preset: str, weeks: int) -> None:
    found = period(preset, NOW, "UTC")
    assert found.before == (found.start - timedelta(weeks=weeks), found.end - timedelta(weeks=weeks))
    assert found.before[1] <= found.start


def test_the_hours_of_today_are_compared_with_the_same_hours() -> None:
    found = period("7 days", NOW, "UTC")
    assert found.before[1] == datetime(2026, 11, 15, 15)


def test_a_change_of_the_clocks_does_not_move_the_span_before() -> None:
    found = period("7 days", datetime(2026, 10, 27, 12), "Europe/Berlin")
    assert found.before[0] == datetime(2026, 10, 13, 22)  # midnight in Berlin, in summer time
    assert found.start == datetime(2026, 10, 20, 22)


def test_everything_has_no_span_before() -> None:
    found = period("All", NOW, "UTC")
    assert (found.start, found.end, found.before, found.since) == (None, None, None, "")


def test_a_custom_span_includes_both_its_days() -> None:
    found = period("Custom", NOW, "UTC", (date(2026, 11, 3), date(2026, 11, 5)))
    assert (found.start, found.end) == (datetime(2026, 11, 3), datetime(2026, 11, 6))
    assert not found.running
    assert found.name == "the 3 days from Nov 3, 2026 to Nov 5, 2026"
    assert period("Custom", NOW, "UTC", (date(2026, 11, 3), date(2026, 11, 3))).name == "the 24 hours of Nov 3, 2026"


def test_last_month_is_over() -> None:
    found = period("Last month", NOW, "UTC")
    assert (found.name, found.start, found.end, found.running) == (
        "October 2026",
        datetime(2026, 10, 1),
        datetime(2026, 11, 1),
        False,
    )


@given(
    st.sampled_from(PRESETS),
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"]),
    st.sampled_from(COMPARISONS[:3]),
    st.integers(1, 31),
)
def test_a_span_is_never_empty_and_never_overlaps_the_one_before(
    preset: str, now: datetime, zone: str, compare: str, cycle_day: int
) -> None:
    found = period(preset, now, zone, (now.date(), now.date()), clocks=Clocks(cycle_day), compare=compare)
    if found.start is not None:
        assert found.start < found.end
        assert found.before[0] < found.before[1] <= found.start


def test_the_grain_keeps_the_number_of_bars_readable() -> None:
    start = datetime(2026, 1, 1)
    assert [grain(start, start + timedelta(days=days)) for days in (1, 7, 90, 365, 1000)] == [
        "hour",
        "day",
        "day",
        "week",
        "month",
    ]


def test_a_span_is_compared_with_what_the_person_chose() -> None:
    before = {compare: period("30 days", NOW, "UTC", compare=compare).before for compare in COMPARISONS}
    assert before["Same weekdays"] == (datetime(2026, 9, 19), datetime(2026, 10, 18, 15))
    assert before["Previous period"] == (datetime(2026, 9, 24), datetime(2026, 10, 23, 15))
    assert before["Previous year"] == (datetime(2025, 10, 24), datetime(2025, 11, 22, 15))
    assert before["Custom dates"] is before["Nothing"] is None  # no dates were chosen yet
    chosen = period("30 days", NOW, "UTC", compare="Custom dates", against=(date(2026, 9, 1), date(2026, 9, 30)))
    assert chosen.before == (datetime(2026, 9, 1), datetime(2026, 10, 1))
    assert (chosen.matched, chosen.since) == ("Sep 1 – Sep 30, 2026", "vs. Sep 1 – Sep 30, 2026")


def test_a_billing_cycle_begins_on_its_day_or_on_the_last_one_of_a_short_month() -> None:
    assert cycle_start(date(2026, 11, 22), 15) == date(2026, 11, 15)
    assert cycle_start(date(2026, 11, 14), 15) == date(2026, 10, 15)
    assert cycle_start(date(2026, 3, 5), 31) == date(2026, 2, 28)
    assert cycle_end(date(2026, 3, 5), 31) == date(2026, 3, 31)
    found = period("Cycle", NOW, "UTC", clocks=Clocks(cycle_day=15))
    assert (found.name, found.start, found.end) == (
        "this billing cycle so far",
        datetime(2026, 11, 15),
        datetime(2026, 11, 22, 15),
    )


def test_the_plans_window_is_the_one_that_the_account_names_else_the_last_hours() -> None:
    known = Clocks(session_resets_at=datetime(2026, 11, 22, 17), weekly_resets_at=datetime(2026, 11, 24, 9))
    session, week = period("5 hours", NOW, "UTC", clocks=known), period("Week", NOW, "UTC", clocks=known)
    assert (session.start, session.end, session.name) == (
        datetime(2026, 11, 22, 12),
        datetime(2026, 11, 22, 15),
        "the plan's 5-hour window so far",
    )
    assert (week.start, week.since) == (datetime(2026, 11, 17, 9), "vs. 1 week earlier")
    passed = Clocks(session_resets_at=datetime(2026, 11, 22, 14))
    rolling = period("5 hours", NOW, "UTC", clocks=passed, compare="Previous period")
    assert (rolling.start, rolling.name, rolling.since) == (datetime(2026, 11, 22, 10), "the last 5 hours", "vs. 5 hours before")
    assert rolling.before == (datetime(2026, 11, 22, 5), datetime(2026, 11, 22, 10))


def test_whole_months_are_those_of_the_zone_that_lie_between_two_moments() -> None:
    first, last = datetime(2026, 8, 1, 0, 30), datetime(2026, 11, 1, 3)
    assert [one.name for one in periods.months(first, last, "UTC")] == ["Sep 2026", "Oct 2026"]
    assert [one.name for one in periods.months(first, last, "America/New_York")] == [
        "Aug 2026",
        "Sep 2026",
    ]  # November is not there yet
    october = periods.months(first, last, "Europe/Berlin")[-1]
    assert (october.start, october.end) == (datetime(2026, 9, 30, 22), datetime(2026, 10, 31, 23))
    assert periods.months(first, datetime(2026, 8, 20), "UTC") == ()
