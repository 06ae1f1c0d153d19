"""What a detector is worth on labelled people: episodes found, alarms about nothing, dollars burned before the flag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from tests.benchmarks.background_people import HOUR, START, Label, Person
from usage_analytics.control.expected import ExpectedRun

CLUSTER: Final = 12 * HOUR  # alarms about nothing within it are one
MONTH: Final = 30.4
RESAMPLES: Final = 1_000
EPOCH: Final = (START - datetime(1970, 1, 1)).total_seconds()


@dataclass(frozen=True, slots=True)
class Alarm:
    """At a moment (seconds since START), about an app; a detector that looks at the whole person names none."""

    at: float
    app: str | None = None
    since: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What came of one drain."""

    kind: str
    total: float
    found: bool
    burned: float
    minutes: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one person."""

    cases: tuple[Case, ...]
    false: int
    decoys: tuple[tuple[str, bool], ...]
    days: int


def outcome(person: Person, alarms: Sequence[Alarm]) -> Outcome:
    """Hold alarms against the labels."""
    alarms = sorted(alarms, key=lambda alarm: alarm.at)
    used: set[int] = set()
    cases = []
    for number, drain in enumerate(person.drains):
        hits = [place for place, alarm in enumerate(alarms) if _hits(alarm, drain)]
        used.update(hits)
        calls = [call for call in person.calls if call.drain == number]
        total = sum(call.usd for call in calls)
        first = alarms[hits[0]].at if hits else None
        burned = total if first is None else sum(call.usd for call in calls if call.at <= first)
        cases.append(Case(drain.kind, total, bool(hits), burned, None if first is None else (first - drain.start) / 60))
    false: list[Alarm] = []
    for place, alarm in enumerate(alarms):
        if place not in used and (not false or alarm.at - false[-1].at >= CLUSTER):
            false.append(alarm)
    decoys = tuple((decoy.kind, any(_hits(alarm, decoy) for alarm in false)) for decoy in person.decoys)
    return Outcome(tuple(cases), len(false), decoys, person.days)


def _hits(alarm: Alarm, label: Label) -> bool:
    named = alarm.app is None or label.app is None or alarm.app == label.app
    begun = alarm.since is None or alarm.since <= label.end + 1
    return named and begun and label.start - 1 <= alarm.at <= label.end + CLUSTER


def f1(outcomes: Sequence[Outcome]) -> float:
    """Of episodes."""
    found = sum(case.found for one in outcomes for case in one.cases)
    drains = sum(len(one.cases) for one in outcomes)
    false = sum(one.false for one in outcomes)
    return 2 * found / (found + false + drains) if found else 0.0


def interval(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """The middle 95 % of F1 over people drawn with replacement."""
    chance = np.random.default_rng(1)
    drawn = [f1([outcomes[at] for at in chance.integers(0, len(outcomes), len(outcomes))]) for _ in range(RESAMPLES)]
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


HEAD: Final = (
    f"{'detector':<34} {'P':>5} {'R':>5} {'F1':>5} {'[95 %]':>13} {'FA/month':>9} {'minutes':>8}"
    f" {'burned':>8} {'p90':>7} {'saved':>6} {'decoys':>9}"
)


def line(name: str, outcomes: Sequence[Outcome]) -> str:
    """One row of the table."""
    cases = [case for one in outcomes for case in one.cases]
    found = [case for case in cases if case.found]
    false = sum(one.false for one in outcomes)
    decoys = [hit for one in outcomes for _, hit in one.decoys]
    low, high = interval(outcomes)
    burned = [case.burned for case in found] or [float("nan")]
    minutes = [case.minutes for case in found if case.minutes is not None] or [float("nan")]
    return (
        f"{name:<34} {len(found) / max(len(found) + false, 1):>5.2f} {len(found) / len(cases):>5.2f} {f1(outcomes):>5.2f}"
        f" [{low:>4.2f} – {high:>4.2f}] {false / (sum(one.days for one in outcomes) / MONTH):>9.2f} {np.median(minutes):>8.0f}"
        f" {np.median(burned):>8.2f} {np.quantile(burned, 0.9):>7.1f}"
        f" {1 - sum(case.burned for case in cases) / sum(case.total for case in cases):>6.0%} {sum(decoys):>4}/{len(decoys)}"
    )


def by_kind(outcomes: Sequence[Outcome]) -> str:
    """Found of each kind of drain with the dollars burned before at the median and the 90th percentile, and the decoys that were hit."""
    cases = [case for one in outcomes for case in one.cases]
    parts = []
    for kind in sorted({case.kind for case in cases}):
        of_kind = [case for case in cases if case.kind == kind]
        burned = [case.burned for case in of_kind if case.found]
        dollars = f" ${np.median(burned):.2f}, p90 ${np.quantile(burned, 0.9):.1f}" if burned else ""
        parts.append(f"{kind} {len(burned)}/{len(of_kind)}{dollars}")
    hits = [kind for one in outcomes for kind, hit in one.decoys if hit]
    hit = ", ".join(f"{kind} {hits.count(kind)}" for kind in sorted(set(hits))) or "none"
    return f"    {'; '.join(parts)}\n    decoys hit: {hit}"


def rows_of(person: Person, *, prompts: bool = True) -> dict[str, dict[str, Any]]:
    """A person's calls as the columns of the queries."""
    account_of = person.account_of or (lambda app: person.account)
    keys = [(call.app, account_of(call.app), call.project, call.run) for call in person.calls]
    known = {key: number for number, key in enumerate(sorted(set(keys), key=str))}
    threads: dict[str, int] = {}
    models: dict[str, int] = {}

    def human(stated: bool | None) -> int:
        return -1 if stated is None or not prompts else int(stated)

    calls = {
        "moment": np.array([round((EPOCH + call.at) * 1000) for call in person.calls], dtype=np.int64),
        "tie": np.arange(len(keys)),
        "source": np.array([known[key] for key in keys], dtype=np.int64),
        "thread": np.array([threads.setdefault(c.conversation, len(threads) + 1) if c.conversation else 0 for c in person.calls]),
        "human": np.array([human(call.human) for call in person.calls]),
        "nanos": np.array([round(call.usd * 1e9) for call in person.calls], dtype=np.int64),
        "prompt_tokens": np.array([call.prompt_tokens for call in person.calls]),
        "output_tokens": np.array([call.output_tokens for call in person.calls]),
        "failed": np.array([call.error is not None for call in person.calls], dtype=bool),
        "model": np.array([models.setdefault(call.model, len(models) + 1) for call in person.calls]),
        "paid": np.zeros(len(keys), dtype=np.int64),
    }
    sources = {name: [key[place] for key in known] for place, name in enumerate(("app", "account", "project", "run"))}
    return {"background_sources": {"source": np.arange(len(known)), **sources}, "background_calls": calls}


def declared(person: Person) -> tuple[ExpectedRun, ...]:
    """The runs that a person said to be theirs."""
    from tests.benchmarks.background_people import moment

    return tuple(ExpectedRun(label.app or "", moment(label.start), moment(label.end)) for label in person.expected)
