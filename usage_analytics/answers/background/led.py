"""What a prompt leads to: the calls of its conversation until the next prompt, and those of the agents that these start.

A conversation in which nobody has typed belongs to the prompt that its app was working on when it began; that is how subagents are logged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics.answers.background.groups import NEVER, Groups, carried, groups, latest, since_before
from usage_analytics.answers.background.units import MINUTE, Array

if TYPE_CHECKING:
    from usage_analytics.answers.background.calls import Calls

JOINS: Final = 3 * MINUTE  # after a call that a prompt led to: what begins within it was started by that work
LONGEST: Final = 60 * MINUTE  # after the prompt, from which on nothing that begins is taken for its work


def roots(calls: Calls, streams: Groups, threads: Groups, prompted: Array, apart: Array) -> Array:
    """Return for each call the moment of the prompt that led to it, or NEVER; `apart` marks calls that no prompt can have led to."""
    moment = calls.moment
    own = latest(moment, threads, prompted)
    working = latest(moment, streams, (own != NEVER) & (moment - own < LONGEST) & ~apart)  # the last call of led work
    begins = since_before(moment, threads) >= LONGEST
    before = _before(working, streams)
    joins = (own == NEVER) & begins & ~apart & (moment - before <= JOINS) & (before != NEVER)
    joined = carried(joins.astype(np.int64), threads, begins).astype(bool) & ~apart
    elsewhere = latest(moment, streams, prompted)
    return np.where(own != NEVER, own, np.where(joined, elsewhere, NEVER))


def _before(values: Array, of: Groups) -> Array:
    """At each call, the value of the one before it in its group; NEVER for the first."""
    moved = np.full(len(values), NEVER)
    moved[1:] = values[of.order][:-1]
    moved[of.begins] = NEVER
    found = np.empty_like(moved)
    found[of.order] = moved
    return found


def led_to(calls: Calls, root: Array) -> Array:
    """Return for each call the nano-dollars spent so far because of the prompt that led to it; 0 if no prompt did."""
    known = root != NEVER
    of = groups(calls.stream * np.int64(2**44) + np.where(known, root + 1, 0))
    total = np.cumsum(calls.nanos[of.order])
    found = np.empty(len(calls))
    found[of.order] = total - (total - calls.nanos[of.order])[of.first]
    return np.where(known, found, 0.0)
