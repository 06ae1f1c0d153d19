"""What the same calls would have cost with another lifetime of the cache: an hour, or five minutes, app by app.

Functions take calls and return calls, as in `replay`. A cache of an hour costs more to write and lasts through longer breaks.
"""

from __future__ import annotations

import numpy as np

from usage_analytics.answers.savings.calls import HOUR, MINUTES_5, READ, WRITE_1H, WRITE_5M, Calls, Floats, Integers

AN_HOUR, FIVE_MINUTES = 1, 2


def best_lifetime(calls: Calls, bridged: float, chosen: Integers | None = None) -> Calls:
    """For each app the cache's lifetime that would have cost least: as it was, an hour, or five minutes. What the plan paid stays."""
    best = chosen_lifetimes(lifetime_gains(calls, bridged, int(calls.app.max(initial=0)) + 1)) if chosen is None else chosen
    if not (by_call := best[calls.app]).any():
        return calls
    tokens = calls.tokens.copy()
    if (longer := by_call == AN_HOUR).any():
        np.copyto(tokens, an_hour(calls, bridged).tokens, where=longer)
    if (shorter := by_call == FIVE_MINUTES).any():
        np.copyto(tokens, five_minutes(calls).tokens, where=shorter)
    return calls.sending(tokens, as_long=True)


def lifetime_gains(calls: Calls, bridged: float, apps: int) -> Floats:
    """What an hour and five minutes of cache would have saved of each app, in nano-dollars: an array of (lifetime, app)."""
    others = an_hour(calls, bridged), five_minutes(calls)
    return np.stack(
        [
            np.bincount(calls.app, calls.bill - other.bill, minlength=apps) if other is not calls else np.zeros(apps)
            for other in others
        ]
    )


def chosen_lifetimes(gains: Floats) -> Integers:
    """For each app the lifetime that saves most: AN_HOUR, FIVE_MINUTES, or zero where neither saves anything."""
    found: Integers = np.argmax([np.zeros(gains.shape[1]), *gains], axis=0)
    return found


def an_hour(calls: Calls, bridged: float = HOUR) -> Calls:
    """A cache of an hour where there was one of five minutes: writes cost more, and breaks up to `bridged` seconds rebuild nothing."""
    if not calls.tokens[WRITE_5M].any():
        return calls
    tokens, gap = calls.tokens.copy(), calls.gap
    paused = ~calls.plan & (gap > MINUTES_5) & (gap <= bridged)
    again = np.where(paused, np.minimum(tokens[WRITE_5M], np.maximum(calls.cached - tokens[READ], 0)), 0)
    tokens[READ] += again
    tokens[WRITE_1H] += np.where(calls.plan, 0, tokens[WRITE_5M] - again)
    tokens[WRITE_5M] = np.where(calls.plan, tokens[WRITE_5M], 0)
    return calls.sending(tokens, as_long=True)


def five_minutes(calls: Calls, *, paid_by_plan: bool = False) -> Calls:
    """A cache of five minutes where there was one of an hour: writes cost less, and a longer break rebuilds all that was cached.

    What the plan paid stays as it was, or else is all that changes.
    """
    if not calls.tokens[WRITE_1H].any():
        return calls
    tokens, gap = calls.tokens.copy(), calls.gap
    moved = (tokens[WRITE_1H] > 0) | (calls.before(tokens[WRITE_1H]) > 0)
    moved &= calls.plan == paid_by_plan
    lost = np.where(moved & (gap > MINUTES_5) & (gap <= HOUR), np.minimum(tokens[READ], calls.cached), 0)
    tokens[READ] -= lost
    tokens[WRITE_5M] += lost + np.where(moved, tokens[WRITE_1H], 0)
    tokens[WRITE_1H] = np.where(moved, 0, tokens[WRITE_1H])
    return calls.sending(tokens, as_long=True)
