"""What a plan's allowance is worth at list prices, estimated from how full a window was and what had been used of it by then.

Allowances aren't published. A reading says how full a window was, a refusal says that it was full, and the calls until then say how much
had been used. A regression through the origin over these pairs gives the allowance; its standard error gives the range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from usage_analytics import format
from usage_analytics.answers.savings.calls import Flags, Floats

SESSION, WEEK = 5 * 3600.0, 7 * 86_400.0  # how long windows are, in seconds
MICROS: Final = 1e6
LEAST_PERCENT: Final = 5.0  # of a window, below which a reading says too little
UNSURE: Final = {1: 0.3, 2: 0.2}  # how unsure an allowance is that so many pairs speak of
LEAST_UNSURE: Final = 0.03
SURE: Final = 1.5  # standard errors, for nine in ten where there are few pairs
FULL: Final = 0.7  # of the fullest window, below which one was not full


@dataclass(frozen=True, slots=True)
class Pair:
    """What was used of a window (nano-dollars at list prices) when it was this full; a refusal is full."""

    used: float
    part: float


@dataclass(frozen=True, slots=True)
class Allowance:
    """Nano-dollars of list prices that a window holds, as an interval, and how many readings and refusals say so."""

    low: float
    mid: float
    high: float
    readings: int
    refusals: int

    @property
    def said(self) -> list[str]:
        """What says so: readings, and times that the window was full."""
        counts = ((self.readings, "reading", "readings"), (self.refusals, "time it was full", "times it was full"))
        return [format.plural(number, one, many) for number, one, many in counts if number]


@dataclass(frozen=True, slots=True)
class Seen:
    """How full a window of a gauge (session or weekly) was at a moment: 1 at a refusal. Moments are in seconds since 1970."""

    gauge: str
    at: float
    resets_at: float
    part: float
    refused: bool = False


def seen(balances: Mapping[str, Any], limits: Mapping[str, Any]) -> tuple[Seen, ...]:
    """Return how full windows were, oldest first, from the columns of the queries `balances` and `limits`."""
    found = []
    for gauge in ("session", "weekly"):
        percents, known = balances[f"{gauge}_percent"], ("seen_at", f"{gauge}_resets_at")
        for percent, at, ends in zip(_known(percents), *(_seconds(balances[name]) for name in known), strict=True):
            if percent is not None and at is not None and ends is not None:
                found.append(Seen(gauge, at, ends, percent / 100))
    for gauge, at, ends in zip(limits["gauge"], *(_seconds(limits[name]) for name in ("occurred_at", "resets_at")), strict=True):
        if gauge in ("session", "weekly") and at is not None and ends is not None:
            found.append(Seen(gauge, at, 60.0 * round(ends / 60), 1.0, refused=True))
    return tuple(sorted(found, key=lambda one: one.at))


def _known(column: Any) -> list[Any]:
    """The values of a column, None for those that are missing."""
    missing = np.ma.getmaskarray(np.ma.asarray(column)).tolist()
    return [None if gone else value for value, gone in zip(np.ma.getdata(column).tolist(), missing, strict=True)]


def _seconds(column: Any) -> list[float | None]:
    micros = np.ma.asarray(column).astype("datetime64[us]").astype("int64")
    return [None if micro is None else micro / MICROS for micro in _known(micros)]


def allowance(known: Sequence[Seen], gauge: str, used: Used) -> Allowance | None:
    """Return what a window of the gauge (session or weekly) holds, in nano-dollars; None if nothing shows it."""
    length = SESSION if gauge == "session" else WEEK
    read: dict[tuple[float, float], Pair] = {}
    full: dict[float, Pair] = {}
    for one in known:
        if one.gauge != gauge or one.part * 100 < LEAST_PERCENT or (one.refused and one.resets_at in full):
            continue
        if spent := used.between(one.resets_at - length, one.at):
            if one.refused:
                full[one.resets_at] = Pair(spent, 1.0)
            else:
                read[one.resets_at, one.at] = Pair(spent, one.part)
    return fitted([*read.values(), *full.values()], len(read), len(full))


def fitted(pairs: list[Pair], readings: int, refusals: int) -> Allowance | None:
    """Return the allowance that fits the pairs best, by regression through the origin; None if there are no pairs."""
    if not pairs:
        return None
    part, spent = np.array([one.part for one in pairs]), np.array([one.used for one in pairs])
    best = float((part * spent).sum() / (part**2).sum())
    unsure = UNSURE.get(len(pairs), 0.0)
    if not unsure:
        error = np.sqrt(((spent - best * part) ** 2).sum() / (len(pairs) - 1) / (part**2).sum())
        unsure = max(SURE * float(error) / best, LEAST_UNSURE)
    return Allowance(best * max(1 - unsure, 0.1), best, best * (1 + unsure), readings, refusals)


def moves(seconds: Floats, bill: Floats, plan: Flags, paid_by_credits: Flags) -> dict[str, Allowance | None]:
    """Return what windows hold by where credits took over from the plan, by gauge: used when no reading or refusal says it.

    If credits paid only until the session ended, the session was full. If they paid for longer, the week was full, and a new week began
    when the plan paid again. `seconds` and `bill` (nano-dollars) are arrays with one entry per call.
    """
    order = np.flatnonzero(plan | paid_by_credits)[np.argsort(seconds[plan | paid_by_credits], kind="stable")]
    at, on_credits = seconds[order], paid_by_credits[order]
    spent = np.concatenate([[0.0], np.cumsum(np.where(on_credits, 0, bill[order]))])
    starts, place = [], 0
    while place < len(at):
        starts.append(at[place])
        place = int(np.searchsorted(at, at[place] + SESSION))
    pairs: dict[str, list[Pair]] = {"session": [], "weekly": []}
    turns = np.flatnonzero(np.diff(on_credits.astype(int), prepend=0, append=0))
    for begin, end in zip(turns[::2], turns[1::2], strict=True):
        if not begin or end == len(at):
            continue  # what was there before, or when it ended, isn't known
        session = starts[int(np.searchsorted(starts, at[begin], side="right")) - 1]
        gauge = "session" if at[end - 1] < session + SESSION else "weekly"
        since = session if gauge == "session" else at[end] - WEEK
        if since >= at[0] and (used := float(spent[begin] - spent[np.searchsorted(at, since)])):
            pairs[gauge].append(Pair(used, 1.0))
    # a week that ended overnight looks like a session, and was far from full
    most = {gauge: max((one.used for one in found), default=0.0) for gauge, found in pairs.items()}
    full = {gauge: [one for one in found if one.used > FULL * most[gauge]] for gauge, found in pairs.items()}
    return {gauge: fitted(found, 0, len(found)) for gauge, found in full.items()}


class Used:
    """What the calls that draw on a plan had used by any moment, in nano-dollars at list prices."""

    def __init__(self, seconds: Floats, bill: Floats, draws: Flags) -> None:
        """Calls in any order; `draws` are those that count."""
        order = np.argsort(seconds[draws], kind="stable")
        self._at = seconds[draws][order]
        self._sum = np.concatenate([[0.0], np.cumsum(bill[draws][order])])
        self._first = float(seconds.min(initial=np.inf))

    def between(self, start: float, end: float) -> float | None:
        """Return what was used from `start` to `end` (seconds since 1970); None if the data begin later, or if nothing was used."""
        if start < self._first:
            return None
        first, last = np.searchsorted(self._at, (start, end))
        return float(self._sum[last] - self._sum[first]) or None
