"""What the rhythm of calls says about who makes them: machines keep time, people don't.

Everything at a call is told from that call and those before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics.answers.background.groups import Groups, carried, latest, since_before, since_first
from usage_analytics.answers.background.units import BREAK, DAY, HOUR, PAUSE, SECOND, Array

if TYPE_CHECKING:
    from usage_analytics.answers.background.calls import Calls

KNOWN: Final = 7 * DAY
STARTS: Final = 8  # beginnings that tell whether time is kept
REGULAR: Final = 0.25  # spread of the intervals between beginnings, as a part of their mean
LONGEST_STEP: Final = 26 * HOUR
REST: Final = 2 * HOUR
STEADY: Final = 2 * HOUR
STEADY_CALLS: Final = 15
UNEVEN: Final = 1.5  # spread of gaps, as a part of their mean: 1 where calls come by chance
ROUND_THE_CLOCK: Final = 19  # hours of the last 24, from which on nobody sleeps in between


def regular(moment: Array, of: Groups) -> Array:
    """Return whether, up to each call, the last starts of work in its group came at even intervals."""
    begins = since_before(moment, of) >= PAUSE
    at = of.order[begins[of.order]]
    marked = np.zeros(len(moment), dtype=bool)
    if len(at) > STARTS:
        marked[at[STARTS - 1 :]] = _keeps_time(moment[at].astype(np.float64), of.owner[begins[of.order]])
    return carried(marked, of, begins)


def _keeps_time(moment: Array, owner: Array) -> Array:
    """Whether the intervals between as many beginnings in a row are even; from the first that has enough before it."""
    steps = np.diff(moment, prepend=moment[0]) / SECOND
    total, square = np.cumsum(steps), np.cumsum(steps**2)
    count = STARTS - 1
    mean = (total[count:] - total[:-count]) / count
    spread = np.sqrt(np.maximum((square[count:] - square[:-count]) / count - mean**2, 0))
    return np.asarray((spread < REGULAR * mean) & (owner[count:] == owner[:-count]) & (mean < LONGEST_STEP / SECOND))


def sitting(moment: Array, of: Groups) -> Array:
    """Return how long, at each call, its group has gone on without a break; in milliseconds."""
    return np.asarray(moment - latest(moment, of, since_before(moment, of) >= BREAK))


def awake(moment: Array, of: Groups) -> Array:
    """Return in how many of the last 24 hours, at each call, its group made any call."""
    hour = moment // HOUR
    fresh = since_before(hour, of) > 0
    at = of.order[fresh[of.order]]
    key = of.owner[fresh[of.order]] * np.int64(2**32) + hour[at]
    count = np.zeros(len(moment), dtype=np.int64)
    count[at] = np.arange(len(key)) - np.searchsorted(key, key - 23) + 1
    return carried(count, of, fresh)


def steady(moment: Array, of: Groups) -> Array:
    """Whether up to each call its group has gone on for hours without a pause, at gaps no more uneven than chance makes them.

    People come in sittings, and their prompts lead to several calls at once; that makes gaps far more uneven.
    """
    gap = since_before(moment, of)
    rests = (gap >= REST)[of.order]
    place = np.arange(len(moment))
    begun = np.maximum.accumulate(np.where(rests | of.begins, place, 0))
    seconds = np.where(rests | of.begins, 0.0, gap[of.order] / SECOND)
    total, square = np.cumsum(seconds), np.cumsum(seconds**2)
    count, total, square = place - begun, total - total[begun], square - square[begun]
    even = count * square < (1 + UNEVEN**2) * total**2
    found = np.empty(len(moment), dtype=bool)
    found[of.order] = even & (total >= STEADY / SECOND) & (count >= STEADY_CALLS)
    return found


def human_like(calls: Calls, streams: Groups, gap: Array, asked: Array) -> Array:
    """Of the calls that are asked for, those before which somebody seems to have thought: a pause out of step, by a source that sleeps.

    A guess, for want of prompts; `gap` is how long after the call before it in its thread each is.
    """
    moment = calls.moment
    asked = asked & (gap >= PAUSE) & ~calls.failed
    if not asked.any():
        return asked
    usual = usual_gap(moment, streams, asked)
    chats = (usual >= PAUSE) & (since_first(moment, streams) >= KNOWN)
    sleeps = awake(moment, streams) < ROUND_THE_CLOCK
    return np.asarray(asked & ((gap >= 3 * usual) | chats) & sleeps)


def usual_gap(moment: Array, of: Groups, asked: Array, window: int = 8) -> Array:
    """At each call that is asked for, the median of the gaps before it in its group, itself not counted; 0 where there are not enough."""
    gaps = since_before(moment, of)[of.order].astype(np.float64)
    enough = np.flatnonzero((np.arange(len(gaps)) - of.first > window) & asked[of.order])
    usual = np.zeros(len(gaps))
    if len(enough):
        views = np.lib.stride_tricks.sliding_window_view(gaps, window)[enough - window]
        usual[enough] = np.partition(views, window // 2, axis=1)[:, window // 2]
    found = np.empty(len(gaps))
    found[of.order] = usual
    return found
