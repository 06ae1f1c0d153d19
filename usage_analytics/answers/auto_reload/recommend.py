"""The advice from a demand: the setting, how sure it is, and the settings that it is compared with."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import numpy as np

from usage_analytics.answers.auto_reload import reasons
from usage_analytics.answers.auto_reload.advice import (
    SMALLEST_GAP_NANOS,
    USD,
    Advice,
    Changed,
    Checked,
    Confidence,
    Economics,
    Flat,
    History,
    Policy,
    TradeOff,
)
from usage_analytics.answers.auto_reload.backtest import compare
from usage_analytics.answers.auto_reload.change import Change
from usage_analytics.answers.auto_reload.choice import LEAST_DAYS, Fit, Setting, choose, fit, largest_burst
from usage_analytics.answers.auto_reload.claims import CLAIMS
from usage_analytics.answers.auto_reload.demand import MS_A_WEEK, Demand, milliseconds, per_week
from usage_analytics.answers.auto_reload.rule_of_thumb import RULE, rule_of_thumb
from usage_analytics.answers.auto_reload.runaway import limit_advice

FEWEST_CALLS: Final = 5  # with fewer there is no advice
MANY_CALLS: Final = 200
SOME_CALLS: Final = 40
CURVE: Final = 24


def advise(
    demand: Demand,
    now: datetime,
    *,
    economics: Economics | None = None,
    current: Policy | None = None,
) -> Advice:
    """Return the advice at `now` (naive UTC) from the demand before it. `current` is the present setting, if known."""
    economics, past = economics or Economics(), demand.before(now)
    weeks = (milliseconds(now) - int(past.moments[0])) / MS_A_WEEK if past.events else 0.0
    history = History(weeks, past.events, past.total_nanos)
    if past.events < FEWEST_CALLS:
        return reasons.none(history, FEWEST_CALLS)
    if weeks * 7 < LEAST_DAYS:
        tried = fit(past, now, economics)
        setting = rule_of_thumb(past, milliseconds(now), largest_burst(tried.past))
        tried = fit(past, now, economics, ((setting.threshold, setting.reload_to),))
        confidence: Confidence = "low"
    else:
        setting, tried = choose(past, now, economics)
        active_days = int((tried.past.daily > 0).sum())
        confidence = "medium" if history.weeks >= 1.9 and history.events >= SOME_CALLS and active_days >= 4 else "low"
        if history.weeks >= 3.9 and history.events >= MANY_CALLS and active_days >= 10 and not tried.past.change.certain:
            confidence = "high"
    return _advice(
        past,
        now,
        setting,
        tried,
        history,
        confidence=confidence,
        economics=economics,
        current=current,
    )


def tradeoff(demand: Demand, now: datetime, *, economics: Economics | None = None) -> tuple[TradeOff, ...]:
    """Return the settings that none beats in both, from the least idle balance to the fewest blocked hours."""
    past, economics = demand.before(now), economics or Economics()
    if past.events < FEWEST_CALLS:
        return ()
    tried = fit(past, now, economics)
    hours, balance = tried.outcomes.blocked_hours.mean(1), tried.outcomes.mean_balance.mean(1)
    order = np.lexsort((hours, balance))
    best = np.minimum.accumulate(hours[order])
    front = order[np.concatenate([[True], best[1:] < best[:-1]])]
    kept = front[np.unique(np.linspace(0, len(front) - 1, min(CURVE, len(front))).round().astype(int))]
    return tuple(
        TradeOff(
            Policy(round(float(tried.thresholds[place]) * USD), round(float(tried.reload_tos[place]) * USD)),
            tried.expected(int(place), None).p_no_block,
            float(hours[place]),
            round(float(balance[place]) * USD),
            float(tried.cost[place]),
        )
        for place in kept
    )


def _advice(
    demand: Demand,
    now: datetime,
    setting: Setting,
    tried: Fit,
    history: History,
    *,
    confidence: Confidence,
    economics: Economics,
    current: Policy | None,
) -> Advice:
    policy = setting.policy
    place = tried.place(setting.threshold, setting.reload_to)
    assert place is not None
    expected = tried.expected(place, setting.limit)
    compared = compare(demand, now, economics, policy, current)
    # How far each number may move, the other staying, for under a dollar a month and no more blocks than one month in a hundred
    good = (tried.cost <= tried.cost[place] + reasons.NOISE_USD) & (
        tried.outcomes.p_block.mean(1) <= tried.outcomes.p_block[place].mean() + 0.01
    )
    thresholds = tried.thresholds[good & (tried.reload_tos == tried.reload_tos[place])]
    tos = tried.reload_tos[good & (tried.thresholds == tried.thresholds[place])]
    region = Flat(
        (round(float(thresholds.min()) * USD), round(float(thresholds.max()) * USD)),
        (round(float(tos.min()) * USD), round(float(tos.max()) * USD)),
    )
    weeks, months, *shares = min(CLAIMS, key=lambda row: abs(row[0] - history.weeks))
    checked = Checked(int(weeks), int(months), (shares[0], shares[1]), (shares[2], shares[3]), (shares[4], shares[5]))
    limit = limit_advice(setting.limit, demand, tried.level, tried.months)
    changed = changed_habits(tried.past.change, now)
    keep = current is not None and _as_good(current, policy, demand, now, economics)
    said = (
        *((reasons.keep(current),) if keep and current else ()),
        *((reasons.changed(changed),) if changed else ()),
        *((RULE,) if history.weeks * 7 < LEAST_DAYS else ()),
        *reasons.why(tried, policy, per_week(demand, now), economics),
        reasons.limit(policy, limit.p_hit),
        reasons.flat(region),
        *filter(None, (reasons.daily_limit(tried.past), reasons.article(compared))),
        *reasons.rests_on(history, confidence, demand.spread_share),
        reasons.checked(checked),
    )
    return Advice(policy, confidence, expected, compared, history, said, region, keep, limit, checked, changed)


def changed_habits(change: Change, now: datetime) -> Changed | None:
    """Return since when habits have changed and by how much; None if that isn't certain."""
    if not change.certain or change.days_ago is None or change.times is None:
        return None
    return Changed(now - timedelta(days=change.days_ago), change.times)


def _as_good(current: Policy, policy: Policy, demand: Demand, now: datetime, economics: Economics) -> bool:
    """Return whether the present setting does as well within the noise, and its limit wouldn't interrupt work."""
    if current.gap_nanos < SMALLEST_GAP_NANOS:
        return False
    here = (current.threshold_nanos / USD, current.reload_to_nanos / USD)
    there = (policy.threshold_nanos / USD, policy.reload_to_nanos / USD)
    tried = fit(demand, now, economics, (here, there))
    mine, ours = tried.place(*here), tried.place(*there)
    assert mine is not None
    assert ours is not None
    limited = current.monthly_limit_nanos
    tight = limited is not None and policy.monthly_limit_nanos is not None and limited < 0.75 * policy.monthly_limit_nanos
    return not tried.worth_leaving(mine, ours) and not tight
