"""The hours about a flag, drawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from usage_analytics.answers.background import cards as background_cards
from usage_analytics.answers.background.flags import Flag, Hour
from usage_analytics.answers.background.found_by import found_by
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
    assert said == "It spent $20.00 unattended in 9 h, until 21 Nov 2026, 07:00; flagged after $2.00 and 40 min."
