"""What you would save by working differently: each saving a range, its evidence and its caveat, and what all of them come to together.

Judged by the chosen date range, and by eight weeks at least, up to the last complete day in the person's zone: so the answer is the same
at every minute of a day until new data come, and the same on every surface that asks about the same dates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi, background
from usage_analytics.answers.burn import LONG_FROM, SHORT_TO, burn
from usage_analytics.answers.savings import burning, plans, tables, taken
from usage_analytics.answers.savings import economics as bought
from usage_analytics.answers.savings.allowances import seen
from usage_analytics.answers.savings.apps import AppCost, costs
from usage_analytics.answers.savings.apps import table as app_table
from usage_analytics.answers.savings.burning import EXAMPLE, BurnRate
from usage_analytics.answers.savings.economics import Economics
from usage_analytics.answers.savings.judged import Judged, Saving, judge
from usage_analytics.answers.savings.loading import load, with_lighter
from usage_analytics.answers.savings.plans import Month, PlanCost, Plans
from usage_analytics.answers.savings.ranges import Range, sway_of
from usage_analytics.answers.savings.scope import WEEKS, asked, history, span_of
from usage_analytics.answers.savings.spot_check import Spot, spot_check
from usage_analytics.answers.savings.taken import BEFORE, FOLLOWED, Outcome, followed
from usage_analytics.answers.savings.what_if import Choice, WhatIf
from usage_analytics.answers.savings.what_if import what_if as changed
from usage_analytics.answers.savings.words import WORDS
from usage_analytics.question import Question

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "BURN_NOTE",
    "ECONOMICS_NOTE",
    "FOLLOWED",
    "NOTE",
    "PLANS_NOTE",
    "TAKEN_NOTE",
    "WEEKS",
    "WORDS",
    "AppCost",
    "BurnRate",
    "Choice",
    "Economics",
    "Month",
    "Outcome",
    "PlanCost",
    "Plans",
    "Range",
    "Saving",
    "Savings",
    "Spot",
    "WhatIf",
    "answer",
    "app_table",
    "behind",
    "burn_rate",
    "connected_apps",
    "conversations",
    "economics",
    "outcomes",
    "own_economics",
    "sessions",
    "spots",
    "to_check",
    "what_if",
]

BURN_NOTE: Final = burning.NOTE
PLANS_NOTE: Final = plans.NOTE
TAKEN_NOTE: Final = taken.NOTE
ECONOMICS_NOTE: Final = bought.NOTE
PLAN_MATTERS: Final = 0.05  # of the spend, from which it is said that the plan pays a part
NOTE: Final = (
    "This is what the same tokens would have cost, not a promise. Savings overlap, so for the total we replay every call with "
    "all of them at once. "
    "A range covers our assumptions and chance: which conversations you happened to have (10th to 90th percentile)."
)


@dataclass(frozen=True, slots=True)
class Savings:
    """The answer. Nano-dollars a month; `reason` says why nothing is claimed. `start` and `end` bound the calls that it is judged by.

    `plan_share` is the part of the spend that the plan paid: there a saving is one of allowance, not dollars. `rows` has a row per saving.
    `plans` are compared where all usage is asked about, not that of some models, apps or projects.
    """

    headline: Headline
    figures: tuple[Kpi, ...]
    savings: tuple[Saving, ...]
    together: Range | None
    spent_per_month: int | None
    plan_share: float | None
    reason: str
    plans: Plans | None
    start: datetime
    end: datetime
    judged_by: str

    @property
    def worth(self) -> tuple[tuple[Saving, Range], ...]:
        """The savings that are worth the trouble, the largest first."""
        return tuple((one, one.saves) for one in self.savings if one.saves)

    @property
    def rows(self) -> pd.DataFrame:
        """Every saving as a row of a table; what saves nothing has no numbers."""
        import pandas as pd  # here: the command line answers without it

        cells = [
            (one.title, *((one.saves.low, one.saves.mid, one.saves.high) if one.saves else (None, None, None)), one.evidence)
            for one in self.savings
        ]
        table = pd.DataFrame(cells, columns=["title", "low_nanos", "mid_nanos", "high_nanos", "evidence"])
        return table.astype({"low_nanos": "float64", "mid_nanos": "float64", "high_nanos": "float64"})

    @property
    def bars(self) -> tuple[tuple[str, Range], ...]:
        """The savings that are worth the trouble by their titles, and all of them together last."""
        each = tuple((one.title, saves) for one, saves in self.worth)
        return (*each, ("All together", self.together)) if self.together and len(each) > 1 else each


def answer(question: Question) -> Savings:
    """Return what each saving, and all of them together, would have come to per month; `reason` says if there is too little data."""
    question = asked(question)

    def judged() -> Savings:
        start, last = question.filters.start, question.filters.end
        assert start is not None
        assert last is not None
        # A flag belongs to an app and holds calls of any model: its spend is no part of one model's
        drains = None if question.filters.models else list(background.flags(replace(question, names=None)))
        spent = float(np.ma.sum(question.columns("savings_apps")["cost_nanos"]) or 0)
        loaded = load(question)
        found = judge(loaded, last - start, drains=drains, spent=spent)
        compared = None
        if not found.reason and not any((question.filters.models, question.filters.apps, question.filters.projects)):
            windows = seen(question.columns("balances"), question.columns("limits"))
            compared = plans.judge(loaded, last - start, question.decisions.plan, windows, history(question))
        judged_by = f"Based on {question.period.name}. We extend a shorter date range to eight weeks, if there's that much data."
        return Savings(
            headline(found, judged_by),
            figures(found),
            found.savings,
            found.together,
            found.spent_per_month,
            found.plan_share,
            found.reason,
            compared,
            start,
            last,
            judged_by,
        )

    return question.kept("savings", judged)


def what_if(question: Question, choice: Choice, found: Savings) -> WhatIf | None:
    """Return a month with the choice applied beside `found`, the answer to the question; None if there is too little data."""
    question = asked(question)
    span = span_of(question)

    def replayed() -> WhatIf | None:
        loaded = with_lighter(load(question), choice.lighter) if choice.lighter else load(question)
        if found.spent_per_month is None:
            return None
        drains = background.flags(replace(question, names=None)) if "stop_drains" in choice.names else ()
        sway = question.kept("savings sway", lambda: sway_of(loaded.calls.seconds, own := loaded.calls.bill, loaded.by_unit(own)))
        return changed(loaded, span, drains, choice, before=found.spent_per_month, sway=sway)

    return question.kept(f"savings {choice!r}", replayed)


def connected_apps(question: Question) -> tuple[AppCost, ...]:
    """Return what each app costs per month as it runs now, and would cost otherwise, highest cost first."""
    question = asked(question)
    return question.kept("savings apps", lambda: costs(load(question), span_of(question)))


def to_check(question: Question) -> tuple[Spot, ...]:
    """Return a sample of the simple calls, to check before a lighter model does such work."""
    question = asked(question)
    return question.kept("savings to check", lambda: spot_check(load(question)))


def behind(question: Question, found: Savings) -> pd.DataFrame:
    """Return the conversations behind each saving as a table; see `tables.behind`."""
    return tables.behind(question, found.savings)


def spots(question: Question) -> pd.DataFrame:
    """Return the calls of `to_check` as a table; see `tables.spots`."""
    return tables.spots(asked(question), to_check(question))


def sessions(question: Question) -> pd.DataFrame:
    """Return the most expensive conversations with the way of working of each; see `burn.conversations`."""
    return tables.sessions(question)


def economics(question: Question) -> Economics:
    """Return what the money of conversations bought, in the weeks that savings are based on."""
    return own_economics(asked(question))


def own_economics(question: Question) -> Economics:
    """Return the same for the question's own dates."""
    return question.kept("savings economics", lambda: bought.economics(load(question)))


