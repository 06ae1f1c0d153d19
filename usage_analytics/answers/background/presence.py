"""How likely a person is to be back soon, by their own last weeks. This tells a pause from having left.

Where nobody has typed for an hour, the chance of a prompt within the next hour and a half at that half hour of the day is counted on the
days before on which nobody had typed for an hour at that time either; days on which they had been there within hours count most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from usage_analytics.answers.background.units import DAY, HABIT_DAYS, HOUR, MINUTE, Array

UNLIKELY: Final = 0.18  # chance of being back: below it, a person who has not typed for an hour is taken to have left
BIN: Final = 30 * MINUTE
BINS: Final = DAY // BIN
AHEAD: Final = 8  # bins within which the person would be back
LATELY: Final = 12  # bins before these: who has been there within them is at work, and may be back
PRIOR: Final = 3  # days of any kind that count beside those of the same part of the week
DAYS_TO_KNOW: Final = 5  # active days before hours can be called quiet
QUIET: Final = (0.3, 0.25)  # of their busiest hours, and of the days: where a person comes within two hours on fewer, it is quiet
UNUSUAL_HOURS: Final = 3  # quiet hours with a person there a night ago: the clock does not hold, as on a journey
STRANGE: Final = (48, 6)  # hours before, from and to which they count: what goes on now tells nothing


@dataclass(frozen=True, slots=True)
class Presence:
    """At each call, by the days before its own."""

    returns: Array  # the chance that the person is back soon, 1 where too little is known
    gone_for: Array  # hours until they are back, on average, a day at most; 0 where too little is known
    away: Array  # at its hour the person usually does not come
    strange: Array  # lately they have been there at such hours all the same
    usual: Array  # 24 shares of days on which they come within two hours, by the hour: at the last call


def presence(moment: Array, prompted: Array, present: Array) -> Presence:
    """Return how likely the person is to be there at each call.

    `moment` is in milliseconds since 1970, sorted; `prompted` marks calls that a prompt led to; `present` holds further moments at which
    the person typed something.
    """
    day, bin_ = moment // DAY, moment % DAY // BIN
    days = np.arange(day[0], day[-1] + 1)
    there = np.zeros((len(days), BINS), dtype=bool)
    there[day[prompted] - days[0], bin_[prompted]] = True
    seen = present[(present >= days[0] * DAY) & (present <= moment[-1])]
    there[seen // DAY - days[0], seen % DAY // BIN] = True
    flat = there.ravel()
    gone = ~(_moved(flat, 1) | _moved(flat, 2)).reshape(there.shape)
    lately = np.logical_or.reduce([_moved(flat, behind) for behind in range(3, LATELY)]).reshape(there.shape)
    back = np.logical_or.reduce([_moved(flat, -ahead) for ahead in range(AHEAD)]).reshape(there.shape) & gone
    weekend = (days + 3) % 7 >= 5
    active = np.asarray(there.any(axis=1))
    known = _before(active[:, None]) >= DAYS_TO_KNOW
    chance = np.where(known, _chance(back, gone, lately, active[:, None], weekend), 1.0)
    hours = gone * _until_back(flat).reshape(there.shape)
    gone_for = np.where(known, _chance(hours, gone, lately, active[:, None], weekend), 0.0)
    comes = np.asarray(there.reshape(len(days), 24, -1).any(axis=2))
    usual = _hours(comes, weekend)
    away = np.asarray(usual < np.minimum(QUIET[0] * usual.max(axis=1, keepdims=True), QUIET[1]))
    at = day - days[0], bin_ // 2
    strange = np.asarray(_strange(comes & away))[at]
    now = day - days[0], bin_
    return Presence(np.where(strange, 1.0, chance[now]), np.where(strange, 0.0, gone_for[now]), away[at], strange, usual[-1])


def _until_back(flat: Array) -> Array:
    """At each half hour, the hours until the next in which the person is there, a day at most."""
    count = len(flat)
    following = np.minimum.accumulate(np.where(flat, np.arange(count), count + BINS)[::-1])[::-1]
    return np.asarray(np.minimum(following - np.arange(count), BINS) * (BIN / HOUR))


def _chance(back: Array, gone: Array, lately: Array, active: Array, weekend: Array) -> Array:
    """Of the half hours of each day: how often the person was back, of the days before it on which they were gone.

    With hours in place of whether they were back: how many these are on average.
    """
    overall = (_before(back * active) + 0.25) / (_before(gone & active) + 1)
    usual = (_alike(back, weekend) + PRIOR * overall) / (_alike(gone, weekend) + PRIOR)
    at_work = gone & lately
    chance = (_before(back * at_work) + PRIOR * usual) / (_before(at_work) + PRIOR)
    return np.asarray(chance)


def _before(marked: Array) -> Array:
    """For each day, on how many of the weeks before it; what comes after the last of them, the day before, is not known yet."""
    total = np.concatenate([np.zeros((1, marked.shape[1]), dtype=np.int64), np.cumsum(marked, axis=0)])
    place = np.arange(len(marked))
    return np.asarray(total[np.maximum(place - 1, 0)] - total[np.maximum(place - HABIT_DAYS, 0)])


def _alike(marked: Array, weekend: Array) -> Array:
    """The same of weekends for a day of the weekend, of other days for another day."""
    at = weekend[:, None]
    return np.where(at, _before(marked * at), _before(marked * ~at))


def _strange(unusual: Array) -> Array:
    """Whether in the day and a half before each hour the person was there in several at which they never are."""
    flat = np.cumsum(unusual.ravel())
    until = np.concatenate([[0], flat[:-1]])
    early, late = (np.concatenate([np.zeros(hours, dtype=flat.dtype), until])[: len(until)] for hours in STRANGE)
    return np.asarray((late - early).reshape(unusual.shape) >= UNUSUAL_HOURS)


def _hours(hours: Array, weekend: Array) -> Array:
    """For each day, on which share of the days before it the person comes within two hours of each hour; 1 where too little is known."""
    flat = hours.ravel()
    comes = (flat | np.roll(flat, -1) | np.roll(flat, -2)).reshape(hours.shape)
    active = np.asarray(hours.any(axis=1))[:, None]
    count = _before(active)
    overall = _before(comes & active) / np.maximum(count, 1)
    usual = (_alike(comes, weekend) + PRIOR * overall) / (_alike(np.ones_like(active), weekend) + PRIOR)
    return np.where(count >= DAYS_TO_KNOW, usual, 1.0)


def _moved(flat: Array, by: int) -> Array:
    """Each value `by` bins later (earlier where negative); nothing comes in at the ends."""
    found = np.zeros_like(flat)
    if by > 0:
        found[by:] = flat[:-by]
    elif by < 0:
        found[:by] = flat[-by:]
    else:
        found = flat.copy()
    return found
