"""The section about background drain: what was flagged, why, and what to do about it."""

from __future__ import annotations

from typing import Final

from usage_analytics import format
from usage_analytics.answers import background
from usage_analytics.answers.background import Reason
from usage_analytics.question import Question
from usage_analytics.reports.cells import figures
from usage_analytics.reports.report import Column, Section, Table

_SEVERITIES: Final = {"watch": "worth a look", "drain": "drain", "stop": "severe drain"}
_SOURCES: Final = (
    Column("app", "App"),
    Column("project", "Project"),
    Column("unattended_usd", "Unattended", "dollars"),
    Column("attended_usd", "Attended", "dollars"),
    Column("overnight_usd", "Overnight", "dollars"),
    Column("usd_per_start", "Per run", "dollars"),
)
_FLAGGED: Final = (
    Column("app", "App"),
    Column("project", "Project"),
    Column("since", "Since", "moment"),
    Column("spent_usd", "Spent", "dollars"),
    Column("severity", "Verdict"),
    Column("evidence", "Why", "prose"),
)
_REASONS: Final = 2  # of a flag: the weightiest come first, and the very first has the numbers of the test
_MOST: Final = 6  # sources in the table, the one with most unattended spend first


def section(question: Question) -> Section:
    """What drained while nobody was watching."""
    found = background.answer(question)
    nameless = question.names is not None and question.names.redaction == "totals"
    steps = dict.fromkeys(f"{format.name(flag.project or flag.app, 40)}: {flag.what_to_do}" for flag in found.flags)
    raised = tuple(
        (
            flag.app,
            flag.project,
            flag.started_at,
            flag.spent_nanos,
            f"{_SEVERITIES[flag.severity]}{', ended' if flag.over else ''}",
            " ".join((f"{flag.kind_said}.", flag.found_by.said, *map(_sentence, flag.reasons[1:_REASONS]))),
        )
        for flag in found.flags
    )
    spenders = tuple(
        (one.app, one.project, one.unattended_nanos, one.attended_nanos, one.overnight_nanos, one.cost_per_fire_nanos)
        for one in found.sources[:_MOST]
        if one.unattended_nanos
    )
    tables = (
        Table("flags", "Flags", _FLAGGED, raised),
        Table("sources", "Unattended spend by source", _SOURCES, spenders),
    )
    return Section(
        "background",
        "Background drain",
        found.unnamed if nameless else found.headline.lead,
        (*(() if found.flags else filter(None, (found.headline.detail,))), *found.notes),  # the table names what was flagged
        figures(found.figures, {}, question),
        tables=tuple(table for table in tables if table.rows),
        steps=tuple(steps)[:5],
        note=background.NOTE,
        enough=found.headline.enough,
    )


def _sentence(reason: Reason) -> str:
    return f"{reason.evidence[:1].upper()}{reason.evidence[1:]}."
