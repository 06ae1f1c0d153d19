"""Which plan fits: what the person's own usage would have cost per month on each plan, with credits for what exceeds it.

A plan costs its fee, and list prices for what exceeds its windows: of five hours and of a week. Beyond them the cache lives five minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics import format
from usage_analytics.answers import Headline
from usage_analytics.answers.savings.allowances import WEEK, Seen, Used, allowance, moves
from usage_analytics.answers.savings.break_even import break_even, cheapest_from
from usage_analytics.answers.savings.calls import Floats
from usage_analytics.answers.savings.judged import MONTH
from usage_analytics.answers.savings.lifetimes import five_minutes
from usage_analytics.answers.savings.loading import Loaded
from usage_analytics.answers.savings.ranges import MID, Range, bounds, drawn, monthly
from usage_analytics.answers.savings.windows import FEES, REPORTED, SESSIONS, History, Holds, Hours, as_reported, held_by

if TYPE_CHECKING:
    import pandas as pd

NAMES: Final = {"pro": "Pro", "max5": "Max 5x", "max20": "Max 20x", "team": "Team", "api": "API"}
MONTHS_SAID: Final = 6
_UNKNOWABLE: Final = (
    "low_nanos",
    "mid_nanos",
    "high_nanos",
    "break_even_nanos",
    "cheapest_from_nanos",
    "cheapest_months",
    "cheapest_weeks",
)
UNKNOWN: Final = (
    "We don't know yet how much your plan allowance holds. "
    "To find out, choose your plan in Settings and import a reading of how much of it you've used."
)
NOTE: Final = (
    "Allowances aren't published. We estimate yours from how full it was and what you had used by then at list prices, and scale it "
    "to the other plans. A Max session holds 5 or 20 times a Pro session; for a week, no multiple is published, so we give a range. "
    "Assumes that all of this usage is one person's and could run on the plan. "
    "Where we don't know an allowance, break-even assumes that all usage fits it. "
    "Off the plan, the cache lives five minutes instead of an hour, so the same work costs more there: break-even can be below the fee."
)


@dataclass(frozen=True, slots=True)
class PlanCost:
    """What a plan would have cost a month, with credits; None where its allowance isn't known.

    `week` is its weekly allowance at list prices, in nano-dollars; `cheapest_weeks` and `cheapest_months` how many whole ones it would have
    been cheapest in. `break_even` is the use a month (nano-dollars at list prices) from which it costs less than paying by the call, and
    `cheapest_from` that from which it is the cheapest; None where it never is, or where its allowance isn't known.
    """

    plan: str
    name: str
    fee: int
    costs: Range | None
    week: Range | None
    cheapest_weeks: int | None
    cheapest_months: int | None
    break_even: int | None
    cheapest_from: int | None


@dataclass(frozen=True, slots=True)
class Month:
    """A whole month: what was used in it at list prices, the plan that would have cost least (None: not known), and what that costs."""

    name: str
    used: int
    cheapest: str | None
    costs: int | None


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans, cheapest first. `cheapest` is None where nothing can be said, `sure` where no other may be cheaper."""

    headline: Headline
    plans: tuple[PlanCost, ...]
    now: str
    cheapest: str | None
    sure: bool
    evidence: str
    weeks: int
    months: tuple[Month, ...]

    @property
    def by_month(self) -> str:
        """The cheapest plan of each of the last whole months, in a sentence; nothing where none is known."""
        known = [f"{NAMES[one.cheapest]} in {one.name}" for one in self.months[-MONTHS_SAID:] if one.cheapest]
        return f"Cheapest by month: {', '.join(known)}." if known else ""

    @property
    def note(self) -> str:
        """All that is said of the plans, for below their table."""
        return " ".join(filter(None, (self.headline.lead, self.headline.detail, self.basis)))

    @property
    def basis(self) -> str:
        """What the comparison rests on, and the cheapest plan by month."""
        return " ".join(filter(None, (self.by_month, self.evidence, NOTE)))

    @property
    def rows(self) -> pd.DataFrame:
        """A row a plan."""
        import pandas as pd  # here: the command line answers without it

        return pd.DataFrame(
            {
                "name": one.name,
                "fee_nanos": float(one.fee),
                "low_nanos": one.costs.low if one.costs else None,
                "mid_nanos": one.costs.mid if one.costs else None,
                "high_nanos": one.costs.high if one.costs else None,
                "break_even_nanos": one.break_even,
                "cheapest_from_nanos": one.cheapest_from,
                "cheapest_months": one.cheapest_months,
                "cheapest_weeks": one.cheapest_weeks,
            }
            for one in self.plans
        ).astype(dict.fromkeys(_UNKNOWABLE, "float64"))


