"""Claude Code's list of prompts says when a person was there, also where no transcript does."""

from __future__ import annotations

import numpy as np

from tests.answers.background.test_golden import known
from tests.benchmarks.background_people import DAY, moment
from tests.benchmarks.background_scoring import rows_of
from usage_analytics.answers import background
from usage_analytics.answers.background.calls import calls_of, milliseconds, present_of, sources_of
from usage_analytics.answers.background.detection import watch

MINUTE = 60_000


def test_who_typed_something_a_minute_ago_is_there_and_it_changes_nothing_before() -> None:
    person = known("people", 3)
    rows, now = rows_of(person), milliseconds(moment(person.days * DAY))
    sources, calls = sources_of(rows["background_sources"]), calls_of(rows, now)
    plain = next(iter(watch(calls, sources)))
    lonely = int(np.argmax(np.where(plain.there.last_word > 0, plain.there.nobody, -1)))
    assert plain.there.nobody[lonely] > 10 * MINUTE
    account = sources[int(plain.calls.source[0])].account
    at = int(plain.calls.moment[lonely]) - MINUTE
    seen = next(iter(watch(calls, sources, {account: np.array([at])})))
    assert seen.there.nobody[lonely] == MINUTE
    before = plain.calls.moment < at
    assert np.array_equal(seen.there.nobody[before], plain.there.nobody[before])
    elsewhere = next(iter(watch(calls, sources, {"somebody else": np.array([at])})))
    assert np.array_equal(elsewhere.there.nobody, plain.there.nobody)


def test_nothing_that_is_typed_after_a_moment_counts_at_it() -> None:
    columns = {"account": np.array([None, "ann", None], dtype=object), "moment": np.array([10, 20, 30])}
    found = present_of(columns, 25)
    assert {account: moments.tolist() for account, moments in found.items()} == {None: [10], "ann": [20]}
    assert present_of(None, 25) == {}


def test_the_answer_reads_the_list() -> None:
    assert "present" in background.QUERIES
