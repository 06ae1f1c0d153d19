"""Bars of spend."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from usage_analytics.answers.timeline import Timeline, timeline
from usage_analytics.filters import Filters, TimeGrain
from usage_analytics.periods import Period, period

NOW = datetime(2026, 11, 22, 14, 20)


def rows(*given: tuple[str, str | None, float | None]) -> pd.DataFrame:
    found = pd.DataFrame(given, columns=["period", "model", "cost_nanos"])
    return found.assign(period=pd.to_datetime(found["period"]), cost_nanos=found["cost_nanos"].astype("float64"))


def bars(by_time: pd.DataFrame, span: Period, grain: TimeGrain = "day", zone: str = "UTC") -> Timeline:
    return timeline(by_time, span, Filters(span.start, span.end, grain=grain, zone=zone), NOW)


def test_a_day_without_usage_is_a_bar_of_nothing_and_not_a_gap() -> None:
    found = bars(rows(("2026-11-16", "opus", 5), ("2026-11-22", "opus", 7)), period("7 days", NOW, "UTC"))
    assert found.totals == (5, 0, 0, 0, 0, 0, 7)


def test_the_last_bar_runs_only_while_its_day_does() -> None:
    assert bars(rows(("2026-11-22", "opus", 7)), period("7 days", NOW, "UTC")).running
    assert not bars(rows(("2026-10-22", "opus", 7)), period("Last month", NOW, "UTC")).running


def test_five_series_are_named_and_the_rest_is_one() -> None:
    given = rows(*[("2026-11-20", f"model {number}", 10 - number) for number in range(8)])
    found = bars(given, period("7 days", NOW, "UTC"))
    assert [one.value for one in found.series] == [f"model {number}" for number in range(5)] + [None]
    assert found.series[-1].rest
    assert sum(found.totals) == sum(10 - number for number in range(8))


def test_spend_without_a_model_is_a_series_of_its_own() -> None:
    found = bars(rows(("2026-11-20", None, 5), ("2026-11-20", "opus", 9)), period("7 days", NOW, "UTC"))
    assert [(one.value, one.rest) for one in found.series] == [("opus", False), (None, False)]


def test_what_has_no_price_is_in_no_bar() -> None:
    found = bars(rows(("2026-11-20", "gpt", None)), period("7 days", NOW, "UTC"))
    assert found.series == ()
    assert found.totals == (0,) * 7


def test_everything_reaches_from_the_first_week_to_this_one() -> None:
    found = bars(rows(("2026-11-02", "opus", 5)), Period("all", None, None, running=True), "week")
    assert found.starts == (datetime(2026, 11, 2), datetime(2026, 11, 9), datetime(2026, 11, 16))
    assert found.running


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    assert bars(rows(), period("30 days", NOW, "UTC"), "week").starts[0] == datetime(2026, 10, 19)
    assert bars(rows(), period("90 days", NOW, "UTC"), "month").starts == tuple(
        datetime(2026, month, 1) for month in (8, 9, 10, 11)
    )


def test_a_bar_knows_its_last_day() -> None:
    found = bars(rows(("2026-11-02", "opus", 5)), Period("all", None, None), "week")
    assert found.last_day(found.starts[0]) == datetime(2026, 11, 8)
    hours = bars(rows(), period("7 days", NOW, "UTC"), "hour")
    assert hours.last_day(hours.starts[5]) == hours.starts[5]
