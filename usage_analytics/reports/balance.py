"""The section about the balance: what is left, and until when."""

from __future__ import annotations

from typing import Final

from usage_analytics.answers import balance
from usage_analytics.question import Question
from usage_analytics.reports.cells import figures
from usage_analytics.reports.report import Cell, Kind, Section

_NOTE: Final = "We subtract the logged spend from your last balance reading. Other machines, the web and taxes aren't in the log."


def section(question: Question) -> Section | None:
    """What is left and until when; None where the report is about a part of the usage, because a balance is not."""
    if question.is_narrowed:
        return None
    found = balance.answer(question)
    gone = next((one.middle for one in found.runways if one.gauge == "balance"), None)
    exact: dict[str, tuple[Cell, Kind]] = {} if found.book.currency != "USD" else {"Balance": (found.left_nanos, "dollars")}
    return Section(
        "balance",
        "Balance and runway",
        found.headline.lead,
        (
            *filter(None, (found.headline.detail,)),
            *(one.headline.lead for one in found.each[1:]),
            *found.lines,
            *(note for note in found.book.notes if note != found.headline.lead),
        ),
        figures(found.figures, {**exact, "Runs out": (gone, "moment")}, question),
        note=_NOTE,
        enough=found.headline.enough,
    )
