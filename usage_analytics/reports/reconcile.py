"""The section about what was billed beside what was computed."""

from __future__ import annotations

from typing import Final

from usage_analytics.answers import reconcile
from usage_analytics.question import Question
from usage_analytics.reports.cells import figures, table
from usage_analytics.reports.report import Column, Section

_COLUMNS: Final = {
    "model": Column("model", "Model"),
    "day": Column("day", "Day (UTC)"),
    "billed_nanos": Column("billed_usd", "Billed", "dollars"),
    "computed_nanos": Column("computed_usd", "Computed", "dollars"),
    "difference_nanos": Column("difference_usd", "Difference", "dollars"),
    "why": Column("why", "Likely cause", "prose"),
}
_RANGES: Final = {
    "label": Column("source", "Source"),
    "starts_at": Column("from", "From", "moment"),
    "ends_at": Column("to", "To (exclusive)", "moment"),
    "stated_nanos": Column("stated_usd", "Reported", "dollars"),
    "counted_nanos": Column("counted_usd", "Counted here", "dollars"),
}


def section(question: Question) -> Section | None:
    """The comparison, the days that differ most first; None where no report of a bill was imported."""
    found = reconcile.answer(question)
    if not found.headline.enough and found.ranges.empty:
        return None
    ordered = found.rows.sort_values("difference_nanos", key=lambda nanos: -nanos.astype("float64").abs(), kind="stable")
    ordered = ordered.assign(day=ordered["day"].map(str))
    tables = (
        table("days", "Billed and computed by day and model", ordered, _COLUMNS),
        table("ranges", "Date-range totals", found.ranges, _RANGES),
    )
    return Section(
        "reconcile",
        "Billed vs. computed cost",
        found.headline.lead,
        tuple(filter(None, (found.headline.detail, found.trust))),
        figures(
            found.figures, {"Billed": (found.billed_nanos, "dollars"), "Computed": (found.computed_nanos, "dollars")}, question
        ),
        tables=tuple(one for one in tables if one.rows),
        enough=found.headline.enough,
    )