def judge(loaded: Loaded, span: timedelta, now: str, seen: Sequence[Seen], history: History | None = None) -> Plans:
    """Judge the plans by the calls of a span; `now` is the plan whose windows were `seen`, `history` what months are judged by.

    Where nothing is known of allowances, only the API's cost is, and that of the plan in use: its fee, and what credits paid. If that
    names no plan, and the plan in use was never full, allowances are what users reported, and nothing is sure.
    """
    hours = Hours(loaded.calls.seconds, loaded.calls.bill, seen)
    holds = _holds(loaded, hours, now, seen)
    month, by_month = MONTH / span, months(history, holds, seen) if history else ()
    found = _judged(loaded, hours, holds, now=now, month=month, by_month=by_month)
    if found.cheapest or holds.windows or now not in SESSIONS or loaded.credits.any():
        return found
    holds = replace(holds, windows=as_reported(now, holds.least))
    return _judged(loaded, hours, holds, now=now, month=month, by_month=by_month)


def _judged(loaded: Loaded, hours: Hours, holds: Holds, *, now: str, month: float, by_month: tuple[Month, ...]) -> Plans:
    """The plans by what windows hold; `month` is a month over the span that the calls are of."""
    reported = bool(holds.windows) and not any(holds.known.values())
    paid = {"api": np.tile(hours.by_week(holds.cost("api", hours)), (3, 1))}  # beside the fee: (case, week)
    for plan in holds.windows:
        paid[plan] = np.stack([hours.by_week(holds.cost(plan, hours, case)) for case in range(3)])
    if now in SESSIONS and (reported or not holds.windows):
        paid[now] = np.tile(hours.by_week(hours.of(loaded.credits)), (3, 1))
    ranges = {plan: monthly(bounds(found.sum(axis=1), drawn(found, as_many=True)), month) for plan, found in paid.items()}
    costs = {plan: Range(one.low + FEES[plan], one.mid + FEES[plan], one.high + FEES[plan]) for plan, one in ranges.items()}
    weekly = np.stack([found[MID] + FEES[plan] * (WEEK / MONTH.total_seconds()) for plan, found in paid.items()])[:, hours.whole]
    wins = _wins(weekly, list(paid))
    use = costs["api"].mid
    guessed = "pro" not in costs and FEES["pro"] < use < FEES["team"]
    if guessed:  # a plan is worth its fee as a rule, and every other costs more
        costs["pro"] = Range(FEES["pro"], FEES["pro"], use)
    order = sorted(FEES, key=lambda plan: (costs[plan].mid if plan in costs else np.inf, FEES[plan]))
    told_months = [one.cheapest for one in by_month if one.cheapest]
    points = break_even(hours, holds, month)
    firsts = cheapest_from(hours, holds, month)
    found = tuple(
        PlanCost(
            plan,
            NAMES[plan],
            FEES[plan],
            costs.get(plan),
            _week(holds, plan),
            None if reported else wins.get(plan),
            told_months.count(plan) if told_months else None,
            points.get(plan),
            firsts.get(plan),
        )
        for plan in order
    )
    best = np.argmin(np.stack([one.sum(axis=1) * month + FEES[plan] for plan, one in paid.items()]), axis=0)
    alike = len(set(best)) == 1
    # no plan costs less than its fee, so what is known may be cheapest without the others
    least = costs[order[0]].mid <= min((FEES[plan] for plan in FEES if plan not in costs), default=np.inf)
    # where one kind of window isn't known, the plan is named that fits whether it holds the least or has no end
    named = least and (not holds.bounded or order[0] == _fitting(hours, holds, month))
    sure = named and not guessed and not reported and (len(paid) < len(FEES) or alike)
    said = headline(found, now, order[0] if named else None, float(hours.value.sum()) * month, sure=sure)
    return Plans(said, found, now, order[0] if named else None, sure, _evidence(holds, now), int(hours.whole.sum()), by_month)


def _holds(loaded: Loaded, hours: Hours, now: str, seen: Sequence[Seen]) -> Holds:
    """What is known of the windows of the plan in use, and by it of those of the others."""
    calls, bill = loaded.calls, loaded.calls.bill
    draws, total = ~(loaded.credits | loaded.api), float(bill.sum())
    used = Used(calls.seconds, bill, draws)
    moved = moves(calls.seconds, bill, calls.plan, loaded.credits)
    known = {gauge: (allowance(seen, gauge, used) if draws.any() else None) or found for gauge, found in moved.items()}
    dearer = float(five_minutes(calls, paid_by_plan=True).bill.sum() / total) if total else 1.0
    least, full = hours.most(hours.of(draws)), bool(loaded.credits.any())
    windows, bounded = {}, {}
    if now in SESSIONS and any(known.values()):
        windows = {plan: held_by(plan, now, known, least, full=full) for plan in SESSIONS}
        if not all(known.values()):
            bounded = {plan: held_by(plan, now, known, least, full=not full)[MID] for plan in SESSIONS}
    return Holds(windows, bounded, dearer, known, least)


