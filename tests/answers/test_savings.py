"""What would be saved: each lever against a count by hand, and honest where there is too little."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from usage_analytics import periods
from usage_analytics.answers.savings import Savings, answer
from usage_analytics.answers.savings import levers as savings
from usage_analytics.answers.savings.levers import Judged, Lever
from usage_analytics.control import Control
from usage_analytics.question.ask import ask
from usage_analytics.store import Store

USD = 1_000_000_000
START = datetime(2026, 10, 1)
FOUR_WEEKS = timedelta(days=28)
MONTHS = 28 / (365.25 / 12)  # in four weeks


@dataclass(frozen=True)
class Drain:
    app: str = "agent"
    started_at: datetime = START
    last_seen_at: datetime = START + timedelta(days=1)
    spent_before_flag_nanos: int = 2 * USD
    spent_nanos: int = 10 * USD
    severity: str = "stop"


def unit(number: int, **more: object) -> dict[str, object]:
    """A conversation of its own, which cost a dollar and has nothing to save."""
    moment = START + timedelta(hours=number)
    plain = {"conversation_id": f"c{number}", "app": "Claude Code", "account": None, "project": None, "first_at": moment}
    counts = {"last_at": moment, "calls": 3, "cost_nanos": USD, "plan_nanos": 0, "simple": False, "moved_nanos": USD}
    levers = {"long_outputs": 0, "long_nanos": 0, "hour_nanos": 0, "minutes_nanos": 0, "batch_nanos": 0}
    return plain | counts | levers | more


def judged(units: list[dict[str, object]], span: timedelta = FOUR_WEEKS, drains: tuple[Drain, ...] | None = ()) -> Judged:
    calls = pd.DataFrame({"conversation_id": [], "message_index": []})
    return savings.judge({"savings": pd.DataFrame(units), "conversations_calls": calls}, span, drains=drains)


def lever(found: Judged | Savings, name: str) -> Lever:
    return next(one for one in found.levers if one.name == name)


def test_nothing_is_said_of_less_than_two_weeks_or_twenty_conversations() -> None:
    short, few = judged([unit(n) for n in range(50)], timedelta(days=13)), judged([unit(n) for n in range(19)])
    for found in (short, few):
        assert found.levers == ()
        assert found.together is None
        assert found.reason


def test_a_lever_that_saves_nothing_says_why() -> None:
    found = judged([unit(n) for n in range(30)])
    assert [one.saves for one in found.levers] == [None] * 6
    assert all(one.evidence.startswith("Not you") for one in found.levers)
    assert found.together is None


def test_a_cheaper_model_saves_the_difference_less_what_it_needs_more() -> None:
    found = judged([unit(n, simple=True, moved_nanos=USD // 2) for n in range(30)])
    saves = lever(found, "cheaper_model").saves
    assert saves is not None
    assert saves.mid == pytest.approx(30 * USD * (1 - 1.15 / 2) / MONTHS)
    assert saves.low == pytest.approx(30 * USD * (1 - 1.35 * 1.3 / 2) / MONTHS)
    assert saves.high == pytest.approx(30 * USD * (1 - 0.8 / 2) / MONTHS)


def test_only_simple_conversations_move_to_a_cheaper_model() -> None:
    assert lever(judged([unit(n, simple=False, moved_nanos=1) for n in range(30)]), "cheaper_model").saves is None


def test_a_model_that_would_cost_more_is_never_a_saving() -> None:
    units = [unit(n, simple=True, moved_nanos=3 * USD) for n in range(30)]
    assert lever(judged(units), "cheaper_model").saves is None


def test_the_chance_in_few_dear_conversations_widens_the_range() -> None:
    even = judged([unit(n, batch_nanos=USD // 10) for n in range(40)])
    uneven = judged([unit(n, batch_nanos=USD if n < 4 else 0) for n in range(40)])
    one, other = lever(even, "batch").saves, lever(uneven, "batch").saves
    assert one is not None
    assert other is not None
    assert one.mid == other.mid
    assert other.high - other.low > one.high - one.low
    assert other.low <= other.mid <= other.high


def test_the_other_lifetime_is_chosen_for_an_app_and_not_for_each_conversation() -> None:
    units = [unit(n, hour_nanos=-USD) for n in range(30)] + [unit(n + 40, hour_nanos=USD // 2) for n in range(20)]
    assert lever(judged(units), "cache_lifetime").saves is None
    other_app = [unit(n + 90, app="bot", hour_nanos=USD // 2) for n in range(20)]
    saves = lever(judged(units + other_app), "cache_lifetime").saves
    assert saves is not None
    assert saves.mid == pytest.approx(10 * USD / MONTHS, rel=1e-6)


def test_a_drain_saves_what_it_spent_after_its_flag() -> None:
    found = judged([unit(n) for n in range(30)], drains=(Drain(), Drain(severity="drain"), Drain(severity="watch")))
    saves = lever(found, "stop_drains").saves
    assert saves is not None
    assert saves.low == pytest.approx(8 * USD / MONTHS)
    assert saves.mid == pytest.approx(16 * USD / MONTHS)
    assert saves.high == pytest.approx(20 * USD / MONTHS)


def test_where_drains_cannot_be_judged_the_lever_says_so_and_saves_nothing() -> None:
    found = lever(judged([unit(n) for n in range(30)], drains=None), "stop_drains")
    assert found.saves is None
    assert found.evidence.startswith("Not judged")


def test_together_is_no_less_than_the_best_lever_and_no_more_than_their_sum() -> None:
    units = [
        unit(
            n, simple=n % 2 == 0, moved_nanos=USD // 4, long_nanos=USD // (n + 1), hour_nanos=USD // 3, batch_nanos=n * USD // 60
        )
        for n in range(60)
    ]
    found = judged(units, drains=(Drain(),))
    parts = [one.saves for one in found.levers if one.saves]
    assert found.together is not None
    assert len(parts) > 3
    for end in ("low", "mid", "high"):
        assert getattr(found.together, end) <= sum(getattr(part, end) for part in parts)
    assert found.together.mid >= max(part.mid for part in parts)
    assert found.together.mid <= (found.spent_per_month or 0)


def test_what_a_drain_spent_is_not_saved_a_second_time_in_its_conversations() -> None:
    inside = [unit(n, app="agent", hour_nanos=USD // 2, first_at=START, last_at=START) for n in range(10)]
    found = judged([unit(n + 20) for n in range(30)] + inside, drains=(Drain(),))
    assert found.together is not None
    assert found.together.mid == pytest.approx(8 * USD / MONTHS)
    assert lever(found, "cache_lifetime").saves is not None


def test_what_the_plan_paid_is_told() -> None:
    assert judged([unit(n, plan_nanos=USD // 4) for n in range(30)]).plan_share == 0.25


def test_a_cheaper_model_is_the_newest_of_the_family_below() -> None:
    pairs = savings.cheaper_models()
    assert pairs["claude-opus-4-6"] == "claude-sonnet-5-5"
    assert pairs["claude-sonnet-4-5-20250929"] == "claude-haiku-5-5"
    assert "claude-haiku-5-5" not in pairs


def test_no_more_is_saved_of_a_model_than_it_cost(sample_path: Path, tmp_path: Path) -> None:
    place = Path(shutil.copy(sample_path, tmp_path / "usage.duckdb"))
    store = Store(place)
    asked = ask(store, Control.beside(place), now=store.rows("extent")[0]["last_at"], dates=periods.everything)
    models = [row["value"] for row in store.rows("choices") if row["dimension"] == "model" and row["value"]]
    found = [answer(replace(asked, filters=replace(asked.filters, models=(model,)))) for model in models]
    judged_ones = [one for one in found if one.together]
    assert judged_ones, "some model has enough usage to be judged"
    for one in judged_ones:
        assert one.together.mid <= one.spent_per_month
        assert lever(one, "stop_drains").saves is None
