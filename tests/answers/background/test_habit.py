"""The usual week before a flag, and the hours of it in which it drained."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from tests.answers.background.scenes import DAYS, NIGHT, at, every, nightly, office
from tests.benchmarks.background_people import DAY, HOUR, Call, Person
from tests.benchmarks.background_scoring import rows_of
from usage_analytics.answers.background.detection import judge_calls
from usage_analytics.answers.background.habit import Week, week_of

LEFT = 30 * DAY + 17.2 * HOUR  # of a Wednesday


def week(*calls: list[Call], zone: str = "UTC", app: str = "Claude Code") -> Week | None:
    together = sorted((call for part in calls for call in part), key=lambda call: call.at)
    judged = judge_calls(rows_of(Person(0, None, DAYS, together, [], [], [], lambda _: "me@example.org")), at(DAYS * DAY))
    (flag,) = (one.flag for one in judged.raised if one.flag.app == app)
    (person,) = judged.people
    which = np.array([one.app == app for one in judged.sources], dtype=bool)[person.calls.source]
    return week_of(person, which, flag, zone)


def overnight() -> list[Call]:
    word = Call(LEFT, "Claude Code", 0.05, True, "interactive", "site", "last")
    run = every(
        40, 9 * HOUR, app="Claude Code", usd=0.05, starts=[LEFT + 5], run="interactive", project="site", conversation="last"
    )
    return [word, *run]


def slot(moment: datetime) -> int:
    return moment.weekday() * 24 + moment.hour


def test_the_usual_is_what_the_app_spends_an_hour_in_the_four_weeks_before() -> None:
    found = week(office(), overnight())
    assert found is not None
    assert found.measure == "spend"
    day = [found.usual[slot(at(NIGHT)) // 24 * 24 + hour] for hour in range(24)]
    assert day[10] == pytest.approx(5 * 3 * 0.05e9, rel=0.3)  # five prompts an hour, three calls each
    assert day[2] == day[23] == 0
    assert sum(found.usual[5 * 24 :]) == 0  # nothing on weekends


def test_the_hours_of_the_drain_are_its_own_and_come_to_what_it_spent() -> None:
    found = week(office(), overnight())
    assert found is not None
    ran = {place for place, one in enumerate(found.drained_nanos) if one is not None}
    assert slot(at(LEFT + 3 * HOUR)) in ran
    assert slot(at(LEFT + 12 * HOUR)) not in ran
    assert sum(one or 0 for one in found.drained_nanos) == pytest.approx(len(overnight()) * 0.05e9, rel=0.15)


def test_the_week_is_on_the_persons_clock() -> None:
    here, there = week(office(), overnight()), week(office(), overnight(), zone="Asia/Kolkata")
    assert here is not None
    assert there is not None
    assert here.usual != there.usual
    assert sum(here.usual) == pytest.approx(sum(there.usual), rel=0.1)
    begun = next(place for place, one in enumerate(there.drained_nanos) if one is not None)
    assert begun - next(place for place, one in enumerate(here.drained_nanos) if one is not None) in (5, 6)


def test_of_an_app_without_a_usual_it_shows_when_the_person_prompts() -> None:
    found = week(office(), nightly(), every(600, 30 * HOUR, app="ticket-sync", usd=0.06, run="scheduled"), app="ticket-sync")
    assert found is not None
    assert (found.measure, max(found.usual), min(found.usual)) == ("prompts", 1.0, 0.0)
    assert "ticket-sync has no usual spend yet" in found.said
    assert found.title in found.alt


def test_with_less_than_a_week_before_it_there_is_no_usual_week() -> None:
    loop = every(20, 30 * HOUR, app="ticket-sync", usd=0.5, starts=[5 * DAY + 22 * HOUR], run="scheduled")
    assert week(office(days=8), loop, app="ticket-sync") is None