def _fitting(hours: Hours, holds: Holds, month: float) -> str:
    """The cheapest plan, with what isn't known of windows at its other end."""
    other = replace(holds, windows={plan: [cases] * 3 for plan, cases in holds.bounded.items()})
    return min(FEES, key=lambda plan: FEES[plan] + float(other.cost(plan, hours).sum()) * month)


def _wins(costs: Floats, plans: list[str]) -> dict[str, int | None]:
    """In how many periods each plan costs least; None where there is nothing to compare with. (plan, period)"""
    best = np.argmin(costs, axis=0)
    return {plan: int((best == place).sum()) if len(plans) > 1 else None for place, plan in enumerate(plans)}


def months(history: History, holds: Holds, seen: Sequence[Seen]) -> tuple[Month, ...]:
    """Every whole month with usage, and the plan that would have been cheapest in it, where that is known; the latest last."""
    if not history.months:
        return ()
    hours = Hours(history.seconds, history.nanos, seen)
    at, plans = hours.starts, ["api", *(holds.windows if holds.whole else ())]
    spent = {plan: holds.cost(plan, hours) for plan in plans}
    least = min(FEES[plan] for plan in FEES if plan not in plans) if len(plans) < len(FEES) else np.inf
    found = []
    for name, begin, end in history.months:
        inside = (at >= begin) & (at < end)
        used = float(hours.value[inside].sum())
        if not used:
            continue
        costs = {plan: float(spent[plan][inside].sum()) + FEES[plan] for plan in plans}
        best = min(costs, key=lambda plan: costs[plan])
        known = costs[best] <= least
        found.append(Month(name, round(used), best if known else None, round(costs[best]) if known else None))
    return tuple(found)


def _evidence(holds: Holds, now: str) -> str:
    """What is known of the windows of the plan in use, and by what."""
    if not holds.windows:
        return UNKNOWN
    if not any(holds.known.values()):
        low, _, high = (format.dollars(nanos) for nanos in REPORTED["weekly"])
        return (
            f"{NAMES[now]} was never full, so your data don't show what it holds. We assume that a week on Pro holds {low} to {high} at "
            "list prices, as users have reported, and scale the others from it. A reading of your allowance would show yours."
        )
    said = []
    for gauge, one in holds.known.items():
        window = f"a {'week' if gauge == 'weekly' else 'session'} on {NAMES[now]} holds"
        if one is None:
            said.append(f"{window} {format.dollars(holds.least[gauge])} or more, the most we have seen it hold")
        else:
            low, high = format.dollars(one.low), format.dollars(one.high)
            said.append(f"{window} {low} to {high} at list prices, based on {' and '.join(one.said)}")
    return f"Estimated: {'; '.join(said)}."


def _week(holds: Holds, plan: str) -> Range | None:
    """The weekly allowance of a plan, where it is known."""
    if plan not in holds.windows or holds.known["weekly"] is None:
        return None
    high, mid, low = (week for _, week in holds.windows[plan])
    return Range(round(low), round(mid), round(high))


def headline(plans: tuple[PlanCost, ...], now: str, cheapest: str | None, used: float, *, sure: bool) -> Headline:
    """Which plan fits what is used a month (nano-dollars), or what is needed to say so."""
    use = f"{format.dollars(used)} a month at list prices"
    if cheapest is None:
        ask = (
            "Import readings of your plan allowance"
            if now in SESSIONS
            else "Choose your plan in Settings and import readings of its allowance"
        )
        return Headline(f"You use {use}. We don't know yet which plan fits.", f"{ask} to compare plans.", enough=False)
    best = plans[0]
    assert best.costs is not None
    lead = f"{best.name} fits best: about {format.dollars(best.costs.mid)} a month ({best.costs.words}) for {use}."
    second = next((one for one in plans[1:] if one.costs), None)
    if second is None or second.costs is None:
        return Headline(lead, "The fee alone of every other plan is at least as high.")
    doubt = "" if sure else " Given what we know of the allowances, another plan may cost less."
    return Headline(lead, f"Next best: {second.name}, about {format.dollars(second.costs.mid)}.{doubt}")
