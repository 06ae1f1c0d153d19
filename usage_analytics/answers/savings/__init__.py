"""What would be saved by working differently: each lever a range, its evidence and its caveat, and what all of them come to together.

Judged by the chosen date range, and by eight weeks at least, up to the last complete day in the person's zone: so the answer is the same
at every minute of a day until new data come, and the same on every surface that asks about the same dates.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import pandas as pd

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi, background
from usage_analytics.answers.savings.levers import Judged, Lever, Range, judge, queries
from usage_analytics.periods import Period
from usage_analytics.question import Question

__all__ = ["NOTE", "WEEKS", "Lever", "Range", "Savings", "answer"]

WEEKS: Final = timedelta(weeks=8)  # what is judged by at least: what is saved next month is what is done now
PLAN_MATTERS: Final = 0.05  # of the spend, from which it is said that the plan pays a part
NOTE: Final = (
    "What the same tokens would have cost, not a promise. Levers overlap: together, each conversation counts only the one that saves most "
    "in it. The ends of a range hold the assumptions and the chance in which conversations there were."
)


@dataclass(frozen=True, slots=True)
class Savings:
    """The answer. Nano-dollars a month; `reason` says why nothing is claimed. `start` and `end` bound the calls that it is judged by.

    `plan_share` is the part of the spend that the plan paid: there a lever saves limits and not dollars. `rows` has a row per lever.
    """

    headline: Headline
    figures: tuple[Kpi, ...]
    levers: tuple[Lever, ...]
    together: Range | None
    spent_per_month: int | None
    plan_share: float | None
    reason: str
    start: datetime
    end: datetime
    judged_by: str
    rows: pd.DataFrame = field(compare=False)

    @property
    def pulled(self) -> tuple[tuple[Lever, Range], ...]:
        """The levers that save something, the largest first."""
        return tuple((one, one.saves) for one in self.levers if one.saves)


def answer(question: Question) -> Savings:
    """What would have been saved in a month by each lever, and by all together."""
    settled = question.settled
    first, last = question.first_at or settled, min(question.filters.end or settled, settled)
    start = max(min(question.filters.start or first, last - WEEKS), min(first, last))
    days = format.days(*(format.local(at, question.filters.zone).date() for at in (start, last - timedelta(microseconds=1))))
    filters = replace(question.filters, start=start, end=last)
    question = replace(question, as_of=settled, until=last, period=Period(days, start, last), filters=filters, before=None)

    def judged() -> Savings:
        # A flag belongs to an app and holds calls of any model: its spend is no part of one model's
        drains = None if filters.models else list(background.answer(replace(question, names=None)).flags)
        found = judge(question.load(queries(question.decisions.own_pools)), last - start, drains=drains)
        judged_by = f"Judged by {question.period.name}: eight weeks or more, to the last complete day."
        return Savings(
            headline(found, judged_by),
            figures(found),
            found.levers,
            found.together,
            found.spent_per_month,
            found.plan_share,
            found.reason,
            start,
            last,
            judged_by,
            rows(found.levers),
        )

    return question.kept("savings", judged)


def headline(found: Judged, judged_by: str) -> Headline:
    """What all levers together would save in a month, or why nothing can be said."""
    if found.reason:
        return Headline(f"There is not enough data to say what could be saved: {found.reason}", enough=False)
    if found.together is None:
        return Headline("No lever would save as much as ten cents a month.", f"What was looked for is below. {judged_by}")
    saves, spent = found.together, format.dollars(found.spent_per_month)
    lead = f"Working differently would save about {format.dollars(saves.mid)} a month ({saves.words}) of {spent}, at list prices."
    if not found.plan_share or found.plan_share < PLAN_MATTERS:
        return Headline(lead, judged_by)
    paid = format.percent(found.plan_share)
    return Headline(lead, f"{judged_by} The plan paid for {paid} of the spend: there, a lever saves limits and not dollars.")


def figures(found: Judged) -> tuple[Kpi, ...]:
    """All together, its part of the spend, and the largest lever."""
    if found.together is None or not found.spent_per_month:
        return ()
    saves, largest = found.together, next(lever for lever in found.levers if lever.saves)
    assert largest.saves is not None
    return (
        Kpi("Saved in a month", format.dollars(saves.mid), help=f"All levers together: {saves.words}."),
        Kpi("Of the spend", format.percent(saves.mid / found.spent_per_month)),
        Kpi("Largest lever", format.dollars(largest.saves.mid), help=f"{largest.title}: {largest.saves.words} a month."),
        Kpi(
            "Paid by the plan",
            format.percent(found.plan_share),
            help="Where the plan pays, a lever saves limits and not dollars.",
        ),
    )


def rows(levers: tuple[Lever, ...]) -> pd.DataFrame:
    """Every lever as a row of a table; what saves nothing has no numbers."""
    cells = [
        (one.title, *((one.saves.low, one.saves.mid, one.saves.high) if one.saves else (None, None, None)), one.evidence)
        for one in levers
    ]
    table = pd.DataFrame(cells, columns=["title", "low_nanos", "mid_nanos", "high_nanos", "evidence"])
    return table.astype({"low_nanos": "float64", "mid_nanos": "float64", "high_nanos": "float64"})
