"""What looks like a person's work at first is flagged within hours: polling beside it, random calls of an app that nobody uses, and costly
runs after a last prompt.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

import numpy as np
import pytest

from tests.answers.background.scenes import NIGHT, at, every, judged, office, only
from tests.benchmarks.background_people import DAY, HOUR, Call
from usage_analytics.answers.background.history import Spent, excess, surely_usual, totals
from usage_analytics.answers.background.population import worth_a_flag
from usage_analytics.answers.background.units import DAY as DAY_MS
from usage_analytics.answers.background.units import MINUTE

MORNING = 30 * DAY + 9.5 * HOUR


def test_polling_that_begins_beside_a_persons_work_is_no_subagent_of_it() -> None:
    polls = every(
        60,
        6 * HOUR,
        app="Claude Code",
        usd=0.08,
        jitter=0.9,
        starts=[MORNING + 60],
        project="site",
        conversation="polls",
        prompt_tokens=90_000,
        output_tokens=20,
    )
    flag = only(judged(office(), polls))
    assert flag.kind == "no_op_polling"
    assert flag.flagged_at - at(MORNING) < timedelta(hours=1.5)


@pytest.mark.parametrize(("gap", "usd"), [(200, 0.12), (400, 0.25), (600, 0.3)])
def test_random_calls_of_a_new_app_without_prompts_are_nobodys_once_they_never_pause(gap: int, usd: float) -> None:
    chance, moment, calls = Random(gap), MORNING, []
    while moment < MORNING + 14 * HOUR:
        calls.append(Call(moment, "sheet-helper", usd, None, conversation=f"sheet {len(calls)}"))
        moment += chance.expovariate(1 / gap)
    assert only(judged(office(), calls)).flagged_at - at(MORNING) < timedelta(hours=6)


def left_alone(usd: float) -> list[Call]:
    """One prompt at night, and a call every 20 seconds for six hours."""
    more = {"app": "Claude Code", "project": "site", "conversation": "night", "run": "interactive"}
    return [Call(NIGHT - 1, usd=usd, human=True, **more), *every(20, 6 * HOUR, usd=usd, **more)]


def test_a_costly_run_of_somebody_whose_hours_are_not_known_yet_is_flagged_after_an_hour() -> None:
    flag = only(judged(office(first=28), left_alone(0.05)))
    assert flag.kind == "overnight_run"
    assert timedelta(hours=1) <= flag.flagged_at - at(NIGHT) < timedelta(hours=1.1)


def test_how_long_cheap_work_goes_on_does_not_put_off_the_flag_on_a_costly_run() -> None:
    cheap: list[Call] = []
    for day in range(30):
        begins = day * DAY + 14 * HOUR
        cheap += [
            Call(begins + number * 300, "Claude Code", 0.001, number == 0, "interactive", "site", f"cheap {day}")
            for number in range(24)
        ]
    flag = only(judged(office(), cheap, left_alone(0.05)))
    assert flag.flagged_at - at(NIGHT) < timedelta(hours=1.1)


@pytest.mark.parametrize(("minutes", "usd", "flagged"), [(30, 25, False), (61, 2.9, False), (61, 5, True), (200, 5, True)])
def test_other_peoples_runs_tell_from_when_a_flag_is_likelier_right_than_wrong(minutes: float, usd: float, flagged: bool) -> None:
    assert worth_a_flag(np.array([minutes * MINUTE]), np.array([usd * 1e9])).tolist() == [flagged]


@pytest.mark.parametrize("seed", range(5))
def test_what_is_surely_usual_is_usual_by_all_days_too(seed: int) -> None:
    chance = np.random.default_rng(seed)
    moment = np.sort(chance.integers(0, 40 * DAY_MS, 4_000))
    spent = chance.lognormal(0, 1, len(moment)) * 1e7
    idle = np.array([3, 20])
    stream = Spent(moment, spent, spent, int(moment[0]), idle)
    points, total = np.arange(9 * DAY_MS, 40 * DAY_MS, 37 * MINUTE), totals(spent)
    surely = surely_usual(stream, total, points, 1.5)
    found = excess(stream, (total, total), points)
    assert 0 < surely.sum() < len(points)
    assert (found.now[surely] < 1.5 * found.usual[surely]).all()
    assert (found.known_days[surely] >= 5).all()
