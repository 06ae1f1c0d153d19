"""The section about what would be saved, and the way to its judgement for the command line and for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from usage_analytics import format
from usage_analytics.analysis import savings
from usage_analytics.analysis.savings import Drain, Range, Savings
from usage_analytics.filters import Filters
from usage_analytics.reports import background
from usage_analytics.reports.asked import Read, Source
from usage_analytics.reports.report import Column, Section, Table

PLAN_MATTERS = 0.05  # of the spend, from which it is said that the plan pays a part


def look_back(read: Read, within: Filters, now: datetime) -> Filters:
    """The span to judge: what was asked for, else the last eight weeks of the data; never longer than there are data."""
    extent = read("extent", Filters()).iloc[0]
    if not extent["rows"]:
        return replace(within, start=within.start or now, end=within.end or now)
    last = min(within.end or now, extent["last_at"].to_pydatetime())
    first = extent["first_at"].to_pydatetime()
    return replace(within, start=max(within.start or last - savings.SPAN, first), end=within.end or last)


def saved(read: Read, span: Filters, now: datetime, drains: Sequence[Drain] = ()) -> Savings:
    """What would have been saved in the span."""
    assert span.start is not None
    assert span.end is not None
    rows = {query: read(query, span, **parameters) for query, parameters in savings.queries().items()}
    return savings.judge(rows, min(span.end, now) - span.start, drains=drains)


def section(source: Source) -> Section:
    """The levers as a table, with how to pull each."""
    span = _recent(look_back(source.rows, source.asked.filters, source.asked.now))
    found = saved(source.rows, span, source.asked.now, background.found(source).flags)
    title = "What would be saved?"
    if found.reason:
        return Section("savings", title, f"Not enough data to say: {found.reason}", enough=False)
    pulled = [(lever, lever.saves) for lever in found.levers if lever.saves]
    if not pulled or found.together is None:
        return Section("savings", title, "No lever would save as much as ten cents a month.", tables=_not_you(found))
    columns = (
        Column("lever", "Lever"),
        Column("evidence", "Seen in the data", "prose"),
        Column("low_usd_per_month", "Low", "dollars"),
        Column("mid_usd_per_month", "Middle", "dollars"),
        Column("high_usd_per_month", "High", "dollars"),
    )
    rows = tuple((lever.title, lever.evidence, saves.low, saves.mid, saves.high) for lever, saves in pulled)
    total = ("All together", "each conversation once", found.together.low, found.together.mid, found.together.high)
    return Section(
        "savings",
        title,
        _lead(found, found.together),
        (*_judged(span, source), *_plan(found)),
        tables=(Table("levers", "Saved in a month", columns, rows, total, _NOTE), *_not_you(found)),
        steps=tuple(f"{lever.title}. {lever.how}" for lever, _ in pulled),
        note=" ".join(lever.caveat for lever, _ in pulled),
    )


_NOTE = (
    "What the same tokens would have cost, not a promise. Levers overlap: together, each conversation counts only the one that saves most "
    "in it."
)


def _lead(found: Savings, saves: Range) -> str:
    between = f"{format.dollars(saves.low)} to {format.dollars(saves.high)}"
    spent = format.dollars(found.spent_per_month)
    return f"Working differently would save about {format.dollars(saves.mid)} a month ({between}) of {spent}, at list prices."


def _recent(span: Filters) -> Filters:
    """The last weeks of a long span: what is saved next month is what is done now."""
    assert span.start is not None
    assert span.end is not None
    return replace(span, start=max(span.start, span.end - savings.SPAN))


def _judged(span: Filters, source: Source) -> tuple[str, ...]:
    """From which weeks it is judged, where those are not the report's own."""
    if span.start is None or span.end is None or span.start == source.asked.filters.start:
        return ()
    first, last = (format.local(moment, source.asked.filters.zone).date() for moment in (span.start, span.end))
    return (f"Judged by {format.days(first, last)}.",)


def _plan(found: Savings) -> tuple[str, ...]:
    if not found.plan_share or found.plan_share < PLAN_MATTERS:
        return ()
    return (f"The plan paid for {format.percent(found.plan_share)} of the spend: there, a lever saves limits and not dollars.",)


def _not_you(found: Savings) -> tuple[Table, ...]:
    rows = tuple((lever.title, lever.evidence) for lever in found.levers if not lever.saves)
    columns = (Column("lever", "Lever"), Column("evidence", "Why", "prose"))
    return (Table("not_you", "Looked for, and not found", columns, rows),) if rows else ()
