"""Whether habits have changed, and since when: a posterior over the day of the last change, with none the most likely beforehand.

We watch two things, since either may change alone: how many sessions a day has (a Poisson rate with a gamma prior, weekends apart)
and what a session costs (log-normal, with a normal-gamma prior). Both priors are weak and centered on the person's own mean. People
vary from week to week without a change, so the evidence is divided by how much blocks of a few days vary beyond chance, shrunk
towards `USUAL_WAVES` if there are few blocks. The mean time between changes is `RARE_DAYS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import lgamma, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RARE_DAYS: Final = 150.0
BLOCK_DAYS: Final = 4
USUAL_WAVES: Final = 5.0
USUAL_BLOCKS: Final = 4.0
LEAST_AFTER: Final = 4  # days
LEAST_BEFORE: Final = 6
CERTAIN: Final = 0.9
LEAST_CHANGE: Final = 0.4  # in logarithms, by half as much again: less is no news
PAUSE_MS: Final = 1_800_000  # a longer pause, or midnight, ends a session
PRIOR_SESSIONS: Final = 0.2  # that the mean cost is worth beforehand
PRIOR_SHAPE: Final = 2.0  # of the spread of costs
log_gamma = np.vectorize(lgamma, otypes=[np.float64])


@dataclass(frozen=True, slots=True)
class Change:
    """`same` is each day's chance to belong to today's habits, latest day first; `chance` is that of any change within these days.

    `days_ago` is the most likely day of the change and `times` a day's cost since, relative to before; both are None with too few
    days.
    """

    same: Floats
    chance: float
    days_ago: int | None = None
    times: float | None = None

    @property
    def certain(self) -> bool:
        """Return whether the change is certain and large enough to mention."""
        return self.chance >= CERTAIN and self.times is not None and abs(log(max(self.times, 1e-6))) >= LEAST_CHANGE


def change_of(ages: Ints, costs: Floats, daily: Floats, weekend: NDArray[np.bool_]) -> Change:
    """Return the change. Each session has an age in days (`ages`) and a cost in dollars; `daily` holds dollars, latest day first."""
    days, silent = len(daily), int(ages.min()) if len(ages) else 0  # silence may as well be that nothing has been imported since
    after = np.arange(silent + LEAST_AFTER, days - LEAST_BEFORE + 1)
    if not len(after) or len(ages) < 2:
        return Change(np.ones(days), 0.0)
    logs = np.log(np.maximum(costs, 1e-4))
    logs = logs - logs.mean()
    by_day = [np.bincount(ages, of, minlength=days).astype(np.float64) for of in (None, logs, logs**2)]
    expected = usual_sessions(by_day[0], weekend) * (np.arange(days) >= silent)
    number, total, square, room = (np.append(0.0, np.cumsum(one)) for one in (*by_day, expected))
    variance = max(float(square[-1] / number[-1]), 0.05)

    def split(evidence: Callable[[Ints, Ints], Floats]) -> Floats:
        """How much more two spans explain than one, for each day between them."""
        none, all_ = np.zeros(1, np.int64), np.full(1, days)
        return evidence(none, after) + evidence(after, all_) - evidence(none, all_)

    rates = split(lambda since, until: rate_evidence(number[until] - number[since], room[until] - room[since]))
    prices = split(
        lambda since, until: cost_evidence(
            number[until] - number[since], total[until] - total[since], square[until] - square[since], variance
        )
    )
    most = int(after[int((rates + prices).argmax())])
    spans = (slice(0, most), slice(most, days))
    rates /= waves([counted(by_day[0][part], expected[part]) for part in spans])
    prices /= waves([priced(*(one[part] for one in by_day)) for part in spans])
    odds = rates + prices - log(RARE_DAYS)
    chances = np.exp(np.append(odds, 0.0) - max(float(odds.max()), 0.0))  # the last one: that there was no change
    chances /= chances.sum()
    later = np.append(np.cumsum(chances[:-1][::-1])[::-1], 0.0)  # a day is of today's habits where the change lies before it
    same = chances[-1] + later[np.clip(np.arange(days) - after[0] + 1, 0, len(after))]
    most = int(after[int(chances[:-1].argmax())])
    before = float(daily[most:].mean())
    return Change(same, 1 - float(chances[-1]), most, float(daily[silent:most].mean()) / before if before > 0 else None)


def counted(number: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """Return the sessions of each day, and how many to expect at the span's rate."""
    return number, expected * (number.sum() / max(float(expected.sum()), 1e-9))


def priced(number: Floats, total: Floats, square: Floats) -> tuple[Floats, Floats]:
    """Return how far each day's costs are from the span's mean, scaled and added to its sessions, and the sessions."""
    many = max(float(number.sum()), 1.0)
    mean = total.sum() / many
    variance = max(square.sum() / many - mean**2, 0.05)
    apart: Floats = (total - mean * number) / np.sqrt(variance)
    return apart + number, number


def waves(spans: list[tuple[Floats, Floats]]) -> float:
    """Return how much further blocks of days are from what's expected than chance alone explains; at least 1."""
    squares = blocks = 0.0
    for found, expected in spans:
        starts = np.arange(0, len(found), BLOCK_DAYS)
        apart, room = np.add.reduceat(found - expected, starts), np.add.reduceat(expected, starts)
        squares += float((apart[room > 0] ** 2 / room[room > 0]).sum())
        blocks += max(float((room > 0).sum()) - 1, 0.0)
    return max(1.0, (squares + USUAL_WAVES * USUAL_BLOCKS) / (blocks + USUAL_BLOCKS))


def sessions(moments: NDArray[np.int64], usd: Floats, end: int) -> tuple[NDArray[np.int64], Floats]:
    """Return each session's age in days before `end` and its cost; moments in milliseconds, in order."""
    ages = (end - 1 - moments) // 86_400_000
    begun = np.flatnonzero(
        (np.diff(moments, prepend=moments[:1] - PAUSE_MS - 1) > PAUSE_MS) | (np.diff(ages, prepend=ages[:1]) != 0)
    )
    return ages[begun], np.add.reduceat(usd, begun) if len(begun) else usd


def usual_sessions(counts: Floats, weekend: NDArray[np.bool_]) -> Floats:
    """Return the usual sessions of each day, a working day or a weekend; the mean counts as one more day of each."""
    mean = max(float(counts.mean()), 1e-9)
    share = [(counts[weekend == kind].sum() + mean) / ((weekend == kind).sum() + 1) / mean for kind in (False, True)]
    found: Floats = np.where(weekend, share[1], share[0]) * mean
    return found


def rate_evidence(number: Floats, expected: Floats) -> Floats:
    """Return the log evidence for one rate over each span, up to a term that all splits share."""
    found: Floats = log_gamma(1 + number) - (1 + number) * np.log(1 + expected)
    return found


def cost_evidence(number: Floats, total: Floats, square: Floats, variance: float) -> Floats:
    """The same for one mean and spread of log costs."""
    weight, shape = PRIOR_SESSIONS + number, PRIOR_SHAPE + number / 2
    rate = PRIOR_SHAPE * variance + (square - total**2 / weight) / 2
    found: Floats = (
        log_gamma(shape) - lgamma(PRIOR_SHAPE) + PRIOR_SHAPE * log(PRIOR_SHAPE * variance) - shape * np.log(rate)
    ) + np.log(PRIOR_SESSIONS / weight) / 2
    return found
