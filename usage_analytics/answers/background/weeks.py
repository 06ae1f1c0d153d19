"""The four weeks before a day. Habits are judged by these, never by the day itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from usage_analytics.answers.background.units import DAY, HABIT_DAYS, Array


@dataclass(frozen=True, slots=True)
class Days:
    """The days (since 1970) on which calls were made, in order; the first call of each, and how many there are."""

    days: Array
    first: Array
    lasts: Array

    def spread(self, values: Array) -> Array:
        """At each call, the value of its day."""
        return np.repeat(values, self.lasts)


def days_of(moment: Array) -> Days:
    """The days of calls, which are in the order of time."""
    day = moment // DAY
    first = np.flatnonzero(np.diff(day, prepend=-1))
    return Days(day[first], first, np.diff(first, append=len(day)))


def weeks_before(days: Array, values: Array) -> Array:
    """Return one row per day with the values of the 28 days before it; NaN for a day without one."""
    place = days - days[0]
    known = np.full(HABIT_DAYS + int(place[-1]) + 1, np.nan)
    known[HABIT_DAYS + place] = values
    return np.asarray(np.lib.stride_tricks.sliding_window_view(known, HABIT_DAYS)[place])
