"""The same drains judged again on names that may leave, so that no sentence has ever seen another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from usage_analytics.answers.background.flags import Flag, Found, SourceSpend
from usage_analytics.control.expected import ExpectedRun
from usage_analytics.question.names import DIMENSIONS, Names

Rows = Mapping[str, Mapping[str, Any]]
Judge = Callable[[Rows, Sequence[ExpectedRun]], Found]


def again(kept: Found, rows: Rows, names: Names, expected: Sequence[ExpectedRun], judge: Judge) -> Found:
    """What `judge` says of the rows with their names replaced, as far as `kept` has it. What is the same is known by its figures."""
    sources = dict(rows["background_sources"])
    for dimension in DIMENSIONS:
        sources[dimension] = [names.of(dimension, one) if isinstance(one, str) else None for one in sources[dimension].tolist()]
    runs = []
    for run in expected:
        account = names.of("account", run.account) if run.account else run.account
        project = names.of("project", run.project) if run.project else run.project
        runs.append(replace(run, app=names.of("app", run.app), account=account, project=project, note=None))
    found = judge({**rows, "background_sources": sources}, runs)
    same = {_identity(flag) for flag in kept.flags}
    spenders = {_figures(one) for one in kept.sources}
    return Found(
        tuple(flag for flag in found.flags if _identity(flag) in same),
        tuple(one for one in found.sources if _figures(one) in spenders),
        found.notes,
    )


def _identity(flag: Flag) -> tuple[object, ...]:
    return flag.started_at, flag.flagged_at, flag.last_seen_at, flag.spent_nanos, flag.kind


def _figures(one: SourceSpend) -> tuple[object, ...]:
    return one.calls, one.attended_nanos, one.unattended_nanos, one.expected_nanos, one.overnight_nanos
