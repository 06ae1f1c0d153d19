"""Which model spends it."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from usage_analytics.answers import models
from usage_analytics.filters import Filters
from usage_analytics.periods import period

NOW = datetime(2026, 11, 22, 14, 20)
MONTH = period("30 days", NOW, "UTC")
NUMBERS = [
    "rows",
    "calls",
    "unpriced_calls",
    "estimated_calls",
    *models.TOKENS,
    "cost_nanos",
    "reported_cost_nanos",
    "computed_cost_nanos",
]


def row(model: str | None, calls: int, nanos: float | None, **more: float) -> dict[str, object]:
    known = dict.fromkeys(NUMBERS, 0) | {
        "calls": calls,
        "rows": calls,
        "cost_nanos": nanos,
        "reported_cost_nanos": None,
        "computed_cost_nanos": None,
    }
    return {
        "model": model,
        **known,
        "unpriced_calls": calls if nanos is None else 0,
        "output_tokens": 1000,
        "cache_read_tokens": 9000,
        **more,
    }


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows).astype(dict.fromkeys(NUMBERS, "float64"))


def judged(now: pd.DataFrame, before: pd.DataFrame | None = None) -> models.Models:
    columns = ["cost_nanos", "priced_calls", "tokens", "prompt_tokens", "cache_read_tokens"]
    by_time = pd.DataFrame({"period": pd.to_datetime([]), "model": [], **{name: [] for name in columns}})
    frames = {"models": now, "spend_by_time": by_time}
    was = None if before is None else {"models": before, "spend_by_time": by_time}
    return models.judge(frames, was, MONTH, Filters(MONTH.start, MONTH.end), NOW)


OPUS, HAIKU = "claude-opus-4-6", "claude-haiku-4-5-20251001"


def test_the_answer_names_the_model_its_share_and_how_that_moved() -> None:
    found = judged(frame(row(OPUS, 50, 9e9), row(HAIKU, 100, 1e9)), frame(row(OPUS, 10, 5e9), row(HAIKU, 10, 5e9)))
    assert (
        found.headline.lead
        == "Opus 4.6 cost $9.00 in the last 30 days, 90% of $10.00, up 40 points from the same period 5 weeks earlier."
    )
    assert found.headline.detail == "A call costs 18.0 times as much as one to Haiku 4.5: $0.18 vs. $0.010."


def test_one_model_alone_has_no_share() -> None:
    assert judged(frame(row(OPUS, 50, 9e9))).headline.lead == "Opus 4.6 cost $9.00 in the last 30 days, all of the spend."


def test_models_without_a_price_are_listed_with_what_to_do_and_are_never_free() -> None:
    found = judged(frame(row(OPUS, 50, 9e9), row("gpt-5.2-codex", 7, None), row(None, 2, None)))
    assert found.unpriced["unpriced_calls"].tolist() == [7, 2]
    assert found.unpriced["what_to_do"].str.len().min() > 20
    assert found.rows["cost_nanos"].isna().tolist() == [False, True, True]
    assert found.rows["per_call"].isna().tolist() == [False, True, True]
    assert len(found.bars) == 1


def test_nothing_priced_makes_no_claim() -> None:
    found = judged(frame(row("gpt-5.2-codex", 7, None)))
    assert not found.headline.enough
    assert found.bars == ()


def test_ratios_are_ratios_of_sums() -> None:
    found = judged(frame(row(OPUS, 30, 9e9), row(HAIKU, 10, 1e9)))
    assert found.total["per_call"] == pytest.approx(10e9 / 40)
    assert found.total["per_million"] == pytest.approx(10e9 * 1e6 / 20_000)


def test_stated_and_computed_cost_are_compared_only_where_both_are_known() -> None:
    stated = row(OPUS, 30, 9e9, reported_cost_nanos=9e9, computed_cost_nanos=8.1e9)
    found = judged(frame(stated, row(HAIKU, 10, 1e9))).compared
    assert found["model"].tolist() == [OPUS]
    assert found["off"].tolist() == pytest.approx([-0.1])


def test_the_bars_of_many_models_end_with_the_rest_and_add_up() -> None:
    found = judged(frame(*[row(f"vendor/{n}", 5, (20 - n) * 1e9) for n in range(12)])).bars
    assert len(found) == models.NAMED_BARS + 1
    assert found[-1].rest
    assert found[-1].label == "5 others"
    assert sum(bar.share for bar in found) == pytest.approx(1)
