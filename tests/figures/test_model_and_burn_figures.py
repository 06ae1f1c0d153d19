"""Spend by model, and an active hour in four patterns, drawn."""

from __future__ import annotations

import pandas as pd

from usage_analytics.answers import burn
from usage_analytics.answers.models import Bar
from usage_analytics.figures import burn as burn_figure
from usage_analytics.figures import models as models_figure
from usage_analytics.figures import template


def test_a_bar_holds_its_model_for_the_click_and_the_rest_holds_none() -> None:
    bars = (Bar("claude-opus-4-6", "Opus 4.6", 9 * 10**9, 0.9), Bar(None, "3 others", 10**9, 0.1, rest=True))
    trace = models_figure.spend(bars, template.Palette(("claude-opus-4-6",))).to_plotly_json()["data"][0]
    assert list(trace["customdata"]) == [["claude-opus-4-6"], None]
    assert list(trace["marker"]["color"]) == [template.HUES[0], template.GREY]


def test_a_hostile_name_is_text_on_the_axis() -> None:
    bars = (Bar("x", "<img src=x>", 10**9, 1.0),)
    axis = models_figure.spend(bars, template.Palette()).to_plotly_json()["layout"]["yaxis"]
    assert axis["ticktext"][0].startswith("&lt;img")


def test_the_articles_ranges_are_all_there_and_only_known_rates_have_a_dot() -> None:
    rows = pd.DataFrame(
        [(True, "short", 5, 7200.0, 10**9), (False, "long", 1, 60.0, 10**9)],
        columns=["attended", "length", "conversations", "active_seconds", "cost_nanos"],
    )
    article, own = burn_figure.rates(burn.burn(rows)).to_plotly_json()["data"]
    assert list(article["base"]) == [0.10, 1.0, 3.0, 5.0]
    assert list(own["y"]) == ["Casual chat"]
    assert list(own["text"]) == ["$0.50/h"]
