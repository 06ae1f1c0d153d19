"""Money is conserved: what a flag says was spent is the sum of distinct calls, never more than its source spent in its time."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.answers.background.scenes import DAYS, NIGHT, every, office
from tests.benchmarks import background_people, background_strangers
from tests.benchmarks.background_people import DAY, Call, Person, moment
from tests.benchmarks.background_scoring import declared, rows_of
from usage_analytics.answers import background
from usage_analytics.answers.background.calls import calls_of, milliseconds, sources_of
from usage_analytics.answers.background.detection import detect, watch
from usage_analytics.cli import main

MAKERS = (background_people.person, background_strangers.person)


def check(person: Person, *, prompts: bool) -> None:
    rows, end = rows_of(person, prompts=prompts), moment(person.days * DAY) + timedelta(days=1)
    found = background.judge(rows, end, expected=declared(person))
    sources = sources_of(rows["background_sources"])
    calls = calls_of(rows, int(1e15), declared(person))
    for flag in found.flags:
        same = [(one.app, one.account) == (flag.app, flag.account) and flag.project in (None, one.project) for one in sources]
        start, last = milliseconds(flag.started_at), milliseconds(flag.last_seen_at)
        within = np.array(same)[calls.source] & (calls.moment >= start) & (calls.moment <= last)
        assert 0 < flag.spent_before_flag_nanos <= flag.spent_nanos <= calls.nanos[within].sum(), (person.seed, flag.key)
    for one in watch(calls, sources):
        claims = [drain.claimed for drain in detect(one, sources)]
        together = np.concatenate(claims) if claims else np.zeros(0, dtype=int)
        assert len(np.unique(together)) == len(together), f"person {person.seed}: two flags share a call"
    spent = np.bincount(calls.source, calls.nanos, len(sources))
    by_name = {(one.app, one.account, one.project, one.run): round(spent[number]) for number, one in enumerate(sources)}
    for one in found.sources:
        parts = one.attended_nanos + one.unattended_nanos + one.expected_nanos
        assert parts == by_name[one.app, one.account, one.project, one.run], (person.seed, one.app)
    alone = sum(one.unattended_nanos for one in found.sources)
    assert sum(flag.spent_nanos for flag in found.flags if flag.kind != "fan_out") <= alone, person.seed


@pytest.mark.parametrize("seed", [*range(7000, 7010), 20_328])  # the last has flags of two projects in one episode
def test_no_flag_exceeds_its_source(seed: int) -> None:
    check(MAKERS[seed % 2](seed), prompts=seed % 3 > 0)


@pytest.mark.slow
def test_no_flag_exceeds_its_source_on_500_random_people() -> None:
    for seed in range(20_000, 20_500):
        check(MAKERS[seed % 2](seed), prompts=seed % 3 > 0)


def test_polling_after_one_prompt_comes_to_what_its_calls_cost_and_all_of_it_is_unattended() -> None:
    asked = [Call(NIGHT - 4, "Claude Code", 0.03, True, "interactive", "site", "loop")]
    polls = every(2, 3600, app="Claude Code", usd=0.04, project="site", conversation="loop", run="interactive")
    calls = sorted(
        [*office(), *asked, *(replace(one, prompt_tokens=40_000, output_tokens=20) for one in polls)], key=lambda one: one.at
    )
    rows = rows_of(Person(0, "me@example.org", DAYS, calls, [], [], []))
    found = background.judge(rows, moment(DAYS * DAY))
    (flag,) = found.flags
    assert flag.spent_nanos == len(polls) * 40_000_000
    assert sum(one.unattended_nanos for one in found.sources) == flag.spent_nanos
    (about,) = background.timelines(rows, found.flags, moment(DAYS * DAY))
    assert sum(hour.unattended_nanos for hour in about) == flag.spent_nanos, "its bars show what it claims"


def test_the_polling_of_two_hours_comes_to_what_its_calls_cost(
    samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = samples.parent / "cases" / "polling" / "session.jsonl.gz"
    session = tmp_path / "session.jsonl"
    with gzip.open(case) as packed, session.open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    database = str(tmp_path / "usage.duckdb")
    main(["import", str(session), "--db", database, "--json"])
    capsys.readouterr()
    main(["background", "--db", database, "--json", "--as-of", "2026-11-12"])
    (flag,) = json.loads(capsys.readouterr().out)["flags"]
    assert flag["spent_usd"] == "82.780985"
