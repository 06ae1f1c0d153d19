"""Long runs after a last prompt, for people whose hours we don't know yet: what many people's runs turned out to be decides.

A run is worth a flag if the flag is more likely right than wrong, and waiting is expected to cost more than a false alarm.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from usage_analytics.answers.background import learned
from usage_analytics.answers.background.units import HOUR, MINUTE, Array

FALSE_ALARM: Final = 25e9  # nano-dollars that a false alarm is taken to cost
UNTIL_SEEN: Final = 8  # hours until somebody looks, where their hours are not known
LEAST: Final = 3e9  # nano-dollars that a run has to have spent: of those the shares were counted


def worth_a_flag(alone: Array, spent: Array) -> Array:
    """Return for each run whether it's worth a flag, given the milliseconds since its prompt and the nano-dollars spent since then."""
    rate = spent / np.maximum(alone / HOUR, MINUTE / HOUR)
    row = np.searchsorted(learned.MINUTES, alone / MINUTE, side="right") - 1
    column = np.searchsorted(learned.RATES, rate / 1e9, side="right") - 1
    drain = np.where((row >= 0) & (spent >= LEAST), np.array(learned.DRAINS)[np.maximum(row, 0), column], 0.0)
    return np.asarray((drain > 0.5) & (drain * rate * UNTIL_SEEN >= (1 - drain) * FALSE_ALARM))
