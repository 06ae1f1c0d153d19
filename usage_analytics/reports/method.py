"""The section that says how the figures were made, what they cover, and what in them is estimated."""

from __future__ import annotations

from typing import Final

from usage_analytics import format
from usage_analytics.answers import coverage
from usage_analytics.question import Question
from usage_analytics.reports.report import Column, Figure, Section, Table

_MADE: Final = (
    "Each call counts once, however often logs repeat it.",
    "A call costs what its source says was billed; otherwise, the list price of that day.",
    "On a subscription the plan covers some of these calls, so this isn't the bill.",
)
_REPLACED: Final = {
    "none": "Names are shown as they are. Email addresses, keys, paths and IDs are never included.",
    "names": "Apps, projects and accounts have made-up names, the same ones throughout.",
    "totals": "This report names no app, project or account.",
}


def section(question: Question) -> Section:
    """Coverage first, then the method."""
    found, filters = coverage.answer(question), question.filters
    parts = (("model", filters.models), ("app", filters.apps), ("project", filters.projects), ("account", filters.accounts))
    kept = [format.plural(len(values), what) for what, values in parts if values]  # how many, and never which
    only = (f"This report covers only {format.listed(kept)}.",) if kept else ()
    share = format.percent(found.unpriced_calls / found.calls) if found.unpriced_calls and found.calls else "none"
    redaction = question.names.redaction if question.names else "none"
    return Section(
        "method",
        "How was this counted?",
        f"{format.plural(found.calls, 'call')}, {share} of them unpriced.",
        (" ".join((*found.sentences, *only)), " ".join((*_MADE, _REPLACED[redaction]))),
        figures=(
            Figure("calls", "Calls", format.count(found.calls), found.calls, "count"),
            Figure("unpriced_calls", "Unpriced", format.count(found.unpriced_calls), found.unpriced_calls, "count"),
            Figure(
                "estimated_calls", "Incomplete in the log", format.count(found.estimated_calls), found.estimated_calls, "count"
            ),
        ),
        tables=(
            Table(
                "coverage",
                "Data coverage",
                (Column("what", "What"), Column("from", "From", "moment"), Column("to", "To", "moment")),
                (
                    ("This report", filters.start or question.first_at, min(filters.end or question.as_of, question.as_of)),
                    ("All data", question.first_at, question.last_at),
                ),
            ),
        ),
    )
