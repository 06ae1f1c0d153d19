"""Fan-outs, attended or not: far more calls and dollars within minutes than at any time in earlier weeks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from usage_analytics.answers.background.thresholds import DEFAULT, Thresholds
from usage_analytics.answers.background.units import HOUR, Array

if TYPE_CHECKING:
    from usage_analytics.answers.background.paces import Pace


@dataclass(frozen=True, slots=True)
class Work:
    """What a stream did by itself, led or not, in order: moments and nano-dollars; and what is known at each call."""

    moment: Array
    nanos: Array
    root: Array  # the moment of the prompt that led to it
    base: Array  # nano-dollars that are needed
    paces: tuple[Pace, ...]  # one for each of the widths


@dataclass(frozen=True, slots=True)
class Burst:
    """Indices into the work, and the dollars that told."""

    first: int
    flagged: int
    last: int
    now: float
    usual: float
    needed: float
    width: int
    wide: float
    by_calls: bool  # whether there were far more calls than ever, not only far more dollars


def bursts(work: Work, thresholds: Thresholds = DEFAULT) -> Iterator[Burst]:
    """Yield the bursts in order of time; each is over when the burn rate is back to normal."""
    needed = np.stack([one.needed(work.base, thresholds) for one in work.paces])
    beyond = np.stack([one.nanos for one in work.paces]) / needed
    high = beyond.max(axis=0) >= 1
    longest, start = work.paces[-1], 0
    while len(found := np.flatnonzero(high[start:])):
        flagged = start + int(found[0])
        pace = work.paces[which := int(beyond[:, flagged].argmax())]
        since = max(int(work.moment[flagged]) - longest.width, int(work.root[flagged]))
        first = max(start, int(np.searchsorted(work.moment, since)))
        settled = work.moment[flagged:] > work.moment[flagged] + longest.width
        slow = np.flatnonzero(
            (settled & (longest.wide[flagged:] < 1) & (longest.dear[flagged:] < 1))
            | (np.diff(work.moment[flagged:], append=2**60) > HOUR)
        )
        last = flagged + (int(slow[0]) if len(slow) else len(work.moment) - 1 - flagged)
        yield Burst(
            first,
            flagged,
            last,
            float(pace.nanos[flagged]),
            float(pace.most[flagged]),
            float(needed[which, flagged]),
            pace.width,
            float(pace.wide[flagged]),
            bool(pace.is_wide(thresholds)[flagged]),
        )
        start = int(np.searchsorted(work.moment, work.moment[last] + thresholds.again))
