"""Which connected app spends it, since when, and what is new."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import pytest

from usage_analytics.answers import apps
from usage_analytics.filters import Filters
from usage_analytics.periods import period

NOW = datetime(2026, 11, 22, 14, 20)
MONTH = period("30 days", NOW, "UTC")
FILTERS = Filters(MONTH.start, MONTH.end)
LONG_AGO, LAST_WEEK = datetime(2026, 6, 1), datetime(2026, 11, 16)
DOLLAR = 1e9


def spent(*rows: tuple[str | None, float | None, float]) -> pd.DataFrame:
    """Rows of (value, dollars, dollars unattended); None dollars are unpriced."""
    return pd.DataFrame(
        [
            {
                "value": value,
                "calls": 10.0,
                "unpriced_calls": 0 if cost is not None else 10,
                "cost_nanos": None if cost is None else cost * DOLLAR,
                "known_run_nanos": None if cost is None else cost * DOLLAR,
                "unattended_nanos": alone * DOLLAR,
            }
            for value, cost, alone in rows
        ]
    ).astype({"cost_nanos": "float64", "known_run_nanos": "float64"})


def seen(**first: datetime) -> pd.DataFrame:
    rows = [[value, at, NOW] for value, at in first.items()]
    return pd.DataFrame(rows, columns=["value", "first_at", "last_at"])


def judged(
    now: pd.DataFrame,
    since: pd.DataFrame,
    before: pd.DataFrame | None = None,
    by: apps.By = "app",
    data_from: datetime = LONG_AGO,
) -> apps.Apps:
    time = pd.DataFrame({"period": pd.to_datetime(["2026-11-20"]), "value": [now["value"].iloc[0]], "cost_nanos": [DOLLAR]})
    time = time.assign(known_run_nanos=DOLLAR, unattended_nanos=0.0).astype({"value": "object"})
    frames = {"apps": now, "apps_by_time": time, "apps_seen": since}
    return apps.judge(by, frames, before, period=MONTH, filters=FILTERS, moment=NOW, data_from=data_from)


TWO = spent(("code", 75, 0), ("watcher", 25, 25))


def test_the_dearest_app_is_named_with_its_share_and_how_that_moved() -> None:
    found = judged(TWO, seen(code=LONG_AGO, watcher=LONG_AGO), spent(("code", 45, 0), ("watcher", 5, 5)))
    assert found.headline.lead.startswith(
        "code cost $75.00 in the last 30 days, 75% of $100.00, down 15 points from the same period"
    )
    assert "25% of the spend was unattended." in found.headline.detail


def test_a_share_of_a_small_known_part_names_that_part() -> None:
    rows = spent(("code", 99, 0), ("watcher", 1, 1)).assign(known_run_nanos=[None, 1e9])
    found = judged(rows, seen(code=LONG_AGO, watcher=LONG_AGO))
    assert found.headline.detail.endswith("We know how $1.00 of it ran: 100% of that was unattended.")
    assert {kpi.label: kpi.value for kpi in found.figures}["Unattended"] == "100% of $1.00"


def test_an_app_that_was_first_seen_in_the_period_is_new() -> None:
    found = judged(TWO, seen(code=LONG_AGO, watcher=LAST_WEEK))
    assert "watcher is new: $25.00." in found.headline.detail
    assert found.rows["is_new"].tolist() == [False, True]
    assert {kpi.label: kpi.value for kpi in found.figures}["New apps"] == "1"


def test_nothing_is_new_where_the_data_begins_with_the_period() -> None:
    assert MONTH.start is not None
    found = judged(TWO, seen(code=LAST_WEEK, watcher=LAST_WEEK), data_from=MONTH.start - timedelta(days=3))
    assert not found.rows["is_new"].any()


def test_what_has_no_price_is_in_the_table_and_in_no_share() -> None:
    found = judged(spent(("code", 75, 0), ("composer", None, 0)), seen(code=LONG_AGO, composer=LONG_AGO))
    assert found.rows["share"].iloc[0] == pytest.approx(1)
    assert pd.isna(found.rows["share"].iloc[1])
    assert found.headline.lead == "code cost $75.00 in the last 30 days, all of the spend."


def test_usage_that_names_no_account_says_where_one_is_named() -> None:
    found = judged(spent((None, 75, 0)), seen(), by="account")
    assert not found.headline.enough
    assert "API key" in found.headline.detail
    assert found.rows["label"].tolist() == ["(none)"]


def test_what_has_no_name_is_said_and_is_no_culprit() -> None:
    found = judged(spent((None, 60, 0), ("web", 40, 0)), seen(web=LONG_AGO), by="project")
    assert found.headline.lead.startswith("web cost $40.00 in the last 30 days, 40% of $100.00")
    assert found.headline.detail.startswith("60% of the spend has no project.")
    assert found.figures[0].label == "web"


def test_nothing_priced_makes_no_claim() -> None:
    assert not judged(spent(("code", None, 0)), seen(code=LONG_AGO)).headline.enough


def test_run_classes_are_said_in_words_and_none_is_called_new() -> None:
    found = judged(spent(("interactive", 75, 0), ("ci", 25, 25)), seen(interactive=LONG_AGO, ci=LAST_WEEK), by="run")
    assert found.rows["label"].tolist() == ["Interactive", "CI"]
    assert not any(kpi.label.startswith("New") for kpi in found.figures)


def test_where_no_run_is_known_the_unattended_share_is_unknown() -> None:
    found = judged(TWO.assign(known_run_nanos=float("nan"), unattended_nanos=float("nan")), seen(code=LONG_AGO, watcher=LONG_AGO))
    assert found.unattended is None
    assert {kpi.label: kpi.value for kpi in found.figures}["Unattended"] == "unknown"
    assert "unattended" not in found.headline.detail


def test_colours_follow_what_was_dearest_of_all_time() -> None:
    assert judged(TWO, seen(watcher=LONG_AGO, code=LONG_AGO)).coloured == ("watcher", "code")
