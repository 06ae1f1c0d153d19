"""Which setting to choose: the one whose cost a month is least, where a block weighs more than it costs, and rounding costs nothing.

* The cost of a month is taken in logarithms and averaged over months: a setting should be near the best of every month, not only of
  the dearest ones.
* Blocked hours come almost all from the few reloads that fail for hours, so their mean says little of an ordinary month. They count
  `HOURS_WEIGHT` of their price, and the chance of any block counts beside them: one in a hundred is accepted only where it saves
  `BLOCK_WEIGHT` per cent of the cost (at $25 for an hour; in proportion at other prices). Tuned on made-up people: with 1 and 0 the regret
  is higher, with 0.2 and 0 one month in twenty has a block.
* Of settings within about `AS_GOOD` of the best score the middle is taken, in logarithms of threshold and gap.
* Round numbers are preferred: 1, 2, 5, 10, 20, … over those between by `ROUNDNESS` of the cost for each of the two.
* Advice is stable: once there are five weeks of history, the threshold and reload-to amount of a week before stay until leaving them is
  worth more than `LEAVE_USD` a month in `LEAVE_CERTAIN` of the months that might come, they have become riskier by `KEEP_RISK`, or habits
  have certainly changed. The limit stays while it is between the one that is needed now over `LIMIT_TOO_LOW` and that times
  `LIMIT_TOO_HIGH`: it follows growing spend at once and shrinking spend late, since only a low limit stops work. So that this holds for
  somebody who asks once a week and keeps nothing, the weeks before are judged first, each from what was known then. The first of them
  stays the same for `FIRST_STAYS` weeks: two memories that begin in different weeks need never agree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usage_analytics.answers.auto_reload import grid
from usage_analytics.answers.auto_reload.advice import USD, Economics, Expected, Policy
from usage_analytics.answers.auto_reload.demand import MS_A_DAY, MS_A_WEEK, Demand, milliseconds
from usage_analytics.answers.auto_reload.level import Level, level_of
from usage_analytics.answers.auto_reload.limit import limit_needed
from usage_analytics.answers.auto_reload.months import MOST_MONTHS, Months, Past, months, past
from usage_analytics.answers.auto_reload.simulation import Outcomes, simulate

Floats = NDArray[np.float64]

HOURS_WEIGHT: Final = 0.3
BLOCK_WEIGHT: Final = 4.0
ROUNDNESS: Final = 0.005
AS_GOOD: Final = 0.01  # of the score
USUAL_HOUR_USD: Final = 25.0
MOST_WEIGHT: Final = 4.0
KEEP: Final = 0.06
KEEP_RISK: Final = 0.02
LIMIT_TOO_HIGH: Final = 2.2
LIMIT_TOO_LOW: Final = 1.1
LEAST_WEEKS_BACK: Final = 3
FIRST_STAYS: Final = 5  # weeks
KEEP_FROM_DAYS: Final = 34
LEAVE_USD: Final = 1.0
LEAVE_CERTAIN: Final = 0.8
# Blocks come a little more often than in the drawn months, since habits also change within a month: by this much, and by half of it for a
# setting that has `UNSEEN_HALF` in the drawn months. Counted over all settings of the benchmark's people; risky ones come as predicted.
UNSEEN_BLOCKS: Final = 0.006
UNSEEN_HALF: Final = 0.002
MONTHS_BACK: Final = 72  # that a week before is judged by
LEAST_DAYS: Final = 6  # of history, for the method to be used at all


@dataclass(frozen=True, slots=True)
class Setting:
    """A threshold, a reload-to amount and a monthly limit, in dollars."""

    threshold: float
    reload_to: float
    limit: float

    @property
    def policy(self) -> Policy:
        return Policy(round(self.threshold * USD), round(self.reload_to * USD), round(self.limit * USD))


@dataclass(frozen=True, slots=True)
class Fit:
    """All settings tried on the months that might come, as of one moment. The one with the lowest `score` is best."""

    past: Past
    level: Level
    months: Months
    thresholds: Floats
    reload_tos: Floats
    outcomes: Outcomes
    monthly_cost: Floats  # dollars, for every setting (row) and month (column)
    cost: Floats  # dollars a month
    score: Floats

    @property
    def best(self) -> int:
        """Return the middle of the settings that are as good as the best; which of them scores best is luck of the draw."""
        weights = np.exp((self.score.min() - self.score) / AS_GOOD)
        middles = (np.log(self.thresholds), np.log(self.reload_tos - self.thresholds))
        off = sum(np.abs(one - np.average(one, weights=weights)) for one in middles)
        return int(np.argmin(off))

    def worth_leaving(self, place: int, best: int) -> bool:
        """Return whether to leave a setting: it's riskier, habits changed, or it surely costs `LEAVE_USD` more a month."""
        if self.past.change.certain and self.score[place] > self.score[best] + KEEP:
            return True
        riskier = self.p_block(place) > self.p_block(best) + KEEP_RISK
        return riskier or float((self.monthly_cost[place] > self.monthly_cost[best] + LEAVE_USD).mean()) >= LEAVE_CERTAIN

    def p_block(self, place: int) -> float:
        """Return the chance of a block in a month, as drawn."""
        return float(self.outcomes.p_block[place].mean())

    def place(self, threshold: float, reload_to: float) -> int | None:
        """Return the index of a setting (dollars); None if it wasn't tried."""
        found = np.flatnonzero((self.thresholds == threshold) & (self.reload_tos == reload_to))
        return int(found[0]) if len(found) else None

    def expected(self, place: int, limit: float | None) -> Expected:
        """Return what the setting at an index comes to in a month, with a limit in dollars."""
        hit = None if limit is None else self.level.chance_over(limit)
        drawn = self.p_block(place)
        return Expected(
            p_no_block=max(1 - drawn - UNSEEN_BLOCKS * drawn / (drawn + UNSEEN_HALF), 0.0),
            blocked_hours_per_month=float(self.outcomes.blocked_hours[place].mean()),
            reloads_per_month=float(self.outcomes.reloads[place].mean()),
            mean_balance_nanos=round(float(self.outcomes.mean_balance[place].mean()) * USD),
            p_limit_hit=hit,
            cost_usd_per_month=float(self.cost[place]),
        )


