"""The section about what would be saved."""

from __future__ import annotations

from typing import Final

from usage_analytics.answers import savings
from usage_analytics.question import Question
from usage_analytics.reports.cells import figures
from usage_analytics.reports.report import Column, Section, Table

_COLUMNS: Final = (
    Column("lever", "Saving"),
    Column("evidence", "Seen in the data", "prose"),
    Column("low_usd_per_month", "Low", "dollars"),
    Column("mid_usd_per_month", "Middle", "dollars"),
    Column("high_usd_per_month", "High", "dollars"),
)


def section(question: Question) -> Section:
    """The savings as a table, with how to get each."""
    found, title = savings.answer(question), "What would I save if I worked differently?"
    said, sentences = found.headline, tuple(filter(None, (found.headline.detail,)))
    others = tuple((saving.title, saving.evidence) for saving in found.savings if not saving.saves)
    columns = (Column("lever", "Saving"), Column("evidence", "Why", "prose"))
    not_you = (Table("not_you", "Looked for and not found", columns, others),) if others else ()
    if not found.worth or found.together is None:
        return Section("savings", title, said.lead, sentences, tables=not_you, enough=said.enough)
    rows = tuple((saving.title, saving.evidence, saves.low, saves.mid, saves.high) for saving, saves in found.worth)
    total = ("All together", "replayed at once", found.together.low, found.together.mid, found.together.high)
    return Section(
        "savings",
        title,
        said.lead,
        sentences,
        figures(found.figures, {}, question),
        tables=(Table("levers", "Savings per month", _COLUMNS, rows, total, savings.NOTE), *not_you),
        steps=tuple(f"{saving.title}. {saving.how}" for saving, _ in found.worth),
        note=" ".join(saving.caveat for saving, _ in found.worth),
    )
