"""The monthly limit: so high that 95 of 100 ordinary months stay below it, and no higher.

The months that are drawn from the past are too much alike: people's next month differs from their last ones by more than chance. So the
spread of the drawn months is widened, by an amount learned once on many made-up people and held against others that were not used
(conformal calibration, by weeks of history); never from the person's own few months alone.
"""

from __future__ import annotations

from math import erf, exp, log, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from usage_analytics.answers.auto_reload.months import Months, Past

# By days of history: how many spreads above the middle the limit lies.
REACH: Final = ((7, 2.8), (14, 2.4), (28, 1.85), (56, 1.58))
NORMAL_95: Final = 1.645
OWN_SPREAD: Final = 0.35  # in logarithms, what every person's next month differs from their last ones beyond what is drawn


def limit_needed(past: Past, months: Months) -> float:
    """The limit in dollars, before it is made round."""
    middle, spread = _middle_and_spread(past, months)
    return exp(middle + spread)


def chance_over(limit: float, past: Past, months: Months) -> float:
    """How likely an ordinary month meets a limit: 5 % where it lies one spread above the middle, by the normal law elsewhere."""
    middle, spread = _middle_and_spread(past, months)
    return 0.5 - 0.5 * erf(NORMAL_95 * (log(max(limit, 0.01)) - middle) / spread / sqrt(2))


def _middle_and_spread(past: Past, months: Months) -> tuple[float, float]:
    """Of a month's spend, in logarithms; the spread is what 95 of 100 months stay within."""
    logs = np.log(np.maximum(months.totals, 0.01))
    days, reach = zip(*REACH, strict=True)
    return float(np.median(logs)), float(np.interp(past.days, days, reach) * np.hypot(logs.std(), OWN_SPREAD))
