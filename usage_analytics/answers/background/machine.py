"""For logs without prompts: a sequential test of whether the gaps between calls are still a person's, against their own habits.

A machine's next gap is much like its last ones. A person's are as they were on the days before: short ones within the work that a prompt
leads to, long ones in which they read and type. The log-likelihood ratio of the two is summed from call to call and never falls below
zero (Page's CUSUM); where it is high enough, the calls since it last was zero are a machine's. At hours at which the person usually is
away, less is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics.answers.background.groups import NEVER, Groups, since_before
from usage_analytics.answers.background.units import BREAK, DAY, HABIT_DAYS, SECOND, Array

if TYPE_CHECKING:
    from usage_analytics.answers.background.calls import Calls

BINS: Final = 12  # of the binary logarithm of a gap in seconds
SPREAD: Final = 0.9  # of a machine's gaps about the median of its last ones, as a standard deviation of that logarithm
SURE: Final = 7.0  # log-likelihood ratio from which on calls are a machine's
SURE_AWAY: Final = 3.5  # the same at hours at which the person usually is away
MOST: Final = 1.5  # of what one call can add
CAP: Final = 11.0  # how sure at most, so that a person who comes back is noticed soon
DAYS_TO_KNOW: Final = 5
CALLS_TO_KNOW: Final = 100


@dataclass(frozen=True, slots=True)
class Alone:
    """At each call, whether a machine makes it, judged by the calls up to it, and since when."""

    machine: Array
    since: Array  # a moment; NEVER where it is a person's


def alone(calls: Calls, threads: Groups, asked: Array, away: Array, lately: Array) -> Alone:
    """Return which of one person's calls, among those in the mask `asked`, a machine made; each conversation is tested by itself.

    `away` marks hours at which they are not there; `lately` is the median of the gaps before each call, 0 where there are too few.
    """
    order, moment = threads.order[asked[threads.order]], calls.moment
    if not len(order):
        return Alone(np.zeros(len(calls), dtype=bool), np.full(len(calls), NEVER))
    gap = since_before(moment, threads)
    size = np.log2(np.clip(gap / SECOND, 1, None))
    own = np.minimum(size, BINS - 1).astype(np.int64)
    person = _usual(calls.stream, moment, own, (gap < BREAK) & asked)
    last = np.log2(np.clip(lately / SECOND, 0.5, None))
    ratio = np.minimum(np.log(_density(own - last + 0.5)) - person, MOST)
    ratio[(last < 0) | (person == 0) | ~asked] = 0.0
    score, begun = _summed(ratio[order], (gap >= BREAK)[order])
    found = score >= np.where(away[order], SURE_AWAY, SURE)
    machine, since = np.zeros(len(calls), dtype=bool), np.full(len(calls), NEVER)
    machine[order] = found
    since[order[found]] = moment[order][begun[found]]
    return Alone(machine, since)


def _summed(ratio: Array, fresh: Array) -> tuple[Array, Array]:
    """The sums up to each call, within 0 and CAP, and the call at which each was last zero; a break begins anew."""
    score, begun, total, start = [0.0] * len(ratio), [0] * len(ratio), 0.0, 0
    for place, (one, new) in enumerate(zip(ratio.tolist(), fresh.tolist(), strict=True)):
        total += one
        if new or total <= 0:
            total, start = 0.0, place
        elif total > CAP:
            total = CAP
        score[place], begun[place] = total, start
    return np.array(score), np.array(begun, dtype=np.int64)


def _density(far: Array) -> Array:
    """How likely a machine's gap is in a bin whose middle lies so far from the median of its last ones; heavy tails, as some wait now and
    then."""
    return np.asarray(0.9 * np.exp(-0.5 * (far / SPREAD) ** 2) / (SPREAD * 2.507) + 0.1 / BINS)


def _usual(stream: Array, moment: Array, own: Array, counts: Array) -> Array:
    """At each call, the log of how often its stream's gaps were of that size on the days before; 0 where too little is known."""
    day = moment // DAY
    found = np.zeros(len(moment))
    for one in np.unique(stream[counts]):
        here = np.flatnonzero(stream == one)
        days, place = np.unique(day[here], return_inverse=True)
        table = np.bincount(place * BINS + own[here], counts[here], len(days) * BINS).reshape(-1, BINS)
        until = np.cumsum(table, axis=0)
        before = np.zeros_like(until)
        before[1:] = until[:-1]
        old = np.searchsorted(days, days - HABIT_DAYS)
        before -= np.where((old > 0)[:, None], until[np.maximum(old - 1, 0)], 0.0)
        many = before.sum(axis=1)
        shares = np.log((before + 0.5) / (many + 0.5 * BINS)[:, None])
        shares[(many < CALLS_TO_KNOW) | (np.arange(len(days)) < DAYS_TO_KNOW)] = 0.0
        found[here] = shares[place, own[here]]
    return found