def conversations(question: Question, found: Economics) -> pd.DataFrame:
    """Return the most expensive conversations of `economics` or `own_economics` as a table; see `tables.economics`."""
    return tables.economics(question, found)


def burn_rate(question: Question) -> BurnRate:
    """Return what an active hour costs in four ways of working, in the weeks that savings are based on, and how long the balance lasts."""
    from usage_analytics.answers import balance  # here: it brings pandas, and most of what is asked of savings does without

    left = None if question.is_narrowed else balance.answer(question).left_usd_nanos  # a balance is not that of an app or a model
    found = burn(asked(question).columns("burn", short_to=SHORT_TO, long_from=LONG_FROM))
    return BurnRate(found, left if left and left > 0 else EXAMPLE, is_known=bool(left and left > 0))


def outcomes(question: Question) -> tuple[Outcome, ...]:
    """Return what came of each change that the person made, oldest first."""
    question = asked(question)

    def judged() -> tuple[Outcome, ...]:
        found = []
        for one in question.decisions.taken:
            since, end = datetime.combine(one.since, datetime.min.time()), question.filters.end
            if one.saving not in FOLLOWED or end is None:
                continue
            began = max(question.first_at or since, since - BEFORE)
            spans = ((began, max(since, began)), (min(since, end), end))
            before, after = (load(replace(question, filters=replace(question.filters, start=a, end=b))) for a, b in spans)
            found.append(followed(one.saving, one.since, before, after, began=began, end=end))
        return tuple(found)

    return question.kept("savings taken", judged)


def headline(found: Judged, judged_by: str) -> Headline:
    """What all savings together would come to in a month, or why nothing can be said."""
    if found.reason:
        return Headline(f"Not enough data to say what you could save. {found.reason}", enough=False)
    if found.together is None:
        return Headline("Nothing would save more than 10 cents a month.", f"What we looked for is below. {judged_by}")
    saves, spent = found.together, format.dollars(found.spent_per_month)
    lead = f"Working differently would save about {format.dollars(saves.mid)} a month ({saves.words}), out of {spent} at list prices."
    if not found.plan_share or found.plan_share < PLAN_MATTERS:
        return Headline(lead, judged_by)
    paid = format.percent(found.plan_share)
    return Headline(
        lead, f"{judged_by} The plan paid for {paid} of that spend. While the plan pays, this saves allowance, not dollars."
    )


def figures(found: Judged) -> tuple[Kpi, ...]:
    """All together, its part of the spend, and the largest saving."""
    if found.together is None or not found.spent_per_month:
        return ()
    saves, largest = found.together, next(one for one in found.savings if one.saves)
    assert largest.saves is not None
    return (
        Kpi("Per month", format.dollars(saves.mid), help=f"All savings together: {saves.words}."),
        Kpi("Of the spend", format.percent(saves.mid / found.spent_per_month)),
        Kpi("Largest saving", format.dollars(largest.saves.mid), help=f"{largest.title}: {largest.saves.words} a month."),
        Kpi("Paid by the plan", format.percent(found.plan_share), help="While the plan pays, this saves allowance, not dollars."),
    )
