"""How settings would have done in the person's own past weeks. Ours is fitted without the week it's tried on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from usage_analytics.answers.auto_reload.advice import USD, Compared, Economics, Expected, Policy, PolicyName
from usage_analytics.answers.auto_reload.choice import fit
from usage_analytics.answers.auto_reload.demand import MS_A_WEEK, Demand, milliseconds
from usage_analytics.answers.auto_reload.months import month_of_week
from usage_analytics.answers.auto_reload.others import PRODUCT_DEFAULT, article_row, weeks_burn
from usage_analytics.answers.auto_reload.simulation import simulate

MOST_WEEKS: Final = 4
MONTHS_TRIED: Final = 60  # enough to choose by; the advice itself is chosen from more


@dataclass(frozen=True, slots=True)
class _Week:
    """What each setting came to in a month of such weeks."""

    policies: tuple[Policy, ...]
    figures: tuple[Expected, ...]


def compare(
    demand: Demand, now: datetime, economics: Economics, recommended: Policy, current: Policy | None
) -> tuple[Compared, ...]:
    """Return every setting's figures over the last weeks, at most four; over all data if it covers less than two weeks."""
    end = milliseconds(now)
    weeks = min(MOST_WEEKS, int((end - int(demand.moments[0]) + MS_A_WEEK // 7) // MS_A_WEEK))
    ends = [end - back * MS_A_WEEK for back in range(max(weeks, 1))]
    tried = [_week(demand, one, now, economics, recommended=recommended, current=current, weeks=weeks) for one in ends]
    names: tuple[PolicyName, ...] = ("recommended", "article", "week's burn", "product default")
    if current is not None:
        names = ("recommended", "current", "article", "week's burn", "product default")
    final = _policies(demand, end, recommended, current)
    return tuple(
        Compared(name, policy, _mean([week.figures[place] for week in tried]))
        for place, (name, policy) in enumerate(zip(names, final, strict=True))
    )


def _week(
    demand: Demand, end: int, now: datetime, economics: Economics, *, recommended: Policy, current: Policy | None, weeks: int
) -> _Week:
    """Return the figures for the week that ends at `end` (milliseconds), with settings from the other weeks."""
    week = demand.between(end - MS_A_WEEK, end)
    others = demand if weeks < 2 else without(demand, end - MS_A_WEEK, end)
    ours = recommended
    if weeks >= 2 and others.events:
        chosen = fit(others, now, economics, most_months=MONTHS_TRIED)
        ours = Policy(
            round(float(chosen.thresholds[chosen.best]) * USD),
            round(float(chosen.reload_tos[chosen.best]) * USD),
            recommended.monthly_limit_nanos,
        )
    policies = _policies(others if others.events else demand, milliseconds(now), ours, current)
    # What the four weeks to `end` came to; where the demand does not reach back so far, four weeks at its pace
    start = max(int(demand.moments[0]), end - 4 * MS_A_WEEK)
    month_dollars = demand.between(start, end).total_nanos / USD * 4 / max((end - start) / MS_A_WEEK, 1.0)
    month = month_of_week(week, end)
    thresholds = np.array([policy.threshold_nanos / USD for policy in policies])
    reload_tos = np.array([policy.reload_to_nanos / USD for policy in policies])
    outcomes = simulate(month, thresholds, reload_tos, economics)
    cost = outcomes.cost(economics).mean(1)
    played = tuple(
        Expected(
            1 - float(outcomes.p_block[place].mean()),
            float(outcomes.blocked_hours[place].mean()),
            float(outcomes.reloads[place].mean()),
            round(float(outcomes.mean_balance[place].mean()) * USD),
            None if policy.monthly_limit_nanos is None else float(month_dollars >= policy.monthly_limit_nanos / USD),
            float(cost[place]),
        )
        for place, policy in enumerate(policies)
    )
    return _Week(policies, played)


def without(demand: Demand, start: int, end: int) -> Demand:
    """Return the demand without a span (milliseconds): what came before moves up to its end."""
    before, after = demand.moments < start, demand.moments >= end
    return Demand(
        np.concatenate([demand.moments[before] + (end - start), demand.moments[after]]),
        np.concatenate([demand.nanos[before], demand.nanos[after]]),
        demand.spread_share,
    )


def _policies(demand: Demand, end: int, recommended: Policy, current: Policy | None) -> tuple[Policy, ...]:
    """Return all settings to compare; those that depend on spend use that of `demand` before `end`."""
    last = demand.between(end - 4 * MS_A_WEEK, end)
    weeks = max(1.0, min(4.0, (end - int(demand.moments[0])) / MS_A_WEEK))
    weekly = last.total_nanos / USD / weeks
    found = (recommended, article_row(4 * weekly)[1], weeks_burn(weekly), PRODUCT_DEFAULT)
    return found if current is None else (found[0], current, *found[1:])


def _mean(figures: list[Expected]) -> Expected:
    """Return the mean of several figures; `p_limit_hit` over those that have one."""
    hits = [one.p_limit_hit for one in figures if one.p_limit_hit is not None]
    return Expected(
        float(np.mean([one.p_no_block for one in figures])),
        float(np.mean([one.blocked_hours_per_month for one in figures])),
        float(np.mean([one.reloads_per_month for one in figures])),
        round(float(np.mean([one.mean_balance_nanos for one in figures]))),
        float(np.mean(hits)) if hits else None,
        float(np.mean([one.cost_usd_per_month for one in figures])),
    )
