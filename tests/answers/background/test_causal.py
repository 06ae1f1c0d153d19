"""A flag rests on what came before it alone: as of any moment there are the flags that had been raised by then, unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest

from tests.benchmarks import background_people, background_strangers
from tests.benchmarks.background_people import DAY, Person, moment
from tests.benchmarks.background_scoring import declared, rows_of
from usage_analytics.answers import background
from usage_analytics.answers.background.flags import Flag

PEOPLE = [(background_people.person, 1), (background_strangers.person, 15)]


def stays(flag: Flag) -> tuple[object, ...]:
    """All of a flag that may not change after it was raised."""
    raised = (flag.key, flag.app, flag.account, flag.project, flag.run, flag.kind, flag.started_at, flag.flagged_at)
    return *raised, flag.spent_before_flag_nanos, flag.found_by, flag.reasons, flag.what_to_do, flag.sees_prompts


def moments(person: Person, flags: tuple[Flag, ...], count: int) -> Iterator[datetime]:
    chance = Random(person.seed)
    for _ in range(count):
        yield moment(chance.uniform(0, person.days * DAY))
    for flag in flags:
        yield from (flag.started_at, flag.flagged_at - timedelta(milliseconds=1), flag.flagged_at)
        yield flag.flagged_at + timedelta(minutes=chance.uniform(1, 500))
        yield flag.last_seen_at + timedelta(hours=chance.uniform(-2, 14))


def check(person: Person, count: int, *, prompts: bool) -> None:
    rows = rows_of(person, prompts=prompts)
    whole = background.judge(rows, moment(person.days * DAY) + timedelta(days=1), expected=declared(person)).flags
    for now in moments(person, whole, count):
        seen = background.judge(rows, now, expected=declared(person)).flags
        assert {stays(flag) for flag in seen} == {stays(flag) for flag in whole if flag.flagged_at <= now}, f"as of {now}"


@pytest.mark.parametrize("prompts", [True, False])
@pytest.mark.parametrize(("make", "seed"), PEOPLE)
def test_as_of_any_moment_there_are_the_flags_raised_by_then(make, seed: int, prompts: bool) -> None:
    check(make(seed), 3, prompts=prompts)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40, 60))
def test_so_it_is_for_many_people_at_many_moments(seed: int) -> None:
    for make in (background_people.person, background_strangers.person):
        for prompts in (True, False):
            check(make(seed), 15, prompts=prompts)


def test_the_order_in_which_calls_were_read_does_not_matter() -> None:
    person = background_people.person(1)
    rows = rows_of(person)
    end = moment(person.days * DAY)
    order = list(range(len(person.calls)))
    Random(1).shuffle(order)
    shuffled = {"background_calls": {name: column[order] for name, column in rows["background_calls"].items()}}
    assert background.judge(rows | shuffled, end) == background.judge(rows, end)
