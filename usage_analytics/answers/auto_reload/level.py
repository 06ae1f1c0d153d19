"""What the next month may come to: a distribution, from a person's own past and from what many people taught us.

Its middle is the person's recent pace: a day four weeks back counts half. How far the next month strays from it varies from person
to person, and a few weeks don't tell. So the spread comes from what the weeks do tell (how even the days are, how many have spend,
how long the past is), with weights learned on many people. The tails, which include changes of habits, are theirs as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from usage_analytics.answers.auto_reload.learned import ABOVE, BELOW, SHARES, STRAYS

Floats = NDArray[np.float64]

MONTH_DAYS: Final = 28
HALF_LIFE_DAYS: Final = 28.0
USUAL_USD: Final = 50.0  # a month, in whose proportion amounts are measured
WIDEST: Final = 1.5  # hardly anybody that was learned from was wider
FLOOR: Final = 0.05  # of a month: below it, less is as good as nothing


@dataclass(frozen=True, slots=True)
class Level:
    """The next 28 days' spend: `monthly` dollars at the present pace, and the spread of its logarithm above and below."""

    monthly: float
    above: float
    below: float

    def quantile(self, share: Any) -> Any:
        """Return the dollars that a `share` of months stay below; a number or an array."""
        floor = FLOOR * self.monthly
        stray = np.interp(share, SHARES, STRAYS)
        ratio = np.exp(stray * np.where(stray > 0, self.above, self.below))
        return np.maximum((self.monthly + floor) * ratio - floor, 0.0)

    def chance_over(self, amount: float) -> float:
        """Return the chance that a month comes to more than so many dollars."""
        floor = FLOOR * self.monthly
        if amount <= 0 or self.monthly <= 0:
            return float(amount <= 0)
        stray = np.log((amount + floor) / (self.monthly + floor))
        return 1 - float(np.interp(stray / (self.above if stray > 0 else self.below), STRAYS, SHARES))


def level_of(daily: Floats, same: Floats) -> Level:
    """Return the level after days of `daily` dollars, latest first; `same` is each day's chance to belong to today's habits."""
    monthly = pace(daily, same)
    if monthly <= 0:
        return Level(0.0, 1.0, 1.0)
    above, below = np.minimum(np.exp(np.array([ABOVE, BELOW]) @ features(daily, same)), WIDEST).tolist()
    return Level(monthly, above, below)


def pace(daily: Floats, same: Floats) -> float:
    """Return what 28 days come to at the present pace, in dollars."""
    return MONTH_DAYS * float(np.average(daily, weights=same * recency(len(daily))))


def features(daily: Floats, same: Floats) -> Floats:
    """Return what the spread depends on: size, evenness of days and weeks, days with spend, length of the past, chance of a change."""
    weights = same * recency(len(daily))
    mean = float(np.average(daily, weights=weights))
    uneven = np.sqrt(np.average((daily - mean) ** 2, weights=weights)) / mean
    weeks = max(1, len(daily) // 7)
    logs = np.log(daily[: 7 * weeks].sum() if len(daily) < 7 else daily[: 7 * weeks].reshape(weeks, 7).sum(1) + 0.7 * mean)
    variance = (((logs - logs.mean()) ** 2).sum() + 0.5) / (max(weeks - 1, 0) + 2)
    return np.array(
        [
            1.0,
            np.log(MONTH_DAYS * mean / USUAL_USD),
            np.log(uneven + 0.05),
            np.average(daily > 0, weights=weights),
            0.5 * np.log(variance),
            1 / np.sqrt(max(1.0, float(same.sum()) / 7)),
            1 - float(same[-1]),
        ]
    )


def recency(days: int) -> Floats:
    """Return each day's weight, latest first."""
    found: Floats = 0.5 ** (np.arange(days) / HALF_LIFE_DAYS)
    return found
