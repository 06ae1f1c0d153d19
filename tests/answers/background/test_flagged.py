"""What is a drain, by kind; and that it is flagged early, with the right name and arithmetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.answers.background.scenes import DAYS, NIGHT, at, every, judged, nightly, office, only, unprompted
from tests.benchmarks.background_people import DAY, HOUR, Call
from usage_analytics.answers.background.flags import Flag

EARLY = 5 * 10**9


def signals(flag: Flag) -> set[str]:
    return {reason.signal for reason in flag.reasons}


def test_a_loop_on_a_schedule_is_flagged() -> None:
    loop = every(600, 30 * HOUR, app="ticket-sync", usd=0.06, jitter=0.05, run="scheduled")
    flag = only(judged(office(), nightly(), loop))
    assert (flag.app, flag.kind) == ("ticket-sync", "scheduled_loop")
    assert flag.spent_before_flag_nanos < EARLY
    assert {"unattended spend", "keeps time", "new", "runs by itself"} <= signals(flag)


def test_a_call_that_fails_again_and_again_is_flagged() -> None:
    retries = every(20, 6 * HOUR, app="invoice-reader", usd=0.03, error="timeout")
    flag = only(judged(office(), retries))
    assert (flag.kind, flag.spent_before_flag_nanos < EARLY) == ("retry_loop", True)
    assert "errors" in signals(flag)


def test_work_that_goes_on_after_the_person_left_is_flagged_with_when_they_left() -> None:
    start = 30 * DAY + 17.2 * HOUR
    word = [Call(start, "Claude Code", 0.05, True, "interactive", "site", "last")]
    run = every(
        40, 9 * HOUR, app="Claude Code", usd=0.05, starts=[start + 5], run="interactive", project="site", conversation="last"
    )
    flag = only(judged(office(), word, run))
    assert (flag.kind, flag.project) == ("overnight_run", "site")
    assert "after you left" in signals(flag)
    assert flag.flagged_at < at(start + 4 * HOUR)
    assert "Claude Code" in flag.source
    assert "/tasks" in flag.what_to_do


def test_a_slow_leak_is_flagged() -> None:
    leak = every(240, 80 * HOUR, app="log-summariser", usd=0.02, jitter=0.9, run="headless")
    flag = only(judged(office(), nightly(), leak))
    assert (flag.app, flag.kind) == ("log-summariser", "slow_leak")
    assert flag.spent_before_flag_nanos < EARLY


def test_a_new_integration_is_flagged() -> None:
    calls = every(30, 5 * HOUR, app="crm-connector", usd=0.06, jitter=0.9)
    flag = only(judged(office(), calls))
    assert (flag.kind, flag.spent_before_flag_nanos < EARLY) == ("new_integration", True)


def test_a_fan_out_of_subagents_is_flagged_while_the_person_is_there() -> None:
    start = 30 * DAY + 11 * HOUR
    swarm = every(
        0.8,
        0.7 * HOUR,
        app="Claude Code",
        usd=0.05,
        starts=[start],
        run="subagent",
        project="site",
        conversation="Claude Code 30 1",
    )
    flag = only(judged(office(), swarm))
    assert flag.kind == "fan_out"
    assert flag.flagged_at < at(start + 0.3 * HOUR)
    assert "burst" in signals(flag)


def test_polling_that_finds_nothing_is_flagged() -> None:
    polls = every(240, 9 * HOUR, app="inbox-watcher", usd=0.15, prompt_tokens=200_000, output_tokens=12, run="headless")
    flag = only(judged(office(), polls))
    assert (flag.kind, flag.spent_before_flag_nanos < EARLY) == ("no_op_polling", True)
    assert "no output" in signals(flag)


def test_a_job_that_goes_wild_is_held_against_its_own_usual() -> None:
    wild = every(15, 8 * HOUR, app="nightly-report", usd=0.08, starts=[30 * DAY + 12 * HOUR], run="scheduled")
    flag = only(judged(office(), nightly(), wild))
    assert flag.app == "nightly-report"
    assert flag.started_at >= at(30 * DAY + 12 * HOUR)


def test_two_nights_are_two_episodes_of_their_own_keys() -> None:
    polls = every(240, 9 * HOUR, app="inbox-watcher", usd=0.15, starts=[NIGHT, NIGHT + DAY], run="headless")
    flags = judged(office(), polls).flags
    assert len({flag.key for flag in flags}) == len(flags) == 2
    assert flags[0].flagged_at > flags[1].flagged_at


def test_a_pause_of_some_hours_is_the_same_episode() -> None:
    polls = every(240, 4 * HOUR, app="inbox-watcher", usd=0.15, starts=[NIGHT, NIGHT + 12 * HOUR], run="headless")
    flag = only(judged(office(), polls))
    assert flag.last_seen_at > at(NIGHT + 15 * HOUR)


@pytest.mark.parametrize("told", [False, True])
def test_a_log_without_prompts_is_flagged_too_and_says_so(told: bool) -> None:
    loop = every(600, 30 * HOUR, app="ticket-sync", usd=0.25, jitter=0.05)
    flag = only(judged(office(), loop) if told else judged(unprompted(office()), unprompted(loop)))
    assert flag.sees_prompts is told
    assert ("no prompts" in signals(flag)) is not told
    assert any("doesn't log prompts" in reason.evidence for reason in flag.reasons) is not told


def test_the_same_calls_without_prompts_need_more_dollars() -> None:
    loop = every(600, 30 * HOUR, app="ticket-sync", usd=0.25, jitter=0.05)
    seen, blind = only(judged(office(), loop)), only(judged(unprompted(office()), unprompted(loop)))
    assert blind.spent_before_flag_nanos > seen.spent_before_flag_nanos


def test_each_of_two_accounts_is_judged_by_itself() -> None:
    found = judged(office(), every(600, 30 * HOUR, app="ticket-sync", usd=0.25))
    assert only(found).account == "me@example.org"


def test_severity_follows_the_dollars_that_it_comes_to() -> None:
    loop = every(600, 30 * HOUR, app="ticket-sync", usd=0.5)
    running = only(judged(office(), loop, now=NIGHT + 2 * HOUR))
    assert not running.over
    assert running.projected_nanos is not None
    assert running.projected_nanos > running.spent_nanos
    assert running.projected_until is not None
    assert running.projected_until.hour == 9, "that is when the person comes"
    assert running.severity == "stop"
    ended = only(judged(office(), every(600, 2 * HOUR, app="ticket-sync", usd=0.5)))
    assert (ended.over, ended.severity, ended.projected_nanos) == (True, "drain", None)


def test_the_amounts_are_those_of_the_calls() -> None:
    flag = only(judged(office(), every(600, 30 * HOUR, app="ticket-sync", usd=0.25)))
    assert flag.spent_nanos == 180 * 250_000_000
    assert flag.spent_before_flag_nanos % 250_000_000 == 0
    assert flag.started_at == at(NIGHT)
    assert flag.flagged_at - flag.started_at == timedelta(seconds=600 * (flag.spent_before_flag_nanos // 250_000_000 - 1) + 1)
    assert flag.last_seen_at == at(NIGHT + 179 * 600)


def test_nothing_at_all_is_no_error() -> None:
    found = judged()
    assert (found.flags, found.sources, found.notes) == ((), (), ())


def test_data_of_a_few_days_say_that_they_are_short() -> None:
    found = judged(office(days=3), now=DAYS * DAY)
    assert any("9 days" in note for note in found.notes)


def test_drains_of_one_app_in_two_projects_are_told_apart() -> None:
    first, second = (
        every(60, 5 * HOUR, app="claude -p", usd=0.2, starts=[NIGHT + later * HOUR], run="headless", project=name)
        for name, later in (("site", 0.0), ("shop", 2.0))
    )
    found = judged(office(), first, second).flags
    assert {(flag.app, flag.project) for flag in found} == {("claude -p", "site"), ("claude -p", "shop")}
    assert {flag.project: flag.spent_nanos for flag in found} == dict.fromkeys(("site", "shop"), 300 * 200_000_000)
    assert len({flag.key for flag in found}) == 2


def test_an_agent_that_its_prompt_started_is_no_drain_though_nobody_types_to_it() -> None:
    helpers = [
        replace(call, run="subagent", human=False, conversation=f"helper {number}", at=call.at + 2)
        for number, call in enumerate(office())
        if call.human
    ]
    assert not judged(office(), helpers).flags


def test_calls_four_seconds_apart_at_180_dollars_an_hour_are_flagged_within_minutes_of_the_prompt() -> None:
    noon = 30 * DAY + 12 * HOUR
    loop = every(4, 600, app="Claude Code", usd=0.2, starts=[noon], run="interactive", project="site", conversation="loop")
    flag = only(judged(office(), [replace(loop[0], at=noon - 1, human=True)], loop))
    assert flag.flagged_at - flag.started_at < timedelta(minutes=3)
    assert flag.spent_before_flag_nanos < EARLY
