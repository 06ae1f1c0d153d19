"""What long conversations cost, in sentences and figures."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from usage_analytics.answers import conversations
from usage_analytics.periods import period

MONTH = period("30 days", datetime(2026, 11, 22, 14, 20), "UTC")
DOLLAR = 1e9


def places(first: float, at_60: float, third: float = 0, calls: int = 400) -> pd.DataFrame:
    """One app and model: what its first, third and sixtieth calls cost, in dollars."""
    known = {1: first, 3: third or first, 48: at_60}
    rows = [
        {
            "app": "a",
            "model": "m",
            "from_index": index,
            "calls": calls,
            "prompt_tokens": 1000 * calls,
            "cost_nanos": each * DOLLAR * calls,
            "resend_nanos": each * DOLLAR * calls / 2,
        }
        for index, each in known.items()
    ]
    return pd.DataFrame(rows)


def lengths(*rows: tuple[str | None, int, int, float, float]) -> pd.DataFrame:
    """Rows of (band, conversations, calls, dollars, dollars of history)."""
    return pd.DataFrame(
        [
            {
                "band": band,
                "conversations": count,
                "reaching": count if band in ("61-120", "121+") else 0,
                "calls": calls,
                "unpriced_calls": 0,
                "cost_nanos": cost * DOLLAR,
                "told_nanos": cost * DOLLAR,
                "resend_nanos": again * DOLLAR,
            }
            for band, count, calls, cost, again in rows
        ]
    )


LENGTHS = lengths(("1-5", 90, 300, 30, 3), ("61-120", 10, 900, 70, 47), (None, 0, 50, 10, 0))


def answered(curve: pd.DataFrame, rows: pd.DataFrame = LENGTHS) -> conversations.Headline:
    return conversations.headline(conversations.curve(curve), rows, MONTH)


def test_the_claim_is_tested_on_the_persons_own_conversations() -> None:
    found = answered(places(0.02, 0.17))
    assert found.enough
    assert found.lead == "At message 60, a call costs 8.5 times as much as the first in its conversation: $0.17 vs. $0.020."
    assert "up to 10 times as much. 10 of your 100 conversations reached message 60" in found.detail


def test_a_first_call_that_fills_the_cache_is_named_as_the_dear_one() -> None:
    found = answered(places(0.13, 0.069, third=0.0575))
    assert "47% less than the first" in found.lead
    assert "costs 1.2 times as much as at message 3, the cheapest" in found.detail
    assert found.detail.endswith("Long conversations still add up: those over 60 calls make up 64% of the spend.")


def test_no_difference_is_said_to_be_none() -> None:
    assert "about as much as the first" in answered(places(0.05, 0.052)).lead


def test_few_long_conversations_make_no_claim() -> None:
    rows = lengths(("1-5", 90, 300, 30, 3), ("61-120", 4, 360, 70, 47))
    found = answered(places(0.02, 0.17), rows)
    assert not found.enough
    assert found.lead == "Too few conversations reach message 60 to estimate its cost: 4 of 94."


def test_usage_without_conversations_says_where_they_are_known() -> None:
    found = answered(places(0.02, 0.17).iloc[:0], lengths((None, 0, 50, 10, 0)))
    assert not found.enough
    assert "Claude Code transcripts" in found.detail


def test_the_resend_share_is_of_what_conversations_cost() -> None:
    assert conversations.resend_share(LENGTHS) == pytest.approx(0.5)
    assert conversations.resend_share(lengths((None, 0, 50, 10, 0))) is None


def test_lengths_add_up_and_their_ratios_are_ratios_of_sums() -> None:
    rows, total = conversations.by_length(LENGTHS), conversations.length_total(LENGTHS)
    assert rows["share"].sum() == pytest.approx(1)
    assert rows["label"].tolist() == ["1–5 calls", "61–120 calls", "Unknown conversation"]
    assert total["per_call"] == pytest.approx(110 * DOLLAR / 1250)
    assert total["resend_share"] == conversations.resend_share(LENGTHS) == pytest.approx(0.5)
    assert pd.isna(rows["conversations"].iloc[2])


def test_a_band_of_unpriced_calls_has_no_cost_per_call() -> None:
    rows = lengths(("1-5", 3, 9, 0, 0)).assign(unpriced_calls=9, cost_nanos=float("nan"))
    assert pd.isna(conversations.by_length(rows)["per_call"].iloc[0])


def judged(now: pd.DataFrame, before: pd.DataFrame | None) -> dict[str, conversations.Kpi]:
    outputs = pd.DataFrame(
        {"long_outputs": [3], "long_output_nanos": [6 * DOLLAR], "project": ["p"], "app": ["a"], "model": ["m"]}
    )
    time = pd.DataFrame({"told_nanos": [4.0, 0], "resend_nanos": [1.0, 0], "long_output_nanos": [DOLLAR, None]})
    frames = {
        "conversations_by_message_position": places(0.02, 0.17),
        "conversations_by_length": now,
        "conversations_by_time": time,
        "conversations_long_outputs": outputs,
        "conversations_costliest": pd.DataFrame({"conversation_id": [], "cost_nanos": [], "resend_nanos": []}),
        "conversations_calls": pd.DataFrame({"conversation_id": []}),
        "prices": pd.DataFrame(),
    }
    was = None if before is None else {"conversations_by_length": before, "conversations_long_outputs": outputs}
    return {kpi.label: kpi for kpi in conversations.judge(frames, was, MONTH).figures}


def test_figures_are_compared_with_the_period_before() -> None:
    kpis = judged(LENGTHS, lengths(("1-5", 100, 300, 50, 20)))
    assert (kpis["Re-sent history"].value, kpis["Re-sent history"].delta) == ("50%", "+10 pts")
    assert (kpis["Over 60 calls"].value, kpis["Over 60 calls"].delta) == ("64%", "+64 pts")
    assert kpis["Long outputs"].change == pytest.approx(0)
    assert kpis["At message 60"].value == "8.5×"


def test_without_a_period_before_there_is_no_delta() -> None:
    kpis = judged(LENGTHS, None)
    assert all(kpi.delta is None and kpi.change is None for kpi in kpis.values())


def test_a_day_without_conversations_does_not_break_the_trend() -> None:
    kpis = judged(LENGTHS, None)
    assert kpis["Re-sent history"].trend == (0.25, 0)
    assert kpis["Long outputs"].trend == (1.0, 0)
