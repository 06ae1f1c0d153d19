"""What was spent from credits, as the method sees it."""

from __future__ import annotations

import numpy as np

from usage_analytics.answers.auto_reload.demand import MS_A_DAY, MS_AN_HOUR, by_account, demand, from_columns

MOMENTS = np.array(["2026-04-01T10:00", "2026-04-01T09:00", "2026-04-02T09:00"], dtype="datetime64[us]")


def test_the_order_of_the_rows_is_of_no_matter() -> None:
    there = demand(MOMENTS, [3, 2, 1])
    back = demand(MOMENTS[::-1], [1, 2, 3])
    assert there.moments.tolist() == back.moments.tolist()
    assert there.nanos.tolist() == back.nanos.tolist() == [2, 3, 1]


def test_a_day_s_bucket_is_spread_over_working_hours_and_loses_nothing() -> None:
    found = demand(np.array(["2026-04-01"], dtype="datetime64[us]"), [1_000_000_007], ["day"])
    assert found.total_nanos == 1_000_000_007
    assert found.spread_share == 1
    hours = (found.moments % MS_A_DAY) / MS_AN_HOUR
    assert hours.min() >= 8
    assert hours.max() <= 18


def test_accounts_are_told_apart_and_the_dearest_is_first() -> None:
    missing = np.ma.MaskedArray(["?", "a", "b"], mask=[True, False, False], dtype=object)
    columns = {"occurred_at": MOMENTS, "nanos": np.array([1, 2, 3]), "grain": np.array(["call"] * 3, object), "account": missing}
    assert [(name, one.total_nanos) for name, one in by_account(columns).items()] == [("b", 3), ("a", 2)]
    assert from_columns(columns).total_nanos == 6
    assert sum(one.total_nanos for one in by_account(columns).values()) == 5


def test_what_comes_at_the_moment_itself_is_not_seen() -> None:
    found = demand(MOMENTS, [3, 2, 1])
    assert found.before(MOMENTS[0].astype(object)).nanos.tolist() == [2]
