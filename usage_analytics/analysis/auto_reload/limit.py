"""The monthly limit: so high that 95 of 100 ordinary months stay below it, and no higher.

The months that are drawn from the past are too much alike: people's next month differs from their last ones by more than chance. So the
spread of the drawn months is widened, by an amount learned once on many made-up people and held against others that were not used
(conformal calibration, by weeks of history); never from the person's own few months alone.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from usage_analytics.analysis.auto_reload import lattice
from usage_analytics.analysis.auto_reload.months import Months, Past

# By days of history: how many spreads above the middle the limit lies.
REACH: Final = ((7, 2.65), (14, 2.0), (28, 1.65), (56, 1.42))
OWN_SPREAD: Final = 0.35  # in logarithms, what every person's next month differs from their last ones beyond what is drawn


def limit_dollars(past: Past, months: Months) -> float:
    """The limit in round dollars."""
    logs = np.log(np.maximum(months.totals, 0.01))
    middle, spread = float(np.median(logs)), float(np.hypot(logs.std(), OWN_SPREAD))
    days, reach = zip(*REACH, strict=True)
    return lattice.nearest_limit(float(np.exp(middle + np.interp(past.days, days, reach) * spread)))
