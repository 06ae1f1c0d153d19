"""A flag says which test found it, and its numbers are the ones that decided."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.answers.background.scenes import NIGHT, at, every, judged, nightly, office, only, unprompted
from tests.benchmarks.background_people import DAY, HOUR, Call
from usage_analytics.answers.background.flags import Flag
from usage_analytics.answers.background.found_by import Test, found_by

LEFT = 30 * DAY + 17.2 * HOUR
NOON = 30 * DAY + 11 * HOUR
IN_A_SESSION = {"app": "Claude Code", "project": "site", "usd": 0.05}


def nobodys() -> list[Call]:
    return every(600, 30 * HOUR, app="ticket-sync", usd=0.06, run="scheduled")


def after_work() -> list[Call]:
    word = Call(LEFT, "Claude Code", 0.05, True, "interactive", "site", "last")
    return [word, *every(40, 9 * HOUR, starts=[LEFT + 5], run="interactive", conversation="last", **IN_A_SESSION)]


def swarm() -> list[Call]:
    return every(0.8, 0.7 * HOUR, starts=[NOON], run="subagent", conversation="Claude Code 30 1", **IN_A_SESSION)


def failing() -> list[Call]:
    word = Call(NOON + 300, "Claude Code", 0.05, True, "interactive", "site", "bad")
    calls = every(
        20,
        0.9 * HOUR,
        starts=[NOON + 305],
        run="interactive",
        conversation="bad",
        error="timeout",
        **IN_A_SESSION | {"usd": 0.08},
    )
    return [word, *calls]


def expensive() -> list[Call]:
    return every(9, 300, starts=[NOON + 20], run="subagent", conversation="Claude Code 30 1", **IN_A_SESSION | {"usd": 1.5})


def by_itself() -> list[Call]:
    return unprompted(every(60, 9 * HOUR, jitter=0.2, conversation="alone", **IN_A_SESSION | {"usd": 0.06}))


def found(calls: Sequence[Call]) -> Flag:
    return only(judged(office(), calls))


def check(flag: Flag, test: Test) -> None:
    raised = flag.found_by
    assert raised.test == test
    assert (raised.usual_nanos or 0) <= raised.needed_nanos <= raised.spent_nanos


@pytest.mark.parametrize(
    ("calls", "test"),
    [
        (nobodys(), "no_prompt"),
        (after_work(), "after_you_left"),
        (failing(), "failed_calls"),
        (swarm(), "fan_out"),
        (expensive(), "burn_rate"),
    ],
)
def test_the_test_is_the_one_that_decided(calls: list[Call], test: Test) -> None:
    check(found(calls), test)


def test_without_prompts_in_the_log_the_rhythm_decides() -> None:
    check(only(judged(unprompted(office()), by_itself())), "machine_rhythm")


def test_what_it_names_as_spent_is_what_the_calls_up_to_the_flag_cost() -> None:
    calls, flag = nobodys(), found(nobodys())
    spent = [round(call.usd * 1e9) for call in calls if at(call.at) < flag.flagged_at]
    assert flag.found_by.spent_nanos == sum(spent)
    assert sum(spent[:-2]) < flag.found_by.needed_nanos <= sum(spent)


def test_a_source_that_is_new_has_no_usual_and_one_that_is_known_has_what_it_spends_on_other_days() -> None:
    assert found(nobodys()).found_by.usual_nanos is None
    more = every(6, 4 * HOUR, app="nightly-report", usd=0.08, starts=[NIGHT + 4.5 * HOUR], run="scheduled")
    known = only(judged(office(), nightly(), more)).found_by
    assert known.seconds == 24 * HOUR
    assert known.usual_nanos == 2 * 30 * 0.08e9  # a day and the slack about it reach over two nights
    assert known.usual_nanos + 1e9 <= known.needed_nanos <= known.spent_nanos


def test_what_another_project_spends_in_a_drain_is_found_by_that() -> None:
    first = every(30, 4 * HOUR, app="batcher", usd=0.06, project="red")
    then = every(30, 4 * HOUR, app="batcher", usd=0.06, project="blue", starts=[NIGHT + 4 * HOUR])
    by_project = {flag.project: flag.found_by for flag in judged(office(), first, then).flags}
    assert by_project["red"].test == "no_prompt"
    assert by_project["blue"].test == "other_project"
    assert by_project["blue"].usual_nanos is None
    assert by_project["blue"].spent_nanos >= by_project["blue"].needed_nanos


def test_the_sentence_has_the_test_and_its_three_numbers() -> None:
    said = found_by("burn_rate", 5 * 60_000, 6.2e9, 0.9e9, 2.7e9).said
    assert said == "Flagged for its burn rate: $6.20 within 5 min (usually at most $0.90, flagged from $2.70)."
    assert "usually nothing" in found_by("no_prompt", 3_600_000, 2e9, 0.0, 1e9).said
    assert "too new to know what's usual" in found_by("no_prompt", 3_600_000, 2e9, None, 1e9).said
