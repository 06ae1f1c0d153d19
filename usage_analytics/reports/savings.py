"""The section about what would be saved, and the way to its judgement for the command line and for the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from usage_analytics import format
from usage_analytics.answers import savings
from usage_analytics.answers.savings import Savings
from usage_analytics.answers.savings import wording as answers
from usage_analytics.filters import Filters
from usage_analytics.reports import background
from usage_analytics.reports.asked import Source
from usage_analytics.reports.report import Column, Section, Table

_COLUMNS: Final = (
    Column("lever", "Lever"),
    Column("evidence", "Seen in the data", "prose"),
    Column("low_usd_per_month", "Low", "dollars"),
    Column("mid_usd_per_month", "Middle", "dollars"),
    Column("high_usd_per_month", "High", "dollars"),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What would be saved, and the weeks that it is judged by."""

    found: Savings
    span: Filters

    def weeks(self, zone: str) -> str:
        """The weeks in words."""
        assert self.span.start is not None
        assert self.span.end is not None
        first, last = format.local(self.span.start, zone), format.local(self.span.end - timedelta(microseconds=1), zone)
        return format.days(first.date(), last.date())


def judged(source: Source, *, most: timedelta | None = savings.SPAN) -> Judged:
    """What would have been saved in the span, or in its last weeks where it is longer: what is saved next month is what is done now."""
    asked = source.asked
    last = min(asked.filters.end or source.last_at, asked.now)
    start = max(asked.filters.start or last - savings.SPAN, source.first_at)
    if most is not None:
        start = max(start, last - most)
    span = replace(asked.filters, start=start, end=last)
    rows = {query: source.rows(query, span, **parameters) for query, parameters in savings.queries().items()}
    drains = [flag for flag in background.found(source).flags if flag.last_seen_at >= start]
    return Judged(savings.judge(rows, last - start, drains=drains), span)


def section(source: Source) -> Section:
    """The levers as a table, with how to pull each."""
    made, title = judged(source), "What would be saved?"
    found, said = made.found, answers.answer(made.found)
    pulled = [(lever, lever.saves) for lever in found.levers if lever.saves]
    if not pulled or found.together is None:
        return Section("savings", title, said.lead, tables=_not_you(found), enough=said.enough)
    rows = tuple((lever.title, lever.evidence, saves.low, saves.mid, saves.high) for lever, saves in pulled)
    total = ("All together", "each conversation once", found.together.low, found.together.mid, found.together.high)
    own = made.span.start == source.asked.filters.start
    weeks = () if own else (f"Judged by {made.weeks(source.asked.filters.zone)}.",)
    return Section(
        "savings",
        title,
        said.lead,
        (*weeks, *filter(None, (said.detail,))),
        tables=(Table("levers", "Saved in a month", _COLUMNS, rows, total, answers.NOTE), *_not_you(found)),
        steps=tuple(f"{lever.title}. {lever.how}" for lever, _ in pulled),
        note=" ".join(lever.caveat for lever, _ in pulled),
    )


def _not_you(found: Savings) -> tuple[Table, ...]:
    rows = tuple((lever.title, lever.evidence) for lever in found.levers if not lever.saves)
    columns = (Column("lever", "Lever"), Column("evidence", "Why", "prose"))
    return (Table("not_you", "Looked for, and not found", columns, rows),) if rows else ()
