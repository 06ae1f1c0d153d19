"""The section about the balance: what is left, until when, and how long it lasts at each way of working."""

from __future__ import annotations

from typing import Final

from usage_analytics import format
from usage_analytics.answers import balance, overview
from usage_analytics.answers import burn as burning
from usage_analytics.question import Question
from usage_analytics.reports.cells import figures
from usage_analytics.reports.report import Cell, Column, Kind, Section, Table

_EXAMPLE: Final = 10 * 10**9  # nano-dollars: what the article asks about, until a balance is known
_NOTE: Final = (
    "We subtract the logged spend from your last balance reading. Other machines, the web and taxes aren't in the log. "
    "The guide's figures come from Claude's guide to usage credits."
)


def section(question: Question) -> Section | None:
    """What is left and until when; None where the report is about a part of the usage, because a balance is not."""
    if question.is_narrowed:
        return None
    found = balance.answer(question)
    gone = next((one.middle for one in found.runways if one.gauge == "balance"), None)
    exact: dict[str, tuple[Cell, Kind]] = {} if found.book.currency != "USD" else {"Balance": (found.left_nanos, "dollars")}
    # How long a balance lasts in the four ways of working: the person's own rate beside the article's
    left = found.left_usd_nanos if found.left_usd_nanos and found.left_usd_nanos > 0 else _EXAMPLE
    columns = (
        Column("pattern", "Way of working"),
        Column("meaning", "Which conversations"),
        Column("usd_per_hour", "An hour", "dollars"),
        Column("article", "Claude's guide"),
        Column("lasts_seconds", f"{format.dollars(left)} lasts", "span"),
    )
    rows = tuple(
        (
            one.name,
            one.meaning,
            None if one.per_hour is None else round(one.per_hour),
            f"${one.article[0]:.2f} to ${one.article[1]:.2f}",
            burning.lasts(left, one.per_hour or sum(one.article) / 2 * 1e9),
        )
        for one in overview.answer(question).burn.patterns
    )
    return Section(
        "balance",
        "Balance and runway",
        found.headline.lead,
        (
            *filter(None, (found.headline.detail,)),
            *(one.headline.lead for one in found.each[1:]),
            *found.lines,
            *found.book.notes,
        ),
        figures(found.figures, {**exact, "Runs out": (gone, "moment")}, question),
        tables=(Table("burn", "What an hour costs", columns, rows),),
        note=_NOTE,
        enough=found.headline.enough,
    )
