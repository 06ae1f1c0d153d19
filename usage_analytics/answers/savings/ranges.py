"""How sure a saving is: conversations are resampled, and the range goes from the 10th to the 90th percentile of what they save.

The number of conversations is drawn too: a month has more of them or fewer. Many conversations are put into groups at random first: how
far groups lie from their mean has the spread of the conversations, and makes it a small product of matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from usage_analytics import format
from usage_analytics.answers.savings.calls import Floats

GROUPS: Final = 400
DRAWS: Final = 400
SEED: Final = 14
WEEK_SECONDS: Final = 7 * 86_400
USUAL_SWAY: Final = 0.2  # by which the volume of weeks differs for a usual person …
USUAL_WEEKS: Final = 3.0  # … who counts for so many weeks
WIDER: Final = 1.15  # than what is drawn: on people whose truth is known it was too narrow (tests/benchmarks/savings_ranges.py)
TAIL: Final = 0.1  # below and above the range
LOW, MID, HIGH = range(3)


@dataclass(frozen=True, slots=True)
class Range:
    """Nano-dollars a month."""

    low: int
    mid: int
    high: int

    @property
    def words(self) -> str:
        """From low to high."""
        return f"{format.dollars(self.low)} to {format.dollars(self.high)}"


def drawn(by_unit: Floats, sway: float = 0.0, *, as_many: bool = False) -> Floats:
    """Sums over units that are drawn again: of (what, unit) an array of (what, draw). The same units always give the same draws.

    All of a draw vary by `sway` (see `sway_of`). With `as_many` the number of units stays, as that of weeks does.
    """
    units = by_unit.shape[1]
    groups = min(units, GROUPS)
    place = np.arange(units) % max(groups, 1)  # units stand in the order of a hash, so this is a draw
    grouped = np.stack([np.bincount(place, one, minlength=groups) for one in by_unit])
    weights = _weights(groups)
    volume = 1 + sway * np.random.default_rng(SEED + 1).normal(size=DRAWS)
    if groups == units and not as_many:
        found: Floats = grouped @ weights.T * volume
        return found
    total = grouped.sum(axis=1, keepdims=True)
    number = 0 if as_many else np.random.default_rng(SEED).normal(size=DRAWS) / np.sqrt(units)
    spread: Floats = (grouped - total / max(groups, 1)) @ (weights - 1).T
    around: Floats = (total * (1 + number) + spread) * volume
    return around


def sway_of(seconds: Floats, bill: Floats, by_unit: Floats) -> float:
    """By how much the mean of these weeks is off because weeks differ by more than the chance of conversations: relative, one deviation.

    Few weeks say little of it, so that a usual person counts for some more.
    """
    week = ((seconds.max(initial=0) - seconds) / WEEK_SECONDS).astype(int)
    weekly = np.bincount(week, bill)
    if len(weekly) < 2 or not weekly.sum():
        return USUAL_SWAY
    varies = float(weekly.var(ddof=1) / weekly.mean() ** 2)
    chance = float((by_unit**2).sum() / by_unit.sum() ** 2 * len(weekly))
    excess = (max(varies - chance, 0) * len(weekly) + USUAL_SWAY**2 * USUAL_WEEKS) / (len(weekly) + USUAL_WEEKS)
    return float(np.sqrt(excess / len(weekly)))


@cache
def _weights(groups: int) -> Floats:
    return np.random.default_rng(SEED).poisson(1.0, (DRAWS, groups)).astype("float64")


def bounds(total: Floats, draws: Floats) -> tuple[float, float, float]:
    """Return low, middle and high; `total` is (scenario) as in the data, `draws` (scenario, draw) as resampled. Never below zero."""
    mid = max(float(total[MID]), 0.0)
    low, high = float(np.quantile(draws[LOW], TAIL)), float(np.quantile(draws[HIGH], 1 - TAIL))
    return min(max(mid - (mid - low) * WIDER, 0.0), mid), mid, max(mid + (high - mid) * WIDER, mid)


def monthly(found: tuple[float, float, float], month: float, most: float = np.inf) -> Range:
    """Turn a range over the whole span into nano-dollars per month, at most what was spent."""
    return Range(*(round(min(nanos, most) * month) for nanos in found))
