"""The figure of spend by app over time."""

from __future__ import annotations

from datetime import datetime

from usage_analytics.answers.timeline import Series, Timeline
from usage_analytics.figures import apps, template

BARS = Timeline(
    "day", (datetime(2026, 11, 21), datetime(2026, 11, 22)), (Series("headless", (5, 0)), Series(None, (0, 3))), running=False
)


def test_an_app_keeps_its_colour_whatever_is_filtered() -> None:
    wide, narrow = (
        apps.over_time(BARS, values, "app").data[0].marker.color for values in (("a", "headless"), ("a", "headless", "z"))
    )
    assert wide == narrow == template.HUES[1]


def test_run_classes_are_named_in_words() -> None:
    assert [trace.name for trace in apps.over_time(BARS, ("headless",), "run").data[:2]] == ["Headless", "(none)"]


def test_a_name_from_data_is_shown_and_not_obeyed() -> None:
    bars = Timeline("day", BARS.starts, (Series("<b>x</b>", (5, 0)),), running=False)
    assert apps.over_time(bars, (), "app").data[0].name == "&lt;b&gt;x&lt;/b&gt;"


def test_what_is_drawn_has_a_colour_of_its_own_also_when_it_is_not_among_the_dearest_of_all_time() -> None:
    many = tuple(f"project {number}" for number in range(40))
    drawn = (many[0], many[3], many[20], many[39])
    bars = Timeline("day", BARS.starts, tuple(Series(value, (5, 1)) for value in drawn), running=False)
    colours = [trace.marker.color for trace in apps.over_time(bars, many, "project").data[:4]]
    assert colours[:2] == [template.HUES[0], template.HUES[3]]
    assert len(set(colours)) == 4
    assert template.GREY not in colours
