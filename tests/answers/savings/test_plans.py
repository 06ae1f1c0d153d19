"""Plans are compared on the person's own usage, by allowances that readings and refusals give away; what isn't known is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tests.answers.savings.bill import Talk, Turn, loaded
from usage_analytics.answers.savings import plans
from usage_analytics.answers.savings.allowances import Pair, Seen, fitted, moves, seen
from usage_analytics.answers.savings.loading import Loaded
from usage_analytics.answers.savings.plans import Plans
from usage_analytics.answers.savings.windows import History, Hours

USD = 1_000_000_000
EPOCH = datetime(1970, 1, 1)
WEEK = timedelta(days=7)
SPAN = timedelta(days=56)
MONTHS = 56 / (365.25 / 12)


def person(usd_a_week: float, *, on_plan: bool = True) -> Loaded:
    """Eight weeks of ten equal calls each, an hour apart on the first day, priced to come to so much."""
    one = loaded([Talk((Turn(100_000, 1_000, 0),), 0)] * 80)
    calls = one.calls
    seconds = np.array([week * WEEK.total_seconds() + hour * 6 * 3600 + 60 for week in range(8) for hour in range(10)])
    factor = np.full(80, usd_a_week * USD / 10 / calls.bill[0])
    planned = np.full(80, on_plan)
    calls = replace(calls, seconds=seconds, factor=factor, plan=planned)
    return replace(one, calls=calls, api=~planned)


def readings(*pairs: tuple[int, float]) -> list[Seen]:
    """A reading at the end of a week: its number, and how full it was in percent."""
    ends = [((week + 1) * WEEK.total_seconds(), percent) for week, percent in pairs]
    return [Seen("weekly", end - 3600, end, percent / 100) for end, percent in ends]


def whole(*pairs: tuple[int, float]) -> list[Seen]:
    """The same, and a reading of the session of each week's last call: it was filled to two fifths of the week's part."""
    begins = [(week * WEEK.total_seconds() + 54 * 3600, percent) for week, percent in pairs]
    return [*readings(*pairs), *(Seen("session", at + 3600, at + 5 * 3600, percent / 250) for at, percent in begins)]


def refusal(week: int, hour: int) -> list[Seen]:
    begins = week * WEEK.total_seconds()
    return [Seen("weekly", begins + hour * 3600, begins + WEEK.total_seconds(), 1.0, refused=True)]


def costs(found: Plans, plan: str) -> float | None:
    one = next(one for one in found.plans if one.plan == plan)
    return one.costs.mid / USD if one.costs else None


def test_a_week_of_forty_dollars_that_fills_a_fifth_is_an_allowance_of_two_hundred() -> None:
    found = plans.judge(person(40), SPAN, "max5", readings((1, 20), (2, 20), (3, 21), (4, 19)))
    week = next(one.week for one in found.plans if one.plan == "max5")
    assert week is not None
    assert week.low / USD < 200 < week.high / USD
    assert week.high < 1.2 * week.low


def test_what_exceeds_the_allowance_is_paid_with_credits_beside_the_fee() -> None:
    found = plans.judge(person(300), SPAN, "max5", refusal(2, 25))
    # 150 of 300 dollars had been used when the fifth of ten calls was made; the other half of each week is beyond
    assert costs(found, "max5") == pytest.approx(100 + 8 * 150 / MONTHS, rel=0.01)
    assert costs(found, "api") == pytest.approx(8 * 300 / MONTHS, rel=0.01)
    assert (costs(found, "pro") or 0) > (costs(found, "max5") or 0) > (costs(found, "max20") or 0)
    assert found.cheapest == "max20"


def test_a_plan_that_was_never_full_is_compared_by_what_users_report_and_by_what_it_was_seen_to_hold() -> None:
    light, heavy = plans.judge(person(15), SPAN, "max20", ()), plans.judge(person(600), SPAN, "max20", ())
    assert (light.cheapest, light.sure) == ("pro", False)
    assert (heavy.cheapest, heavy.sure) == ("max20", False)
    assert costs(heavy, "max20") == 200  # whatever others report: all of it was on the plan
    assert all(one.cheapest_weeks is None and one.week is None for one in light.plans)
    assert "another plan may cost less" in light.headline.detail


def test_a_light_user_is_told_to_pay_by_the_call_for_no_plan_costs_less_than_its_fee() -> None:
    found = plans.judge(person(2, on_plan=False), SPAN, "api", ())
    assert (found.cheapest, found.sure) == ("api", True)
    assert costs(found, "pro") is None


def test_a_heavy_user_of_a_key_is_told_that_nothing_is_known_of_allowances() -> None:
    found = plans.judge(person(300, on_plan=False), SPAN, "api", ())
    assert found.cheapest is None
    assert not found.headline.enough
    assert "list prices" in found.headline.lead


def test_the_plan_in_use_is_known_by_what_credits_paid_though_its_allowance_is_not() -> None:
    one = person(40)
    one = replace(one, credits=np.arange(80) % 10 == 9)
    found = plans.judge(one, SPAN, "pro", ())
    assert costs(found, "pro") == pytest.approx(20 + 8 * 4 / MONTHS, rel=0.01)
    assert costs(found, "max5") is None


def test_a_reading_in_a_week_that_the_data_do_not_hold_whole_says_nothing() -> None:
    one = person(40)
    later = replace(one, calls=replace(one.calls, seconds=one.calls.seconds + 3 * 86_400))
    found = plans.judge(later, SPAN, "max5", readings((0, 20)))
    assert next(one.week for one in found.plans if one.plan == "max5") is None
    assert not found.sure
    assert "users have reported" in found.evidence


def test_a_plan_breaks_even_where_what_it_holds_is_worth_its_fee_and_is_cheapest_from_where_no_other_costs_less() -> None:
    found = plans.judge(person(40), SPAN, "max5", whole((1, 20), (2, 20), (3, 21), (4, 19)))
    by_plan = {one.plan: one for one in found.plans}
    # a week on Pro holds 40 to 57 dollars of 200 of Max 5x, and ten calls of 4 dollars a week fit it: its fee is all it costs
    for plan, fee in (("pro", 20), ("team", 30), ("max5", 100), ("max20", 200)):
        assert by_plan[plan].break_even == pytest.approx(fee * USD, rel=1e-4)
    assert by_plan["api"].break_even is None
    assert by_plan["api"].cheapest_from == 0
    assert by_plan["pro"].cheapest_from == pytest.approx(20 * USD, rel=1e-3)
    starts = [one.cheapest_from for one in (by_plan["pro"], by_plan["max5"], by_plan["max20"])]
    assert None not in starts
    assert starts == sorted(starts)  # type: ignore[type-var]


def test_what_a_plan_is_cheapest_from_is_where_a_walk_with_more_usage_changes_over() -> None:
    known = whole((1, 20), (2, 20), (3, 21), (4, 19))
    found = plans.judge(person(40), SPAN, "max5", known)
    starts = {one.plan: one.cheapest_from for one in found.plans if one.cheapest_from}
    for plan in ("pro", "max5", "max20"):
        least = starts[plan] / USD * MONTHS / 8  # dollars a week
        for times, right in ((0.98, False), (1.02, True)):
            # so much usage, held against the same allowances: readings are in percent of them
            other = [replace(one, part=one.part * least * times / 40) for one in known]
            assert (plans.judge(person(least * times), SPAN, "max5", other).cheapest == plan) is right


def test_every_whole_month_has_the_plan_that_was_cheapest_in_it() -> None:
    used = {1: 10.0, 2: 60.0, 3: 340.0}  # dollars, by the month of 1970
    days = [datetime(1970, month, day, 12, tzinfo=UTC).timestamp() for month in used for day in range(1, 29)]
    nanos = np.repeat([usd * USD / 28 for usd in used.values()], 28)
    whole_months = (*used, 4)  # nothing was used in the last one, so no plan was the cheapest
    bounds_ = [
        (f"{month} 1970", *(datetime(1970, at, 1, tzinfo=UTC).timestamp() for at in (month, month + 1))) for month in whole_months
    ]
    history = History(np.array(days), nanos, tuple(bounds_))
    found = plans.judge(person(40), SPAN, "max5", whole((1, 20), (2, 20), (3, 21), (4, 19)), history)
    assert [(one.name, one.cheapest) for one in found.months] == [("1 1970", "api"), ("2 1970", "pro"), ("3 1970", "max5")]
    assert [one.used / USD for one in found.months] == pytest.approx([10, 60, 340])
    assert {one.plan: one.cheapest_months for one in found.plans} == {"api": 1, "pro": 1, "max5": 1, "team": 0, "max20": 0}
    assert found.by_month == "Cheapest by month: API in 1 1970, Pro in 2 1970, Max 5x in 3 1970."
    unknown = plans.judge(person(40, on_plan=False), SPAN, "unknown", (), history)
    assert [one.cheapest for one in unknown.months] == ["api", None, None]


def test_where_only_sessions_are_known_no_plan_is_named_that_fits_only_a_week_without_end() -> None:
    """Each week is cut short after 40 dollars of credits; only a refusal of a session, and no week, says what the plan holds."""
    one = person(300)
    one = replace(one, credits=np.arange(80) % 10 >= 2)
    found = plans.judge(one, SPAN, "pro", [Seen("session", 600, 18_000, 1.0, refused=True)])
    assert "a week on Pro holds" in found.evidence
    assert "or more" in found.evidence
    assert not found.sure


def test_the_line_through_pairs_is_least_squares_and_more_pairs_are_surer() -> None:
    pairs = [Pair(10.0 * part + error, part) for part, error in ((0.5, 0.1), (1.0, -0.2), (0.8, 0.15), (0.3, 0.0))]
    found = fitted(pairs, 4, 0)
    one = fitted(pairs[:1], 1, 0)
    assert found is not None
    assert one is not None
    slope = np.linalg.lstsq(np.array([[pair.part] for pair in pairs]), np.array([pair.used for pair in pairs]), rcond=None)[0][0]
    assert found.mid == pytest.approx(slope)
    assert found.high - found.low < (one.high - one.low) / 3


def test_beyond_two_kinds_of_windows_is_what_a_walk_through_the_hours_refuses() -> None:
    dice = np.random.default_rng(3)
    for _ in range(20):
        seconds = np.sort(dice.uniform(0, 20 * 86_400, 400))
        bill = dice.exponential(1.0, 400)
        hours = Hours(seconds, bill)
        session, week = dice.uniform(1, 20), dice.uniform(20, 200)
        walked, ends, left, week_left = [], -1, 0.0, 0.0
        for hour, value in enumerate(hours.value):
            if hour % 168 == 0:
                week_left = week
            if value and hour >= ends:
                ends, left = hour + 5, session
            granted = min(value, left)
            left -= granted
            granted = min(granted, week_left)
            week_left -= granted
            walked.append(value - granted)
        assert hours.beyond(session, week) == pytest.approx(walked)
    assert EPOCH.replace(tzinfo=UTC).timestamp() == 0


def test_where_credits_took_over_says_what_a_session_and_a_week_hold() -> None:
    """A call an hour for eight weeks: sessions are cut short after three dollars, and the week after forty or so."""
    hours = np.arange(0, 8 * 168)
    credits_pay = (hours % 168 >= 45) | ((hours % 168 < 10) & (hours % 5 >= 3))
    found = moves(hours * 3600.0, np.full(len(hours), float(USD)), ~credits_pay, credits_pay)
    session, week = found["session"], found["weekly"]
    assert session is not None
    assert week is not None
    assert session.mid == pytest.approx(3 * USD)
    assert week.mid == pytest.approx((45 - 4) * USD, rel=0.03)  # sessions do not divide a week


def test_between_the_fees_of_pro_and_team_pro_fits_whatever_it_holds() -> None:
    found = plans.judge(person(5.5, on_plan=False), SPAN, "unknown", ())
    assert found.cheapest == "pro"
    assert next(one.costs for one in found.plans if one.plan == "pro") == plans.Range(
        20 * USD, 20 * USD, round(5.5 * 8 / MONTHS * USD)
    )


def test_what_readings_and_refusals_say_is_in_the_order_of_time_and_lacks_what_is_missing() -> None:
    """As the queries give them: missing values are masked."""

    def moments(*hours: int | None) -> np.ma.MaskedArray:
        known = [np.datetime64(EPOCH, "us") + np.timedelta64(hour or 0, "h") for hour in hours]
        return np.ma.array(known, mask=[hour is None for hour in hours])

    balances = {
        "seen_at": moments(30, 10),
        "weekly_percent": np.ma.array([40.0, 12.0], mask=[False, False]),
        "weekly_resets_at": moments(168, None),
        "session_percent": np.ma.array([0.0, 50.0], mask=[True, False]),
        "session_resets_at": moments(33, 12),
    }
    limits = {"gauge": np.array(["session", "balance"]), "occurred_at": moments(20, 21), "resets_at": moments(24, None)}
    assert seen(balances, limits) == (
        Seen("session", 36_000, 43_200, 0.5),
        Seen("session", 72_000, 86_400, 1.0, refused=True),
        Seen("weekly", 108_000, 604_800, 0.4),
    )
