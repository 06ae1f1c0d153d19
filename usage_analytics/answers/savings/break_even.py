"""How much monthly use makes a plan pay off, and makes it the cheapest: the person's own hours, scaled up or down."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from usage_analytics.answers.savings.ranges import MID
from usage_analytics.answers.savings.windows import FEES, USD, Holds, Hours

GRID: Final = tuple(float(use) for use in np.geomspace(2 * USD, 20_000 * USD, 80))  # uses a month at which plans are compared
HALVINGS: Final = 24


def break_even(hours: Hours, holds: Holds, month: float) -> dict[str, int]:
    """Return the monthly use above which each plan costs less than paying per call, in nano-dollars; plans that never do are left out."""
    total, found = float(hours.value.sum()) * month, {}
    for plan in FEES if total else ():
        windows = holds.windows[plan][MID] if holds.whole and plan in holds.windows else (np.inf, np.inf)
        if plan == "api":
            continue

        def saves(use: float, windows: tuple[float, ...] = windows, fee: int = FEES[plan]) -> bool:
            return (use - hours.beyond_at(use / total, *windows) * month) * holds.dearer > fee

        if saves(GRID[-1]):
            found[plan] = round(_from(saves, 0.0, GRID[-1]))
    return found


def cheapest_from(hours: Hours, holds: Holds, month: float) -> dict[str, int]:
    """Return the monthly use above which each plan is the cheapest, in nano-dollars; empty if we don't know what windows hold."""
    total = float(hours.value.sum()) * month
    if not (total and holds.whole):
        return {}

    def cost(plan: str, use: float) -> float:
        beyond = use if plan == "api" else hours.beyond_at(use / total, *holds.windows[plan][MID]) * month
        return FEES[plan] + beyond * holds.dearer

    best = [min(FEES, key=lambda plan: cost(plan, use)) for use in GRID]
    found = {best[0]: 0}
    for place in range(1, len(GRID)):
        if best[place] not in found:
            now, then = best[place], best[place - 1]
            cheaper = partial(_cheaper, cost, now, then)
            found[now] = round(_from(cheaper, GRID[place - 1], GRID[place]))
    return found


def _cheaper(cost: Callable[[str, float], float], plan: str, other: str, use: float) -> bool:
    return cost(plan, use) < cost(other, use)


def _from(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Return where a condition begins to hold, by bisection; it holds at `high` and not at `low`."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
