"""The balance lived again, and the curve of blocked time against idle money, drawn."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from usage_analytics.answers.auto_reload import TradeOff, replays
from usage_analytics.answers.auto_reload.advice import USD, Economics, Policy
from usage_analytics.answers.auto_reload.demand import demand
from usage_analytics.answers.auto_reload.replays import Lane
from usage_analytics.answers.auto_reload.wording import Mark
from usage_analytics.figures import auto_reload, template

NOW = datetime(2026, 11, 22, 12)
STARTED = NOW - timedelta(days=10)


def lived(policy: Policy, usd: float = 1.0, economics: Economics | None = None) -> Lane:
    """Ten days of a call every hour."""
    moments = np.array([STARTED + timedelta(hours=hour) for hour in range(240)], dtype="datetime64[ms]")
    spent = demand(moments, np.full(240, round(usd * USD)))
    return replays.lane("Yours", spent, policy, economics or Economics(), NOW, zone="UTC", late=False)


def test_a_reload_is_an_arrow_and_says_its_amount() -> None:
    lane = lived(Policy(5 * USD, 55 * USD))
    figure = auto_reload.replay(lane, lane.top_usd, recommended=True).to_plotly_json()
    arrows = next(trace for trace in figure["data"] if trace.get("marker", {}).get("symbol") == "triangle-up")
    assert [arrow[0] for arrow in arrows["customdata"]] == ["$51.00"] * len(lane.reloads)
    assert not figure["layout"].get("shapes")


def test_where_work_would_have_stopped_a_band_is_red_and_wide_enough_to_be_seen() -> None:
    lane = lived(Policy(0, 10 * USD), economics=Economics(latency_minutes=90))
    assert lane.blocks
    figure = auto_reload.replay(lane, lane.top_usd, recommended=False).to_plotly_json()
    bands = figure["layout"]["shapes"]
    assert len(bands) == len(lane.blocks)
    assert {band["fillcolor"] for band in bands} == {template.HARM}
    assert all(band["x1"] - band["x0"] >= (lane.end - lane.start) / 221 for band in bands)


def test_a_month_that_meets_its_limit_is_shaded_until_it_is_over() -> None:
    lane = lived(Policy(5 * USD, 55 * USD, 100 * USD))
    assert [(start.day, end) for start, end in lane.limited] == [(16, lane.end)]
    assert "stopped at the monthly limit 1 time" in replays.said(lane)


def test_many_calls_are_drawn_with_few_points_that_still_reach_every_turn() -> None:
    moments = np.array([STARTED + timedelta(minutes=minute) for minute in range(14_400)], dtype="datetime64[ms]")
    spent = demand(moments, np.full(14_400, round(0.01 * USD)))
    lane = replays.lane("Yours", spent, Policy(5 * USD, 55 * USD), Economics(), NOW, zone="UTC", late=False)
    assert len(lane.points) < replays.TOLD_APART * 1.2
    assert max(nanos for _, nanos in lane.points) == 55 * USD
    assert min(nanos for _, nanos in lane.points) < 5 * USD


def test_two_lanes_share_a_scale() -> None:
    lane = lived(Policy(5 * USD, 15 * USD))
    assert auto_reload.replay(lane, 100.0, recommended=False).layout.yaxis.range[1] == pytest.approx(112)


@pytest.mark.parametrize(("threshold", "asked", "got"), [(5, 15, 15), (5, 12, 15), (40, 15, 50)])
def test_reload_to_is_ten_dollars_above_the_threshold_at_least(threshold: float, asked: float, got: float) -> None:
    assert replays.allowed(threshold, asked) == got


def test_names_of_near_settings_do_not_stand_on_each_other() -> None:
    marks = (
        Mark("Recommended", 30, 0.02, True),
        Mark("Claude's guide", 13, 0.10, False),
        Mark("A week's spend", 12, 0.11, False),
        Mark("Yours today", 10, 0.12, False),
    )
    curve = tuple(TradeOff(Policy(1, 2), 0.9, hours, idle * USD, 1.0) for idle, hours in ((5, 0.3), (20, 0.05), (60, 0.01)))
    figure = auto_reload.tradeoff(curve, marks).to_plotly_json()
    named = [one for one in figure["layout"]["annotations"] if one["text"] in {mark.name for mark in marks}]
    rises = {one["text"]: one["ay"] for one in named}
    assert len(named) == 4
    assert len({rises[name] for name in ("Claude's guide", "A week's spend", "Yours today")}) > 1


def test_nothing_blocked_at_all_still_has_an_axis() -> None:
    curve = (TradeOff(Policy(1, 2), 1.0, 0.0, 5 * USD, 0.2), TradeOff(Policy(1, 2), 1.0, 0.0, 9 * USD, 0.3))
    figure = auto_reload.tradeoff(curve, (Mark("Recommended", 5, 0.0, True),)).to_plotly_json()
    assert list(figure["layout"]["yaxis"]["ticktext"]) == ["under 30 s", "1 min"][: len(figure["layout"]["yaxis"]["ticktext"])]


def test_a_hostile_name_is_text() -> None:
    marks = (Mark("<img src=x>", 5, 0.1, False),)
    figure = auto_reload.tradeoff((), marks).to_plotly_json()
    assert any(one["text"] == "&lt;img src=x&gt;" for one in figure["layout"]["annotations"])
