"""What drains, in sentences and in rows: sources, history, and the agents of conversations."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.figures.test_background_figure import flag
from usage_analytics.answers.background import agents, cards
from usage_analytics.answers.background import wording as answers
from usage_analytics.answers.background.flags import Found, SourceSpend
from usage_analytics.control.flags import FlagHistory
from usage_analytics.filters import Filters
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

USD = 10**9
SOURCE = SourceSpend("poller", None, "inbox", "headless", 9, 0, 20 * USD, 0, 100, USD // 5, 0.9, 15 * USD, None, None, True)
RUNS = replace(flag(), over=False, projected_nanos=30 * USD, projected_until=datetime(2026, 11, 21, 9))


def test_what_drains_now_is_named_with_its_pace() -> None:
    said = answers.headline(
        Found((RUNS, replace(RUNS, key="two", project="other", pace_nanos_per_hour=USD)), (SOURCE,)), "the last 30 days"
    )
    assert said.lead == "inbox spent $20.00 unattended in 9 h and is still spending $2.00/h."
    assert said.detail == "Also draining: other."


def test_estimates_from_past_weeks_say_that_they_leave_out_what_drains_now() -> None:
    assert answers.not_counted([RUNS]) == "A drain is spending $2.00/h right now; this assumes that you stop it."
    assert answers.not_counted([RUNS, RUNS]) == "Drains are spending $4.00/h right now; this assumes that you stop them."
    assert not answers.not_counted([])


def test_what_is_over_is_told_after_that_nothing_drains_now() -> None:
    said = answers.headline(Found((flag(),), (SOURCE,)), "the last 30 days")
    assert said.lead == "No drains now. 1 drain in the last 30 days came to $20.00."


def test_a_quiet_month_says_what_was_watched() -> None:
    said = answers.headline(Found((), (SOURCE,)), "the last 30 days")
    assert said.lead == "No drains in the last 30 days. $20.00 of unattended spend, all normal."
    assert said.detail == "We watched 1 source that logs each call."


def test_without_any_source_no_claim_is_made() -> None:
    assert not answers.headline(Found(), "all your data").enough


def test_a_source_that_was_run_in_several_ways_is_one_row_and_its_ratios_are_those_of_the_sums() -> None:
    other = replace(SOURCE, run="scheduled", fires=300, cost_per_fire_nanos=USD, empty_fire_share=0.1, unattended_nanos=300 * USD)
    (row,) = answers.as_rows((SOURCE, other)).itertuples()
    assert row.fires == 400
    assert row.cost_per_fire_nanos == pytest.approx(0.8 * USD)
    assert row.empty_fire_share == pytest.approx(0.3)
    assert row.share == pytest.approx(1.0)


def test_a_ratio_that_is_not_known_of_a_part_is_not_known_of_the_whole() -> None:
    other = replace(SOURCE, run="scheduled", empty_fire_share=None)
    assert answers.as_rows((SOURCE, other))["empty_fire_share"].isna().all()


def test_the_history_has_every_episode_with_its_moments() -> None:
    at = datetime(2026, 11, 20, 22)
    kept = FlagHistory("k", "poller", None, "inbox", "fan_out", USD, at, at, at, None, at, None, "a test")
    table = answers.history((kept, replace(kept, kind="of an older version")))
    assert table["kind"].tolist() == ["Fan-out of subagents", "of an older version"]
    assert table["seen_at"].isna().all()
    assert answers.history(()).empty


def test_a_card_says_since_when_as_shortly_as_is_clear() -> None:
    near, far = RUNS.started_at + timedelta(days=1), RUNS.started_at + timedelta(days=20)
    assert [kpi.value for kpi in cards.kpis(RUNS, near, "UTC")] == ["Fri 22:00", "$20.00", "$2.00/h", "$30.00"]
    assert cards.kpis(RUNS, far, "UTC")[0].value == "Nov 20"


def test_a_conversation_is_a_tree_of_its_own_thread_and_its_agents(tmp_path: Path) -> None:
    folder = Path(__file__).parents[1] / "fixtures" / "claude_code" / "working_day"
    store = Store(tmp_path / "usage.duckdb")
    import_paths(store, [folder])
    rows = store.frame("background_agents", Filters(), **agents.QUERIES["background_agents"])
    tree = agents.tree(rows, "UTC")
    store.close()
    whole = tree[~tree["name"].str.startswith("↳")]
    leaves = tree[tree["name"].str.startswith("↳")]
    assert whole["name"].iloc[0].startswith("garden, ")
    assert pd.Series(leaves["cost_nanos"].sum()).iloc[0] == pytest.approx(whole["cost_nanos"].sum())
    assert leaves["name"].str.startswith("↳ Agent").sum() >= 2
