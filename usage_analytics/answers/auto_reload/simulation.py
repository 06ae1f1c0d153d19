"""What settings come to in months that might come: all settings in all months at once, from reload to reload, never call by call.

Between two reloads nothing happens that a search in the running totals can't find. The usual reload arrives after the median
latency. What a slow or failed one would do isn't drawn but computed at every reload, from the time until a call would be refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from usage_analytics.answers.auto_reload.arrival import chance_later, seconds_beyond
from usage_analytics.answers.auto_reload.demand import MONTH_DAYS, SPAN

if TYPE_CHECKING:
    from usage_analytics.answers.auto_reload.advice import Economics
    from usage_analytics.answers.auto_reload.months import Months

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MONTH_SECONDS: Final[float] = MONTH_DAYS * 86_400.0
WINDOW: Final = 3 * 3600.0  # after a block begins: how much of it would be work
MOST_RELOADS: Final = 400
GOLDEN: Final = 0.618034  # months begin evenly spread between threshold and reload-to, each at the same place for every setting


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Arrays of settings (rows) by months (columns): chance of a block, hours, reloads, and dollars."""

    p_block: Floats
    blocked_hours: Floats
    reloads: Floats
    mean_balance: Floats  # dollars

    def cost(self, economics: Economics) -> Floats:
        """Return dollars a month, for every setting and month."""
        return (
            economics.hour_blocked_usd * self.blocked_hours
            + economics.reload_usd * self.reloads
            + economics.idle_share_per_month * self.mean_balance
        )


def simulate(months: Months, thresholds: Floats, reload_tos: Floats, economics: Economics) -> Outcomes:
    """Play every month with every setting (`thresholds` and `reload_tos` in dollars, of one length)."""
    settings, count = len(thresholds), len(months.first)
    low, high = np.repeat(thresholds, count), np.repeat(reload_tos, count)
    month = np.tile(np.arange(count), settings)
    begins = np.tile((0.5 + GOLDEN * np.arange(count)) % 1, settings)
    run = _Run(months, low, high, economics, month=month, balance=low + begins * (high - low))
    for _ in range(MOST_RELOADS):
        if not run.step():
            break
    idle = np.maximum(run.idle / MONTH_SECONDS, 0.0)
    figures = (1 - np.exp(run.log_clear), run.blocked / 3600, run.reloads, idle)
    return Outcomes(*(figure.reshape(settings, count) for figure in figures))


class _Run:
    """Where each pair of setting and month is. The balance after call i is `funds` - spent[i]."""

    def __init__(
        self, months: Months, threshold: Floats, reload_to: Floats, economics: Economics, *, month: Ints, balance: Floats
    ) -> None:
        self.months = months
        self.economics = economics
        pairs = len(month)
        self.log_clear, self.blocked = np.zeros(pairs), np.zeros(pairs)
        self.reloads, self.idle = np.zeros(pairs), np.zeros(pairs)
        # What follows is of the pairs that are not at their month's end yet.
        self.pair = np.arange(pairs)
        self.threshold, self.reload_to = threshold, reload_to
        self.base = months.spent[months.first][month]
        self.zero = (SPAN * month).astype(np.float64)
        self.last = months.last[month]
        self.done = months.first[month]
        self.now = self.zero.copy()
        self.funds = self.base + balance

    def step(self) -> bool:
        """Move each pair to its next reload; return whether there was one."""
        m = self.months
        low = np.maximum(np.searchsorted(m.spent, self.funds - self.threshold, side="right"), self.done)
        over = low > self.last
        if over.any():  # these need no reload any more: their account is closed
            ended = self.pair[over]
            end = self.zero[over] + MONTH_SECONDS
            self.idle[ended] += (self.funds - self.base)[over] * (end - self.now[over])
            self.idle[ended] -= self._area(self.last[over], end, over) - self._area(self.done[over], self.now[over], over)
            for name in ("pair", "threshold", "reload_to", "base", "zero", "last", "done", "now", "funds"):
                setattr(self, name, getattr(self, name)[~over])
        low = low[~over]
        if not len(self.pair):
            return False
        bought = np.where(low > self.done, m.seconds[low], self.now)
        empty = np.maximum(np.searchsorted(m.spent, self.funds, side="left"), low)
        self._risk(empty + 1, bought)
        arrives = bought + 60 * self.economics.latency_minutes
        following = np.maximum(np.searchsorted(m.seconds, arrives, side="left") - 1, low)
        following = np.minimum(following, self.last)
        stopped = np.minimum(empty, following)
        self.idle[self.pair] += (self.funds - self.base) * (arrives - self.now)
        self.idle[self.pair] -= self._area(following, arrives) - self._area(self.done, self.now)
        self.reloads[self.pair] += 1
        self.funds = self.reload_to + m.spent[low] + m.spent[following] - m.spent[stopped]
        self.now, self.done = arrives, following
        return True

    def _area(self, call: Ints, moment: NDArray[Any], of: NDArray[np.bool_] | slice = slice(None)) -> Floats:
        """Return the integral of the month's spend up to a moment; `call` is the last call before it."""
        m = self.months
        return m.area[call] + (m.spent[call] - self.base[of]) * (moment - m.seconds[call])

    def _risk(self, refused: Ints, bought: Floats) -> None:
        """Add what a late reload would do to the first call without money, and to the work after it."""
        m = self.months
        first = np.minimum(refused, self.last)
        until = np.where(refused <= self.last, m.seconds[first] - bought, np.inf)
        chance = chance_later(until, self.economics)
        at_risk = np.flatnonzero(chance > 0)
        self.log_clear[self.pair] += np.log1p(-np.minimum(chance, 1 - 1e-12))
        call = first[at_risk]
        window = np.minimum(np.searchsorted(m.seconds, m.seconds[call] + WINDOW, side="right") - 1, self.last[at_risk])
        share = np.clip((m.worked[window] - m.worked[call]) / WINDOW, 0.02, 1.0)
        self.blocked[self.pair[at_risk]] += share * seconds_beyond(until[at_risk], self.economics)
