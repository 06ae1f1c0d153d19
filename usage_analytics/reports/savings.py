"""The section about what would be saved."""

from __future__ import annotations

from typing import Final

from usage_analytics.answers import savings
from usage_analytics.question import Question
from usage_analytics.reports.cells import figures
from usage_analytics.reports.report import Column, Section, Table

_COLUMNS: Final = (
    Column("lever", "Lever"),
    Column("evidence", "Seen in the data", "prose"),
    Column("low_usd_per_month", "Low", "dollars"),
    Column("mid_usd_per_month", "Middle", "dollars"),
    Column("high_usd_per_month", "High", "dollars"),
)


def section(question: Question) -> Section:
    """The levers as a table, with how to pull each."""
    found, title = savings.answer(question), "What would be saved?"
    said, sentences = found.headline, tuple(filter(None, (found.headline.detail,)))
    others = tuple((lever.title, lever.evidence) for lever in found.levers if not lever.saves)
    columns = (Column("lever", "Lever"), Column("evidence", "Why", "prose"))
    not_you = (Table("not_you", "Looked for, and not found", columns, others),) if others else ()
    if not found.pulled or found.together is None:
        return Section("savings", title, said.lead, sentences, tables=not_you, enough=said.enough)
    rows = tuple((lever.title, lever.evidence, saves.low, saves.mid, saves.high) for lever, saves in found.pulled)
    total = ("All together", "each conversation once", found.together.low, found.together.mid, found.together.high)
    return Section(
        "savings",
        title,
        said.lead,
        sentences,
        figures(found.figures, {}, question),
        tables=(Table("levers", "Saved in a month", _COLUMNS, rows, total, savings.NOTE), *not_you),
        steps=tuple(f"{lever.title}. {lever.how}" for lever, _ in found.pulled),
        note=" ".join(lever.caveat for lever, _ in found.pulled),
    )
