"""What the levers say to a person: the sentence, the figures beside it, and the levers as rows of a table."""

from __future__ import annotations

from typing import Final

import pandas as pd

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi
from usage_analytics.answers.savings import Range, Savings

PLAN_MATTERS: Final = 0.05  # of the spend, from which it is said that the plan pays a part
NOTE: Final = (
    "What the same tokens would have cost, not a promise. Levers overlap: together, each conversation counts only the one that saves most "
    "in it. The ends of a range hold the assumptions and the chance in which conversations there were."
)


def answer(found: Savings) -> Headline:
    """What all levers together would save in a month, or why nothing can be said."""
    if found.reason:
        return Headline(f"There is not enough data to say what could be saved: {found.reason}", enough=False)
    if found.together is None:
        return Headline("No lever would save as much as ten cents a month.", "What was looked for is below.")
    saves, spent = found.together, format.dollars(found.spent_per_month)
    lead = f"Working differently would save about {format.dollars(saves.mid)} a month ({said(saves)}) of {spent}, at list prices."
    if not found.plan_share or found.plan_share < PLAN_MATTERS:
        return Headline(lead)
    paid = format.percent(found.plan_share)
    return Headline(lead, f"The plan paid for {paid} of the spend: there, a lever saves limits and not dollars.")


def kpis(found: Savings) -> tuple[Kpi, ...]:
    """All together, its part of the spend, and the largest lever."""
    if found.together is None or not found.spent_per_month:
        return ()
    saves, largest = found.together, next(lever for lever in found.levers if lever.saves)
    assert largest.saves is not None
    return (
        Kpi("Saved in a month", format.dollars(saves.mid), help=f"All levers together: {said(saves)}."),
        Kpi("Of the spend", format.percent(saves.mid / found.spent_per_month)),
        Kpi("Largest lever", format.dollars(largest.saves.mid), help=f"{largest.title}: {said(largest.saves)} a month."),
        Kpi(
            "Paid by the plan",
            format.percent(found.plan_share),
            help="Where the plan pays, a lever saves limits and not dollars.",
        ),
    )


def pulled(found: Savings) -> tuple[tuple[str, Range], ...]:
    """The levers that save something, by title, the largest first."""
    return tuple((one.title, one.saves) for one in found.levers if one.saves)


def said(saves: Range) -> str:
    """A range in words."""
    return f"{format.dollars(saves.low)} to {format.dollars(saves.high)}"


def as_rows(found: Savings) -> pd.DataFrame:
    """Every lever as a row of a table; what saves nothing has no numbers."""
    rows = [
        (one.title, *((one.saves.low, one.saves.mid, one.saves.high) if one.saves else (None, None, None)), one.evidence)
        for one in found.levers
    ]
    table = pd.DataFrame(rows, columns=["title", "low_nanos", "mid_nanos", "high_nanos", "evidence"])
    return table.astype({"low_nanos": "float64", "mid_nanos": "float64", "high_nanos": "float64"})