def fit(
    demand: Demand,
    now: datetime,
    economics: Economics,
    also: tuple[tuple[float, float], ...] = (),
    most_months: int = MOST_MONTHS,
) -> Fit:
    """Try all round settings and those of `also` (threshold, reload-to in dollars) as of `now`, on up to `most_months` months."""
    before = past(demand, now)
    level = level_of(before.daily, before.change.same)
    coming = months(before, level, most_months)
    thresholds, reload_tos = grid.settings(float(np.median(coming.totals)), largest_burst(before))
    extra = [one for one in also if not ((thresholds == one[0]) & (reload_tos == one[1])).any()]
    thresholds = np.append(thresholds, [one[0] for one in extra])
    reload_tos = np.append(reload_tos, [one[1] for one in extra])
    outcomes = simulate(coming, thresholds, reload_tos, economics)
    cost = outcomes.cost(economics)
    rare = (1 - HOURS_WEIGHT) * economics.hour_blocked_usd * outcomes.blocked_hours
    weight = BLOCK_WEIGHT * min(economics.hour_blocked_usd / USUAL_HOUR_USD, MOST_WEIGHT)
    score: Floats = np.log(np.maximum(cost - rare, 0.01)).mean(1) + weight * outcomes.p_block.mean(1)
    score += ROUNDNESS * grid.unevenness(thresholds, reload_tos)
    return Fit(before, level, coming, thresholds, reload_tos, outcomes, cost, cost.mean(1), score)


def choose(demand: Demand, now: datetime, economics: Economics) -> tuple[Setting, Fit]:
    """Return the setting to advise at `now`, and everything that was tried."""
    kept: Setting | None = None
    first = LEAST_WEEKS_BACK + milliseconds(now) // MS_A_WEEK % FIRST_STAYS
    for weeks_ago in range(first, -1, -1):
        moment = now - timedelta(weeks=weeks_ago)
        known = demand.before(moment)
        if weeks_ago and (not known.events or milliseconds(moment) - known.moments[0] < KEEP_FROM_DAYS * MS_A_DAY):
            continue
        also = ((kept.threshold, kept.reload_to),) if kept else ()
        tried = fit(known, moment, economics, also, MONTHS_BACK if weeks_ago else MOST_MONTHS)
        needed = limit_needed(tried.level)
        place = tried.place(kept.threshold, kept.reload_to) if kept else None
        if kept is None or place is None or tried.worth_leaving(place, tried.best):
            reload_to = float(tried.reload_tos[tried.best])
            kept = Setting(float(tried.thresholds[tried.best]), reload_to, grid.limit(needed, reload_to))
        elif not needed / LIMIT_TOO_LOW <= kept.limit <= needed * LIMIT_TOO_HIGH:
            kept = replace(kept, limit=grid.limit(needed, kept.reload_to))
    assert kept is not None
    return kept, tried


def largest_burst(past: Past, seconds: float = 900.0) -> float:
    """Return the most dollars spent within `seconds`, by default 15 minutes."""
    if not len(past.usd):
        return 0.0
    at = past.seconds - 86_400.0 * np.repeat(np.arange(past.days), np.diff(past.cuts))
    order = np.argsort(at, kind="stable")
    spent = np.concatenate([[0.0], np.cumsum(past.usd[order])])
    ends = np.searchsorted(at[order], at[order] + seconds)
    return float((spent[ends] - spent[:-1]).max())
