"""Spend over time, drawn."""

from __future__ import annotations

from datetime import datetime

from usage_analytics.answers.blocks.limits import Stop
from usage_analytics.answers.timeline import Series, Timeline
from usage_analytics.figures import template, timeline

STARTS = (datetime(2026, 11, 20), datetime(2026, 11, 21), datetime(2026, 11, 22))
OPUS = Series("claude-opus-4-6", (5_000_000_000, 0, 1_000_000_000))
REST = Series(None, (1_000_000_000, 0, 0), rest=True)
PALETTE = template.Palette(("claude-opus-4-6",))


def drawn(*series: Series, running: bool = True, stops: tuple[Stop, ...] = ()) -> dict[str, object]:
    return timeline.spend(Timeline("day", STARTS, series, running), PALETTE, stops, "UTC").to_plotly_json()


def bars(figure: dict[str, object]) -> list[dict[str, object]]:
    return [trace for trace in figure["data"] if trace["type"] == "bar"]


def test_each_series_has_its_models_name_and_colour_and_the_rest_is_grey() -> None:
    found = bars(drawn(OPUS, REST))
    assert [(trace["name"], trace["marker"]["color"]) for trace in found] == [
        ("Opus 4.6", template.HUES[0]),
        ("Other", template.GREY),
    ]


def test_a_bar_holds_its_days_for_the_click() -> None:
    assert list(bars(drawn(OPUS))[0]["customdata"][2]) == ["2026-11-22", "2026-11-22"]


def test_only_the_bar_that_is_not_over_is_hatched() -> None:
    assert list(bars(drawn(OPUS))[0]["marker"]["pattern"]["shape"]) == ["", "", "/"]
    assert list(bars(drawn(OPUS, running=False))[0]["marker"]["pattern"]["shape"]) == ["", "", ""]


def test_a_stop_stands_above_the_bar_of_its_day_and_going_on_with_credits_does_not() -> None:
    at = datetime(2026, 11, 21, 18, 30)
    stop = Stop(at, "balance", "Usage credits (extra usage)", "claude-code", 1, None, blocks=True)
    went_on = Stop(at, "credits_started", "Moved to credits", "claude-code", 1, None, blocks=False)
    marks = [trace for trace in drawn(OPUS, stops=(stop, went_on))["data"] if trace["name"] == "Blocked"]
    assert [list(trace["x"]) for trace in marks] == [[datetime(2026, 11, 21)]]
    assert not [trace for trace in drawn(OPUS, stops=(went_on,))["data"] if trace["name"] == "Blocked"]


def test_the_axis_of_money_starts_at_zero_and_has_cents_only_where_they_matter() -> None:
    assert template.money_axis(300)["tickformat"] == ",.0f"
    assert template.money_axis(2)["tickformat"] == ",.2f"
    assert template.money_axis(2)["rangemode"] == "tozero"
