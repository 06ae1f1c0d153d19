"""What is no drain, and must not be flagged."""

from __future__ import annotations

from dataclasses import replace

from tests.answers.background.scenes import DAYS, NIGHT, every, expect, judged, nightly, office, only, unprompted
from tests.benchmarks.background_people import DAY, HOUR, Call

WEEK = (30 * DAY, 31 * DAY, 32 * DAY)


def prompted(start: float, hours: float, *, app: str = "Claude Code", usd: float = 0.05) -> list[Call]:
    """A person at work: a word every few minutes."""
    turns = range(int(hours * 12))
    return [
        Call(start + turn * 300 + turn * 61 % 200 + step * 8, app, usd, step == 0, "interactive", "site", f"{app} {start}")
        for turn in turns
        for step in range(5)
    ]


def test_a_crunch_night_of_a_person() -> None:
    assert not judged(office(), prompted(30 * DAY + 19 * HOUR, 9, usd=0.2)).flags


def test_a_journey_across_time_zones() -> None:
    assert not judged(office(days=28), office(first=28, hour=17)).flags


def test_a_holiday_and_the_return_from_it() -> None:
    assert not judged(office(days=14), office(first=26), nightly()).flags


def test_a_change_of_model_to_one_that_costs_three_times_as_much() -> None:
    calls = [replace(call, usd=call.usd * (3 if call.at > 25 * DAY else 1), model="dear" if call.at > 25 * DAY else "cheap")
             for call in [*office(), *nightly(usd=0.2)]]  # fmt: skip
    assert not judged(calls).flags


def test_a_new_app_that_a_person_uses() -> None:
    assert not judged(office(), office(app="Zed", first=28, usd=0.3)).flags


def test_a_new_app_that_a_person_uses_and_that_says_nothing_of_prompts() -> None:
    assert not judged(office(), unprompted(prompted(30 * DAY + 10 * HOUR, 3, app="Zed", usd=0.2))).flags


def test_a_long_task_that_was_asked_for() -> None:
    start = 30 * DAY + 10 * HOUR
    word = [Call(start, "Claude Code", 0.05, True, "interactive", "site", "long")]
    task = every(20, 2.5 * HOUR, app="Claude Code", usd=0.05, starts=[start + 5], run="interactive", conversation="long")
    assert not judged(office(), word, task).flags


def test_a_busy_week() -> None:
    busy = [call for start in WEEK for call in prompted(start + 8 * HOUR, 11)]
    assert not judged(office(), busy).flags


def test_a_nightly_job_that_has_always_been_there() -> None:
    assert not judged(office(), nightly(usd=0.4)).flags


def test_a_weekly_job_that_has_always_been_there() -> None:
    weekly = every(13, 600, app="weekly-digest", usd=0.2, starts=[day * DAY + 4 * HOUR for day in range(5, DAYS, 7)])
    assert not judged(office(), weekly).flags


def test_a_monitor_that_has_always_been_there() -> None:
    assert not judged(office(), every(900, DAYS * DAY, app="monitor", usd=0.02, starts=[0.0])).flags


def test_a_job_without_a_person_whose_data_begin_with_it() -> None:
    assert not judged(nightly()).flags


def test_a_run_that_was_declared() -> None:
    loop = every(600, 30 * HOUR, app="backfill", usd=0.4)
    assert judged(office(), loop).flags
    assert not judged(office(), loop, expected=[expect("backfill", NIGHT - 60, NIGHT + 31 * HOUR)]).flags
    assert not judged(office(), loop, expected=[expect("backfill", NIGHT - 60, None)]).flags


def test_a_declaration_is_of_its_app_and_time_alone() -> None:
    loop = every(600, 30 * HOUR, app="backfill", usd=0.4)
    assert judged(office(), loop, expected=[expect("another", NIGHT - 60, None)]).flags
    later = only(judged(office(), loop, expected=[expect("backfill", NIGHT - 60, NIGHT + 5 * HOUR)]))
    late = (later.started_at - judged(office(), loop).flags[0].started_at).total_seconds()
    assert 5 * HOUR < late < 6 * HOUR, "a tenth late is not late"


def test_what_was_declared_is_no_usual_that_hides_a_later_drain() -> None:
    starts = [day * DAY + 22 * HOUR for day in range(20, 30)]
    mine = every(600, 8 * HOUR, app="backfill", usd=0.4, starts=starts)
    drain = every(600, 8 * HOUR, app="backfill", usd=0.4, starts=[31 * DAY + 22 * HOUR])
    flag = only(judged(office(), mine, drain, expected=[expect("backfill", 20 * DAY, 31 * DAY)]))
    assert flag.spent_before_flag_nanos < 5 * 10**9


def test_a_dismissed_episode_is_put_aside_and_the_next_is_flagged() -> None:
    polls = every(240, 9 * HOUR, app="inbox-watcher", usd=0.15, starts=[NIGHT, NIGHT + DAY], run="headless")
    later, earlier = judged(office(), polls).flags
    assert judged(office(), polls, dismissed={earlier.key}).flags == (later,)


def test_cents_are_not_worth_a_word() -> None:
    assert not judged(office(), every(600, 10 * HOUR, app="ticket-sync", usd=0.01)).flags


def test_a_colleague_who_comes_later_with_a_job_of_their_own() -> None:
    """Their data begin with them; what a key does that nobody ever spoke for is new all the same."""
    late = [day * DAY + 4 * HOUR for day in range(22, DAYS)]
    job = every(13, 400, app="their-report", usd=0.15, starts=late, run="scheduled")
    theirs = [*office(app="Cursor", first=20), *job]
    assert not judged(office(), accounts={"Cursor": "new@example.org", "their-report": "new@example.org"}, also=theirs).flags
    assert judged(office(), accounts={"their-report": "key-7"}, also=job).flags
