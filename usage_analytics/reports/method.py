"""The section that says how the figures were made, what they cover, and what in them is estimated."""

from __future__ import annotations

from typing import Final

from usage_analytics import format
from usage_analytics.answers import coverage
from usage_analytics.reports.asked import Source
from usage_analytics.reports.report import Column, Figure, Section, Table

_MADE: Final = (
    "Every call is counted once, however often logs repeat it.",
    "A call has the list price of its day, or what its source says was billed.",
    "On a subscription the plan covers some of these calls, so this is not the bill.",
)
_REPLACED: Final = {
    "none": "Names stand as they are; e-mail addresses, keys, paths and ids never leave.",
    "names": "Apps, projects and accounts have stand-ins; the same stand-in is the same thing throughout.",
    "totals": "Nothing in this report names an app, a project or an account.",
}


def section(source: Source) -> Section:
    """Coverage first, then the method."""
    asked, rows = source.asked, source.rows("models")
    found = coverage.coverage(rows, source.period, asked.filters.zone, source.last_at)
    calls = int(rows["calls"].sum())
    compared = (f"Changes compare with {source.period.matched}.",) if source.before("models") is not None else ()
    kept = _kept(source)
    return Section(
        "method",
        "How was this counted?",
        f"{format.plural(calls, 'call')}, {_share(found.unpriced_calls, calls)} of them without a known price.",
        (" ".join((*found.sentences, *compared, *kept)), " ".join((*_MADE, _REPLACED[asked.redaction]))),
        figures=(
            Figure("calls", "Calls", format.count(calls), calls, "count"),
            Figure("unpriced_calls", "Without a price", format.count(found.unpriced_calls), found.unpriced_calls, "count"),
            Figure(
                "estimated_calls", "Unfinished in the log", format.count(found.estimated_calls), found.estimated_calls, "count"
            ),
        ),
        tables=(
            Table(
                "coverage",
                "What the data cover",
                (Column("what", "What"), Column("from", "From", "moment"), Column("to", "To", "moment")),
                (
                    ("This report", asked.filters.start or source.first_at, min(asked.filters.end or asked.now, asked.now)),
                    ("All data", source.first_at, source.last_at),
                ),
            ),
        ),
    )


def _share(unpriced: int, calls: int) -> str:
    return format.percent(unpriced / calls) if unpriced and calls else "none"


def _kept(source: Source) -> tuple[str, ...]:
    """That only a part of the usage is in the report, where it was filtered; how many, and never which."""
    filters = source.asked.filters
    parts = (("model", filters.models), ("app", filters.apps), ("project", filters.projects), ("account", filters.accounts))
    kept = [format.plural(len(values), what) for what, values in parts if values]
    return (f"Only {format.listed(kept)} of the usage are in this report.",) if kept else ()
