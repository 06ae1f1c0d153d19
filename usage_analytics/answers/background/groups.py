"""Calls by what they belong to, each group in the order of time; and what can be told within a group from the calls before one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from usage_analytics.answers.background.units import Array

SMALL: Final = 2**15
NEVER: Final = np.int64(-(2**62))
LONGEST: Final = 86_400_000  # milliseconds: a step of a day or more is only long


@dataclass(frozen=True, slots=True)
class Groups:
    """The calls sorted by group and then by time; in that order the group of each, whether it is the first of it, and where that is."""

    order: Array
    owner: Array
    begins: Array
    first: Array

    def parts(self) -> Iterator[tuple[int, Array]]:
        """Each group and its calls."""
        first = np.flatnonzero(self.begins)
        yield from zip(self.owner[first].tolist(), np.split(self.order, first[1:]), strict=True)


def groups(owner: Array) -> Groups:
    """Sort calls, which are in the order of time, by what they belong to."""
    narrow = len(owner) > 0 and owner.min() >= 0 and owner.max() < SMALL  # these are sorted several times as fast
    order = np.argsort(owner.astype(np.int16) if narrow else owner, kind="stable")
    sorted_owner = owner[order]
    begins = np.ones(len(owner), dtype=bool)
    begins[1:] = sorted_owner[1:] != sorted_owner[:-1]
    return Groups(order, sorted_owner, begins, np.maximum.accumulate(np.where(begins, np.arange(len(owner)), 0)))


def latest(moment: Array, of: Groups, marked: Array) -> Array:
    """At each call, the moment of the latest marked one of its group up to and with it; NEVER where there is none."""
    if not marked.any():
        return np.full(len(moment), NEVER)
    last = np.maximum.accumulate(np.where(marked[of.order], np.arange(len(moment)), -1))
    found = np.empty(len(moment), dtype=np.int64)
    found[of.order] = np.where(last >= of.first, moment[of.order[last]], NEVER)
    return found


def ever(of: Groups, marked: Array) -> Array:
    """At each call, whether it or one before it in its group is marked."""
    if marked.all() or not marked.any():
        return marked
    found = np.empty(len(marked), dtype=bool)
    found[of.order] = np.maximum.accumulate(np.where(marked[of.order], np.arange(len(marked)), -1)) >= of.first
    return found


def carried(values: Array, of: Groups, fresh: Array) -> Array:
    """The values of the fresh calls, carried on within each group; its first call has to be fresh."""
    place = np.maximum.accumulate(np.where(fresh[of.order], np.arange(len(values)), 0))
    found = np.empty_like(values)
    found[of.order] = values[of.order][place]
    return found


def since_before(moment: Array, of: Groups) -> Array:
    """At each call, how long after the one before it in its group, a day at most; a day for the first."""
    steps = np.full(len(moment), LONGEST)
    if len(moment) > 1:
        steps[1:] = np.minimum(np.diff(moment[of.order]), LONGEST)
    steps[of.begins] = LONGEST
    gaps = np.empty(len(moment), dtype=np.int64)
    gaps[of.order] = steps
    return gaps


def since_first(moment: Array, of: Groups) -> Array:
    """At each call, how long after the first of its group."""
    found = np.empty(len(moment), dtype=np.int64)
    found[of.order] = moment[of.order] - moment[of.order][of.first]
    return found
