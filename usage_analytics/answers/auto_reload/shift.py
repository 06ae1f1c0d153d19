"""Whether the level of spend has shifted, and since when: a penalised fit of two levels against one."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHORTEST_AFTER: Final = 4  # days
SHORTEST_BEFORE: Final = 6
CERTAIN: Final = 4.0  # standard errors that the two levels are apart


def shifted_days_ago(daily: Floats, weekend: NDArray[np.bool_]) -> int | None:
    """How many days the new level has lasted, or None. `daily` is dollars a day, the last day first.

    Days are compared in logarithms, after the difference between working days and weekends is taken out; neighbouring days are alike,
    so their number counts half.
    """
    days = len(daily)
    if days < SHORTEST_AFTER + SHORTEST_BEFORE or not daily.any():
        return None
    logs = np.log(daily + 0.1 * daily[daily > 0].mean())
    for kind in (False, True):
        if (weekend == kind).any():
            logs[weekend == kind] -= logs[weekend == kind].mean()
    best, found = CERTAIN, None
    for after in range(SHORTEST_AFTER, days - SHORTEST_BEFORE + 1):
        new, old = logs[:after], logs[after:]
        within = (((new - new.mean()) ** 2).sum() + ((old - old.mean()) ** 2).sum()) / (days - 2)
        error = np.sqrt(max(within, 0.01) * 2 * (1 / after + 1 / (days - after)))
        apart = abs(new.mean() - old.mean()) / error
        if apart > best:
            best, found = apart, after
    return found
