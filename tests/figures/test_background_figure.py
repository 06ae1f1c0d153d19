"""The hours about a flag, drawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from usage_analytics.answers.background import cards as background_cards
from usage_analytics.answers.background.flags import Flag, Hour
from usage_analytics.answers.background.found_by import found_by
from usage_analytics.answers.background.habit import Week
from usage_analytics.figures import background, template

NIGHT = datetime(2026, 11, 20, 22)


def flag(lasted: timedelta = timedelta(hours=9)) -> Flag:
    return Flag(
        key="one",
        app="poller",
        account=None,
        project="inbox",
        run="headless",
        source="poller · inbox",
        kind="no_op_polling",
        started_at=NIGHT,
        flagged_at=NIGHT + timedelta(minutes=40),
        last_seen_at=NIGHT + lasted,
        spent_before_flag_nanos=2 * 10**9,
        spent_nanos=20 * 10**9,
        pace_nanos_per_hour=2 * 10**9,
        projected_nanos=None,
        projected_until=None,
        severity="drain",
        found_by=found_by("no_prompt", 6 * 3_600_000, 2e9, 0.0, 1.8e9),
        reasons=(),
        what_to_do="Stop it.",
        sees_prompts=True,
        over=True,
    )


def hours(number: int) -> tuple[Hour, ...]:
    start = NIGHT - timedelta(days=1)
    return tuple(Hour(start + timedelta(hours=place), 10**9, 2 * 10**9, 0) for place in range(number))


def test_attended_and_unattended_stand_on_each_other_with_the_episode_and_the_flag() -> None:
    bars = background_cards.hours(hours(48), flag(), "UTC")
    assert bars is not None
    figure = background.around(bars).to_plotly_json()
    assert [(one["name"], one["marker"]["color"]) for one in figure["data"]] == [
        ("Attended", template.GREY),
        ("Unattended", template.ACCENT),
    ]
    episode, raised = figure["layout"]["shapes"]
    assert (episode["x0"], episode["x1"]) == (NIGHT, NIGHT + timedelta(hours=9))
    assert raised["x0"] == NIGHT + timedelta(minutes=40)
    assert figure["layout"]["annotations"][0]["text"] == "flagged 22:40"


def test_a_long_episode_has_bars_of_several_hours_and_the_same_money() -> None:
    bars = background_cards.hours(hours(24 * 30), flag(timedelta(days=25)), "UTC")
    assert bars is not None
    assert len(bars.starts) <= background_cards.MOST_BARS
    assert bars.step == timedelta(hours=12)
    assert sum(bars.unattended_nanos) == 24 * 30 * 2 * 10**9


def test_hours_are_those_of_the_persons_clock() -> None:
    bars = background_cards.hours(hours(48), flag(), "Europe/Berlin")
    assert bars is not None
    assert bars.flagged_at == NIGHT + timedelta(hours=1, minutes=40)


def test_what_is_over_is_told_in_a_sentence() -> None:
    said = background_cards.course(flag(), "UTC")
    assert said == "It spent $20.00 unattended in 9 h, until Nov 21, 2026, 07:00; flagged after $2.00 and 40 min."


def test_the_week_has_a_row_a_day_and_a_frame_about_each_run_of_the_drains_hours() -> None:
    usual = tuple(1e9 if 9 <= hour % 24 < 17 else 0.0 for hour in range(168))
    drained = tuple(2 * 10**9 if 22 <= hour < 27 or hour == 100 else None for hour in range(168))
    figure = background.week(Week("spend", usual, drained, "Usual spend", "Said.", "Alt.")).to_plotly_json()
    (cells,) = figure["data"]
    assert [len(cells["z"]), len(cells["z"][0]), cells["z"][6][9], cells["z"][6][8]] == [7, 24, 1e9, 0.0]
    assert cells["text"][0][22] == "Mon 22:00, usually nothing<br>This drain: $2.00"
    frames = [(one["x0"], one["x1"], one["y0"]) for one in figure["layout"]["shapes"]]
    assert frames == [(21.5, 23.5, -0.5), (-0.5, 2.5, 0.5), (3.5, 4.5, 3.5)]
    assert {one["line"]["color"] for one in figure["layout"]["shapes"]} == {template.HARM}
    sundays = background.week(Week("spend", usual, drained, "Usual spend", "Said.", "Alt."), "Sunday").to_plotly_json()
    assert sundays["layout"]["yaxis"]["ticktext"] == ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    assert [one["y0"] for one in sundays["layout"]["shapes"]] == [0.5, 1.5, 4.5]
    assert sundays["data"][0]["text"][1][22] == "Mon 22:00, usually nothing<br>This drain: $2.00"
