"""What an active hour costs, and how long a balance lasts."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from usage_analytics.answers import burn

COLUMNS = ["attended", "length", "conversations", "active_seconds", "cost_nanos"]


def rows(*given: tuple[bool, str, int, float, int]) -> pd.DataFrame:
    return pd.DataFrame(given, columns=COLUMNS)


def test_a_conversation_belongs_to_a_pattern_by_who_runs_it_and_how_far_it_went() -> None:
    found = burn.burn(
        rows(
            (True, "short", 1, 3600, 10**9),
            (True, "middle", 2, 3600, 2 * 10**9),
            (True, "long", 3, 3600, 3 * 10**9),
            (False, "short", 4, 1800, 10**9),
            (False, "long", 5, 1800, 10**9),
        )
    )
    assert [(one.name, one.conversations) for one in found.patterns] == [
        ("Casual chat", 1),
        ("Active coding", 2),
        ("Long sessions", 3),
        ("Automated agents", 9),
    ]
    assert [one.per_hour for one in found.patterns] == [1e9, 2e9, 3e9, 2e9]


def test_all_together_is_a_ratio_of_sums() -> None:
    found = burn.burn(rows((True, "short", 1, 3600, 10**9), (True, "long", 1, 10_800, 11 * 10**9)))
    assert found.per_hour == 3e9


def test_too_little_time_gives_no_rate() -> None:
    found = burn.burn(rows((True, "short", 1, 600, 10**9)))
    assert found.patterns[0].per_hour is None
    assert not found.enough
    assert found.per_hour is None


def test_nothing_at_all_gives_no_rate() -> None:
    assert burn.burn(rows()).per_hour is None


def test_a_balance_lasts_as_long_as_the_pace_says() -> None:
    drain = burn.drain(20 * 10**9, 50 * 10**9, timedelta(days=10))
    assert (drain.nanos_per_day, drain.lasts) == (5 * 10**9, timedelta(days=4))
    assert burn.lasts(10 * 10**9, 4e9) == pytest.approx(9000)


def test_two_days_are_too_few_for_a_pace() -> None:
    assert burn.drain(10**9, 10**9, timedelta(days=2)).nanos_per_day is None


def test_without_spend_there_is_no_pace() -> None:
    assert burn.drain(10**9, 0, timedelta(days=30)).lasts is None
    assert burn.lasts(10**9, None) is None


def test_each_conversation_has_the_way_of_working_that_it_was_and_too_short_a_one_no_rate() -> None:
    given = [
        ("11111111-talk", True, "short", 3600.0, 2 * 10**9),
        ("22222222-loop", False, "long", 7200.0, 10**9),
        ("33333333-once", True, "long", 120.0, 10**9),
    ]
    columns = ["conversation_id", "attended", "length", "active_seconds", "cost_nanos"]
    found = burn.conversations(pd.DataFrame(given, columns=columns))
    assert found["id"].tolist() == ["11111111", "22222222", "33333333"]
    assert found["pattern"].tolist() == ["Casual chat", "Automated agents", "Long sessions"]
    assert found["per_hour"].iloc[:2].tolist() == [2e9, 0.5e9]
    assert found["per_hour"].isna().iloc[2]


def test_a_pattern_without_a_rate_of_its_own_lasts_by_the_middle_of_the_guides_range() -> None:
    found = burn.burn(rows((True, "short", 1, 3600, 4 * 10**9))).patterns
    assert found[0].lasts(8 * 10**9) == pytest.approx(2 * 3600)
    assert found[3].lasts(10 * 10**9) == pytest.approx(3600)
    assert found[3].article_words == "$5.00 to $15.00"
