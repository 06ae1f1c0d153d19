"""The first sentence of the dashboard."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from tests.answers.spend import parts
from usage_analytics.answers import overview
from usage_analytics.filters import Filters
from usage_analytics.periods import period

NOW = datetime(2026, 11, 22, 14, 20)
MONTH = period("30 days", NOW, "UTC")


def sources(*given: tuple[str, str, float | None]) -> pd.DataFrame:
    return parts(*[(model, app, None, nanos) for model, app, nanos in given])


def test_the_answer_has_the_figure_the_comparator_and_the_cause() -> None:
    now = sources(("claude-opus-4-6", "cc", 9e9), ("claude-haiku-4-5-20251001", "nightly", 3e9))
    before = sources(("claude-opus-4-6", "cc", 9e9), ("claude-haiku-4-5-20251001", "cc", 1e9))
    found = overview.headline(now, before, MONTH)
    assert found.lead == "You spent $12.00 in the last 30 days, 20% more than in the same period 5 weeks earlier."
    assert found.detail == "Spend by the app nightly rose by $3.00, while spend by the app cc fell by $1.00."


def test_a_part_that_replaces_another_is_said_with_it() -> None:
    now, before = (
        sources(("claude-opus-5-5", "cc", 9e9), ("gpt", "cc", 1e9)),
        sources(("claude-opus-5", "cc", 12e9), ("gpt", "cc", 1e9)),
    )
    assert overview.headline(now, before, MONTH).detail == "Opus 5 spend fell by $12.00, while Opus 5.5 spend rose by $9.00."


def test_without_a_period_before_nothing_is_compared() -> None:
    found = overview.headline(sources(("claude-opus-4-6", "cc", 9e9), ("claude-haiku-4-5-20251001", "cc", 1e9)), None, MONTH)
    assert (found.lead, found.detail) == ("You spent $10.00 in the last 30 days.", "Opus 4.6 made up 90%.")


def test_a_small_change_has_no_cause() -> None:
    found = overview.headline(sources(("claude-opus-4-6", "cc", 10.1e9)), sources(("claude-opus-4-6", "cc", 10e9)), MONTH)
    assert "about as much as in the same period" in found.lead
    assert found.detail == "Opus 4.6 made up 100%."


def test_usage_without_any_price_is_not_said_to_cost_nothing() -> None:
    found = overview.headline(sources(("gpt-5.2", "cursor", None)), None, MONTH)
    assert not found.enough
    assert "$" not in found.lead


def test_a_page_without_earlier_data_has_figures_without_changes() -> None:
    empty = {
        "spend_by_time": pd.DataFrame({"period": pd.to_datetime([]), "model": [], "cost_nanos": []}),
        "active_by_time": pd.DataFrame({"period": pd.to_datetime([]), "active_seconds": [], "cost_nanos": []}),
        "limits": pd.DataFrame({"occurred_at": pd.to_datetime([]), "gauge": [], "app": [], "account": [], "resets_at": []}),
        "burn": pd.DataFrame({"attended": [], "length": [], "conversations": [], "active_seconds": [], "cost_nanos": []}),
    }
    now = {"spend_by_part": sources(("claude-opus-4-6", "cc", 9e9)), **empty}
    found = overview.judge(now, None, MONTH, Filters(MONTH.start, MONTH.end), NOW)
    assert [kpi.change for kpi in found.figures] == [None] * 4
    assert found.figures[2].value == "unknown"
