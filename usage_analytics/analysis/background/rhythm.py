"""What the rhythm of calls says of who makes them: machines keep time, people do not.

Everything at a call is told from that call and those before it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from usage_analytics.analysis.background.calls import DAY, HOUR, SECOND, Array, Calls

PAUSE: Final = 45 * SECOND  # from which on a call begins something new
KNOWN: Final = 7 * DAY
BREAK: Final = 15 * 60 * SECOND
STARTS: Final = 8  # beginnings that tell whether time is kept
REGULAR: Final = 0.25  # spread of the intervals between beginnings, as a part of their mean
NEVER: Final = np.int64(-(2**62))
ROUND_THE_CLOCK: Final = 19  # hours of the last 24, from which on nobody sleeps in between


def latest(moment: Array, group: Array, marked: Array) -> Array:
    """At each call, the moment of the latest marked one of its group up to and with it; NEVER where there is none."""
    order = np.argsort(group, kind="stable")
    width = np.int64(moment[-1] - moment[0] + 2) if len(moment) else np.int64(1)
    base = group[order] * width
    values = np.where(marked[order], base + 1 + moment[order] - (moment[0] if len(moment) else 0), base)
    reached = np.maximum.accumulate(values) - base
    found = np.empty(len(moment), dtype=np.int64)
    found[order] = np.where(reached > 0, reached - 1 + (moment[0] if len(moment) else 0), NEVER)
    return found


def first_of(moment: Array, group: Array) -> Array:
    """At each call, the first moment of its group."""
    _, first, place = np.unique(group, return_index=True, return_inverse=True)
    return np.asarray(moment[first][place])


def since_before(moment: Array, group: Array) -> Array:
    """At each call, how long after the one before it in its group; a day for the first."""
    order = np.argsort(group, kind="stable")
    gaps = np.empty(len(moment), dtype=np.int64)
    sorted_moments, sorted_groups = moment[order], group[order]
    steps = np.diff(sorted_moments, prepend=0)
    steps[np.diff(sorted_groups, prepend=-1) != 0] = DAY
    gaps[order] = np.minimum(steps, DAY)
    return gaps


def regular(calls: Calls, group: Array) -> Array:
    """Whether, up to each call, the last beginnings in its group kept time."""
    begins = since_before(calls.moment, group) >= PAUSE
    at = np.flatnonzero(begins)
    order = at[np.argsort(group[at], kind="stable")]
    moment, owner = calls.moment[order].astype(np.float64), group[order]
    keeps = np.zeros(len(order), dtype=bool)
    if len(order) > STARTS:
        steps = np.diff(moment, prepend=moment[0]) / SECOND
        total, square = np.cumsum(steps), np.cumsum(steps**2)
        count = STARTS - 1
        mean = (total[count:] - total[:-count]) / count
        spread = np.sqrt(np.maximum((square[count:] - square[:-count]) / count - mean**2, 0))
        keeps[count:] = (spread < REGULAR * mean) & (owner[count:] == owner[:-count]) & (mean < 26 * HOUR / SECOND)
    marked = np.zeros(len(calls), dtype=bool)
    marked[order[keeps]] = True
    began = latest(calls.moment, group, begins)
    return np.asarray((latest(calls.moment, group, marked) == began) & (began != NEVER))


def sitting(moment: Array, group: Array) -> Array:
    """At each call, how long its group has gone on without a break."""
    return np.asarray(moment - latest(moment, group, since_before(moment, group) >= BREAK))


def awake(calls: Calls, group: Array) -> Array:
    """At each call, in how many of the last 24 hours its group made any."""
    hour = calls.moment // HOUR
    fresh = since_before(hour, group) > 0
    order = np.flatnonzero(fresh)
    order = order[np.argsort(group[order], kind="stable")]
    hours, owner = hour[order], group[order]
    key = owner * np.int64(2**32) + (hours - hours.min() + 48 if len(hours) else 0)
    count = np.arange(len(key)) - np.searchsorted(key, key - 23) + 1
    found = np.zeros(len(calls), dtype=np.int64)
    found[order] = count
    return _carried(found, fresh, group)


def _carried(values: Array, fresh: Array, group: Array) -> Array:
    """The values of the fresh ones, carried on within each group."""
    order = np.argsort(group, kind="stable")
    place = np.maximum.accumulate(np.where(fresh[order], np.arange(len(order)), 0))
    carried = np.empty_like(values)
    carried[order] = values[order][place]
    return carried


def human_like(calls: Calls, group: Array, thread: Array, program: Array) -> Array:
    """Calls before which somebody seems to have thought: a pause out of step, by a source that sleeps. A guess, for want of prompts."""
    gap = since_before(calls.moment, thread)
    usual = _usual_gap(calls.moment, group)
    known = calls.moment - first_of(calls.moment, group) >= KNOWN
    out_of_step = (gap >= PAUSE) & ((gap >= 3 * usual) | (known & (usual >= PAUSE)))
    return np.asarray(out_of_step & ~regular(calls, group) & (awake(calls, group) < ROUND_THE_CLOCK) & ~program & ~calls.failed)


def _usual_gap(moment: Array, group: Array, window: int = 8) -> Array:
    """At each call, the median of the gaps before it in its group, itself not counted."""
    order = np.argsort(group, kind="stable")
    gaps = since_before(moment, group)[order].astype(np.float64)
    padded = np.concatenate([np.full(window, np.nan), gaps[:-1]]) if len(gaps) else np.full(window, np.nan)
    views = np.lib.stride_tricks.sliding_window_view(padded, window)[: len(gaps)]
    first = np.searchsorted(group[order], group[order])
    seen = np.arange(len(gaps)) - first
    enough = seen > window
    usual = np.zeros(len(gaps))
    usual[enough] = np.partition(views[enough], window // 2, axis=1)[:, window // 2]
    found = np.empty(len(gaps))
    found[order] = usual
    return found
