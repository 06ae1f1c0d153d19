"""The round numbers that we offer, as a person would type them. Rounding also keeps the advice the same from week to week."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
SMALL: Final = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)  # whole dollars
LIMIT_STEPS: Final = (1.0, 1.5, 2.0, 3.0, 5.0, 7.5)
LEAST_GAP: Final = 10.0
MOST_GAP: Final = 2_000.0  # more isn't sold on a day
TENS: Final = 10.0 ** np.arange(1, 10)


def round_numbers(least: float, most: float) -> Floats:
    """Return the round dollars from `least` to `most`, both included."""
    numbers = [*SMALL, *(step * ten for ten in TENS for step in (*STEPS[1:], 10.0))]
    return np.array([number for number in numbers if least <= number <= most])


def settings(monthly: float, largest_burst: float) -> tuple[Floats, Floats]:
    """Return thresholds and reload-to amounts (dollars, two arrays of one length) to try at `monthly` dollars a month."""
    most_kept = max(6.0, 0.15 * monthly, 3.0 * largest_burst)
    thresholds = round_numbers(1.0, most_kept)
    pairs = []
    for threshold in thresholds:
        least = min(max(LEAST_GAP, 0.1 * monthly), MOST_GAP / 2)
        tos = round_numbers(threshold + least, threshold + min(max(40.0, 1.2 * monthly), MOST_GAP))
        smallest = [threshold + LEAST_GAP] if least == LEAST_GAP and (threshold + LEAST_GAP) not in tos else []
        pairs += [(threshold, reload_to) for reload_to in [*smallest, *tos]]
    found = np.array(pairs)
    return found[:, 0], found[:, 1]


def unevenness(thresholds: Floats, reload_tos: Floats) -> Floats:
    """Return how many of the two numbers aren't 1, 2 or 5 times a power of ten; the form's least reload-to amount counts as round."""
    even = np.array([step * ten for ten in (1.0, *TENS) for step in (1.0, 2.0, 5.0)])
    uneven: Floats = (~np.isin(thresholds, even)).astype(np.float64)
    uneven += ~np.isin(reload_tos, even) & (reload_tos != thresholds + LEAST_GAP)
    return uneven


def limit(amount: float, reload_to: float) -> float:
    """Return the round monthly limit nearest to an amount by ratio that allows one reload and the smallest purchase ($5)."""
    limits = np.array([step * ten for ten in (1.0, *TENS) for step in LIMIT_STEPS])
    allowed = limits[limits >= max(reload_to, 5.0)]
    return float(allowed[np.abs(np.log(allowed / max(amount, 5.0))).argmin()])


def at_least(amount: float) -> float:
    """Return the smallest round number that isn't below an amount."""
    numbers = round_numbers(amount, float("inf"))
    return float(numbers[0]) if len(numbers) else amount
