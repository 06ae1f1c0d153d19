"""Which plan fits: what the person's own usage would have cost a month on each, with credits for what goes beyond.

A plan costs its fee, and list prices for what exceeds its windows: of five hours and of a week. Beyond them the cache lives five minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics import format
from usage_analytics.answers import Headline
from usage_analytics.answers.savings.allowances import WEEK, Allowance, Seen, Used, allowance, moves
from usage_analytics.answers.savings.calls import Floats
from usage_analytics.answers.savings.judged import MONTH
from usage_analytics.answers.savings.loading import Loaded
from usage_analytics.answers.savings.ranges import MID, Range, bounds, drawn, monthly
from usage_analytics.answers.savings.replay import five_minutes

if TYPE_CHECKING:
    import pandas as pd

NAMES: Final = {"pro": "Pro", "max5": "Max 5x", "max20": "Max 20x", "team": "Team", "api": "API"}
USD: Final = 1_000_000_000
FEES: Final = {"pro": 20 * USD, "max5": 100 * USD, "max20": 200 * USD, "team": 30 * USD, "api": 0}
# What a window holds, in those of Pro. A session is in the plan's name; of a week no multiple is published, so it is between the hours
# that were once announced and the name.
SESSIONS: Final = {"pro": (1.0, 1.0, 1.0), "max5": (5.0, 5.0, 5.0), "max20": (20.0, 20.0, 20.0), "team": (1.0, 1.25, 1.5)}
WEEKS: Final = {"pro": (1.0, 1.0, 1.0), "max5": (3.5, 4.2, 5.0), "max20": (6.0, 11.0, 20.0), "team": (1.0, 1.25, 1.5)}
HOUR, HOURS_OF_SESSION, HOURS_OF_WEEK = 3600, 5, 168
DAY: Final = 86_400
Case = tuple[float, float, float]
UNKNOWN: Final = (
    "We don't know yet how much your plan allowance holds. Your plan and a reading of it, or a limit you hit, would show it."
)
NOTE: Final = (
    "Allowances aren't published. We estimate yours by comparing how full it was with what you had used at list prices, and scale the "
    "others from it. A Max session holds 5 or 20 times a Pro session; for a week, no multiple is published, so we give a range. "
    "Assumes that all of this usage is one person's and could run on the plan."
)


@dataclass(frozen=True, slots=True)
class PlanCost:
    """What a plan would have cost a month, with credits; None where its allowance isn't known.

    `week` is its weekly allowance at list prices, in nano-dollars; `cheapest_weeks` how many whole weeks it would have been cheapest in.
    """

    plan: str
    name: str
    fee: int
    costs: Range | None
    week: Range | None
    cheapest_weeks: int | None


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
                "cheapest_weeks": one.cheapest_weeks,
            }
            for one in self.plans
        ).astype(dict.fromkeys(("low_nanos", "mid_nanos", "high_nanos", "cheapest_weeks"), "float64"))


def judge(loaded: Loaded, span: timedelta, now: str, seen: Sequence[Seen]) -> Plans:
    """Judge the plans by the calls of a span; `now` is the plan whose windows were `seen`.

    Where nothing is known of allowances, only the API's cost is, and that of the plan in use: its fee, and what credits paid.
    """
    calls, bill = loaded.calls, loaded.calls.bill
    draws, total = ~(loaded.credits | loaded.api), float(bill.sum())
    used = Used(calls.seconds, bill, draws)
    moved = moves(calls.seconds, bill, calls.plan, loaded.credits)
    known = {gauge: (allowance(seen, gauge, used) if draws.any() else None) or found for gauge, found in moved.items()}
    dearer = float(five_minutes(calls, paid_by_plan=True).bill.sum() / total) if total else 1.0
    hours = Hours(calls.seconds, bill, seen)
    paid = {"api": np.tile(hours.by_week(hours.value) * dearer, (3, 1))}  # beside the fee: (case, week)
    if now in SESSIONS and any(known.values()):
        for plan in SESSIONS:
            windows = [_scaled(known[gauge], of[plan], of[now]) for gauge, of in (("session", SESSIONS), ("weekly", WEEKS))]
            paid[plan] = np.stack([hours.by_week(hours.beyond(*pair)) for pair in zip(*windows, strict=True)]) * dearer
    elif now in SESSIONS:
        paid[now] = np.tile(hours.by_week(hours.credits(loaded)), (3, 1))
    month = MONTH / span
    ranges = {plan: monthly(bounds(found.sum(axis=1), drawn(found, as_many=True)), month) for plan, found in paid.items()}
    costs = {plan: Range(one.low + FEES[plan], one.mid + FEES[plan], one.high + FEES[plan]) for plan, one in ranges.items()}
    weekly = np.stack([found[MID] + FEES[plan] * (WEEK / MONTH.total_seconds()) for plan, found in paid.items()])[:, hours.whole]
    best = np.argmin(weekly, axis=0)
    wins = {plan: int((best == place).sum()) if len(paid) > 1 else None for place, plan in enumerate(paid)}
    use = costs["api"].mid
    if "pro" not in costs and FEES["pro"] < use < FEES["team"]:  # a plan is worth its fee at least, and every other costs more
        costs["pro"] = Range(FEES["pro"], FEES["pro"], use)
    order = sorted(FEES, key=lambda plan: (costs[plan].mid if plan in costs else np.inf, FEES[plan]))
    plans = tuple(
        PlanCost(plan, NAMES[plan], FEES[plan], costs.get(plan), _week(known["weekly"], plan, now), wins.get(plan))
        for plan in order
    )
    sums = np.stack([found.sum(axis=1) * month + FEES[plan] for plan, found in paid.items()])
    # no plan costs less than its fee, so what is known may be cheapest without the others
    least = costs[order[0]].mid <= min((FEES[plan] for plan in FEES if plan not in costs), default=np.inf)
    cheapest = order[0] if least else None
    sure = least and (len(paid) < len(FEES) or len(set(np.argmin(sums, axis=0))) == 1)
    told = [
        f"a {'week' if gauge == 'weekly' else 'session'} on {NAMES[now]} holds {format.dollars(one.low)} to {format.dollars(one.high)} "
        f"at list prices, based on {' and '.join(one.said)}"
        for gauge, one in known.items()
        if one is not None and now in NAMES
    ]
    evidence = f"Estimated: {'; '.join(told)}." if told else UNKNOWN
    return Plans(
        headline(plans, now, cheapest, total * month, sure=sure), plans, now, cheapest, sure, evidence, int(hours.whole.sum())
    )


class Hours:
    """Usage by the hour, from the first call on, in nano-dollars of list prices; weeks begin when the plan's do, where that is known."""

    def __init__(self, seconds: Floats, bill: Floats, seen: Sequence[Seen] = ()) -> None:
        """What was `seen` of weekly windows says when a week begins."""
        anchor = int(max((one.resets_at for one in seen if one.gauge == "weekly"), default=seconds.max(initial=0) + 1))
        self._start = anchor - ceil((anchor - seconds.min(initial=anchor)) / WEEK) * int(WEEK)
        self._place = ((seconds - self._start) // HOUR).astype(int)
        self._bill = bill
        size = int(self._place.max(initial=-1)) + 1
        self.weeks = ceil(size / HOURS_OF_WEEK)
        ends = self._start + (np.arange(self.weeks) + 1) * WEEK
        self.whole = (ends <= seconds.max(initial=0) + 2 * DAY) & (ends - WEEK >= seconds.min(initial=0) - 2 * DAY)
        self.value = self._by_hour(bill)
        self._session = self._sessions()

    def credits(self, loaded: Loaded) -> Floats:
        """What credits paid, by the hour."""
        return self._by_hour(self._bill * loaded.credits)

    def _by_hour(self, values: Floats) -> Floats:
        return np.bincount(self._place, values, minlength=self.weeks * HOURS_OF_WEEK).astype("float64")

    def by_week(self, by_hour: Floats) -> Floats:
        """The sums of weeks."""
        found: Floats = by_hour.reshape(self.weeks, HOURS_OF_WEEK).sum(axis=1)
        return found

    def beyond(self, session: float, week: float) -> Floats:
        """What of each hour exceeds windows of five hours and of a week that hold so much, in nano-dollars."""
        inside = _filled(self.value, self._session, session)
        return self.value - _filled(inside, np.arange(len(self.value)) // HOURS_OF_WEEK, week)

    def _sessions(self) -> np.ndarray:
        """The number of the session of each hour: one begins with the first call after the last has ended."""
        number, ends, sessions = -1, 0, np.zeros(len(self.value), dtype=int)
        for hour, value in enumerate(self.value.tolist()):
            if value and hour >= ends:
                number, ends = number + 1, hour + HOURS_OF_SESSION
            sessions[hour] = max(number, 0)
        return sessions


def _filled(value: Floats, window: np.ndarray, holds: float) -> Floats:
    """What of each hour its window still holds."""
    total = np.cumsum(value)
    starts = np.flatnonzero(np.diff(window, prepend=-1))
    before = np.repeat((total - value)[starts], np.diff(np.append(starts, len(value))))
    inside = np.minimum(total - before, holds)
    found: Floats = np.maximum(inside - np.minimum(total - value - before, holds), 0)
    return found


def _scaled(own: Allowance | None, times: Case, of_own: Case) -> Case:
    """What a plan's window holds in the low, middle and high case of its cost: the most it may hold costs least. Without end if unknown."""
    if own is None:
        return np.inf, np.inf, np.inf
    low, mid, high = own.low * times[0] / of_own[2], own.mid * times[1] / of_own[1], own.high * times[2] / of_own[0]
    return (own.high, own.mid, own.low) if times == of_own else (high, mid, low)


def _week(own: Allowance | None, plan: str, now: str) -> Range | None:
    if own is None or plan not in WEEKS or now not in WEEKS:
        return None
    high, mid, low = _scaled(own, WEEKS[plan], WEEKS[now])
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
