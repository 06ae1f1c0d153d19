"""The section about background drain: what was flagged, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import pandas as pd

from usage_analytics import format
from usage_analytics.answers import background
from usage_analytics.answers.background import wording as answers
from usage_analytics.answers.background.flags import KINDS, Flag, Found, SourceSpend
from usage_analytics.control import expected, flags
from usage_analytics.control.expected import ExpectedRun
from usage_analytics.filters import Filters
from usage_analytics.question.names import Names
from usage_analytics.reports.asked import Source
from usage_analytics.reports.cells import figures
from usage_analytics.reports.report import Column, Section, Table

_SEVERITIES: Final = {"watch": "watch", "drain": "drains", "stop": "stop it"}
_SOURCES: Final = (
    Column("app", "App"),
    Column("project", "Project"),
    Column("unattended_usd", "Unattended", "dollars"),
    Column("attended_usd", "Attended", "dollars"),
    Column("overnight_usd", "Overnight", "dollars"),
    Column("usd_per_start", "Each start", "dollars"),
)
_REASONS: Final = 2  # of a flag: the weightiest come first
_MOST: Final = 6  # sources in the table, the one with most unattended spend first


def found(source: Source) -> Found:
    """Flags and sources of the span, with names already replaced; what was put aside stays out."""
    return source.once("background", lambda: _found(source))


def section(source: Source) -> Section:
    """What drained while nobody was watching."""
    judged = found(source)
    said = answers.answer(judged, source.days)
    lead = _unnamed(judged, source.days) if source.asked.redaction == "totals" else said.lead
    return Section(
        "background",
        "What drains while nobody is watching?",
        lead,
        (*(() if judged.flags else filter(None, (said.detail,))), *judged.notes),  # the table names what was flagged
        figures(answers.kpis(judged, source.days), {}, source),
        tables=tuple(filter(None, (_flags(judged.flags), _spenders(judged.sources)))),
        steps=tuple(dict.fromkeys(f"{format.name(flag.project or flag.app, 40)}: {flag.what_to_do}" for flag in judged.flags))[
            :5
        ],
        note=answers.NOTE,
        enough=said.enough,
    )


def _found(source: Source) -> Found:
    asked, control = source.asked, source.control
    until = Filters(end=min(asked.filters.end or asked.now, asked.now), zone=asked.filters.zone)
    assert until.end is not None
    rows = {query: source.read(query, until) for query in background.QUERIES}
    known, aside = expected.expected_runs(control), flags.dismissed(control)
    real = {query: {str(name): _column(column) for name, column in frame.items()} for query, frame in rows.items()}
    judged = background.judge(
        real, until.end, expected=known, dismissed=aside, zone=asked.filters.zone, start=asked.filters.start
    )
    kept = Found(tuple(filter(source.keeps, judged.flags)), tuple(filter(source.keeps, judged.sources)), judged.notes)
    return kept if not source.names.replaces else _renamed(kept, real, known, until.end, source)


def _flags(raised: Sequence[Flag]) -> Table | None:
    if not raised:
        return None
    columns = (
        Column("app", "App"),
        Column("project", "Project"),
        Column("since", "Since", "moment"),
        Column("spent_usd", "Spent", "dollars"),
        Column("severity", "Verdict"),
        Column("evidence", "Why", "prose"),
    )
    rows = tuple(
        (
            flag.app,
            flag.project,
            flag.started_at,
            flag.spent_nanos,
            f"{_SEVERITIES[flag.severity]}{', over' if flag.over else ''}",
            f"{KINDS[flag.kind]}: {'; '.join(reason.evidence for reason in flag.reasons[:_REASONS])}.",
        )
        for flag in raised
    )
    return Table("flags", "What was flagged", columns, rows)


def _spenders(sources: Sequence[SourceSpend]) -> Table | None:
    rows = tuple(
        (one.app, one.project, one.unattended_nanos, one.attended_nanos, one.overnight_nanos, one.cost_per_fire_nanos)
        for one in sources[:_MOST]
        if one.unattended_nanos
    )
    return Table("sources", "Who spends when nobody is there", _SOURCES, rows) if rows else None


def _column(column: pd.Series) -> Any:
    """A column as the analysis wants it: numbers as an array, names with None where there is none."""
    return (
        column.to_numpy()
        if pd.api.types.is_numeric_dtype(column)
        else column.astype(object).where(column.notna(), None).to_numpy()
    )


def _renamed(kept: Found, real: background.Rows, known: Sequence[ExpectedRun], now: datetime, source: Source) -> Found:
    """The same judged again on replaced names, so that no sentence has ever seen one. What is the same is known by its figures."""
    asked, names = source.asked, source.names
    sources = dict(real["background_sources"])
    for dimension in ("app", "project", "account"):
        sources[dimension] = [names.of(dimension, one) if isinstance(one, str) else one for one in sources[dimension]]
    again = background.judge(
        {**real, "background_sources": sources},
        now,
        expected=[_expected(run, names) for run in known],
        zone=asked.filters.zone,
        start=asked.filters.start,
    )
    same = {_identity(flag) for flag in kept.flags}
    spenders = {_figures(one) for one in kept.sources}
    return Found(
        tuple(flag for flag in again.flags if _identity(flag) in same),
        tuple(one for one in again.sources if _figures(one) in spenders),
        again.notes,
    )


def _expected(run: ExpectedRun, names: Names) -> ExpectedRun:
    account = names.of("account", run.account) if run.account else run.account
    project = names.of("project", run.project) if run.project else run.project
    return replace(run, app=names.of("app", run.app), account=account, project=project, note=None)


def _identity(flag: Flag) -> tuple[object, ...]:
    return flag.started_at, flag.flagged_at, flag.last_seen_at, flag.spent_nanos, flag.kind


def _figures(one: SourceSpend) -> tuple[object, ...]:
    return one.calls, one.attended_nanos, one.unattended_nanos, one.expected_nanos, one.overnight_nanos


def _unnamed(judged: Found, days: int) -> str:
    """What the flags come to, said of none."""
    unattended = format.dollars(sum(one.unattended_nanos for one in judged.sources))
    if not judged.flags:
        return f"Nothing drained in these {days} days; {unattended} was spent with nobody there."
    spent, running = format.dollars(sum(flag.spent_nanos for flag in judged.flags)), sum(not flag.over for flag in judged.flags)
    return f"{format.plural(len(judged.flags), 'drain')} came to {spent}; {running or 'none'} still running."
