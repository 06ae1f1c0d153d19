"""When a reload arrives: usually in about a minute, sometimes slowly, sometimes only after someone fixes the payment.

The law is a mixture, and what follows from it is computed, not drawn: only one reload in sixty fails, and drawing so few would make
the chance of a block jump from one setting to the next.

* ordinary: log-normal around the median latency (sigma 0.5)
* slow: uniform in the logarithm between the two `slow_minutes`
* failed: log-normal around the median repair (sigma 1.0): people find out after an hour, or the next morning
"""

from __future__ import annotations

from functools import cache
from math import erf, log, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from usage_analytics.answers.auto_reload.advice import Economics

ORDINARY_SIGMA: Final = 0.5
REPAIR_SIGMA: Final = 1.0
LONGEST_SECONDS: Final = 4 * 86_400.0
POINTS: Final = 400

Floats = NDArray[np.float64]


@cache
def law(economics: Economics) -> tuple[Floats, Floats, Floats]:
    """Return a grid of log seconds, the chance of arriving later than each, and the mean seconds beyond it (each of `POINTS`)."""
    at = np.linspace(log(0.5), log(LONGEST_SECONDS), POINTS)
    seconds = np.exp(at)
    low, high = (60 * minutes for minutes in economics.slow_minutes)
    ordinary = _log_normal(at, log(60 * economics.latency_minutes), ORDINARY_SIGMA)
    slow = np.clip((log(high) - at) / max(log(high / low), 1e-9), 0, 1)
    failed = _log_normal(at, log(3600 * economics.repair_hours), REPAIR_SIGMA)
    usual_share = 1 - economics.slow_share - economics.failed_share
    later = usual_share * ordinary + economics.slow_share * slow + economics.failed_share * failed
    steps = np.diff(seconds) * (later[1:] + later[:-1]) / 2
    beyond = np.append(np.cumsum(steps[::-1])[::-1], 0.0)
    return at, later, beyond


def chance_later(seconds: Floats, economics: Economics) -> Floats:
    """Return the chance that a reload takes longer than so many seconds."""
    at, later, _ = law(economics)
    return np.interp(np.log(np.maximum(seconds, 0.5)), at, later)


def seconds_beyond(seconds: Floats, economics: Economics) -> Floats:
    """Return how many seconds beyond so many a reload takes on average; one that is there by then counts as 0."""
    at, _, beyond = law(economics)
    return np.interp(np.log(np.maximum(seconds, 0.5)), at, beyond)


def _log_normal(at: Floats, middle: float, sigma: float) -> Floats:
    """Return the chance to be above each point of a grid of logarithms."""
    return np.array([0.5 - 0.5 * erf((x - middle) / (sigma * sqrt(2))) for x in at])
