"""What a plan's allowance is worth at list prices, judged by what was used when a window was known to be so full.

Allowances are not published. A reading says how full a window was, and a refusal that it was full; the calls until then say what had been
used. The line through the origin that fits these pairs best is the allowance, and how far they lie from it says how sure that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from usage_analytics import format
from usage_analytics.answers.savings.calls import Flags, Floats

SESSION, WEEK = timedelta(hours=5), timedelta(days=7)
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
        counts = ((self.readings, "reading", "readings"), (self.refusals, "time that it was full", "times that it was full"))
        return [format.plural(number, one, many) for number, one, many in counts if number]


def allowance(readings: pd.DataFrame, limits: pd.DataFrame, gauge: str, used: Used) -> Allowance | None:
    """The allowance of the windows of a gauge, session or weekly; None where nothing is known of it.

    `readings` are rows of the query `balances`, `limits` of `limits`.
    """
    length = SESSION if gauge == "session" else WEEK
    seen: dict[tuple[Any, Any], Pair] = {}
    for row in readings.dropna(subset=[f"{gauge}_percent", f"{gauge}_resets_at"]).to_dict("records"):
        part, ends = row[f"{gauge}_percent"] / 100, row[f"{gauge}_resets_at"]
        if part * 100 >= LEAST_PERCENT and (spent := used.between(ends - length, row["seen_at"])):
            seen[ends, row["seen_at"]] = Pair(spent, part)
    full: dict[Any, Pair] = {}
    for row in limits[limits["gauge"] == gauge].dropna(subset=["resets_at"]).sort_values("occurred_at").to_dict("records"):
        ends = row["resets_at"].round("min")
        if ends not in full and (spent := used.between(ends - length, row["occurred_at"])):
            full[ends] = Pair(spent, 1.0)
    return fitted([*seen.values(), *full.values()], len(seen), len(full))


def fitted(pairs: list[Pair], readings: int, refusals: int) -> Allowance | None:
    """The allowance that fits pairs best: a regression through the origin, with its standard error."""
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
    """What windows hold by where credits took over from the plan, by gauge: for when nothing else says it.

    Where credits paid only to the end of a session, the session was full; where they went on for longer, the week was, and it began
    anew when the plan paid again.
    """
    order = np.flatnonzero(plan | paid_by_credits)[np.argsort(seconds[plan | paid_by_credits], kind="stable")]
    at, on_credits = seconds[order], paid_by_credits[order]
    spent = np.concatenate([[0.0], np.cumsum(np.where(on_credits, 0, bill[order]))])
    starts, place = [], 0
    while place < len(at):
        starts.append(at[place])
        place = int(np.searchsorted(at, at[place] + SESSION.total_seconds()))
    pairs: dict[str, list[Pair]] = {"session": [], "weekly": []}
    turns = np.flatnonzero(np.diff(on_credits.astype(int), prepend=0, append=0))
    for begin, end in zip(turns[::2], turns[1::2], strict=True):
        if not begin or end == len(at):
            continue  # what was there before, or when it ended, isn't known
        session = starts[int(np.searchsorted(starts, at[begin], side="right")) - 1]
        gauge = "session" if at[end - 1] < session + SESSION.total_seconds() else "weekly"
        since = session if gauge == "session" else at[end] - WEEK.total_seconds()
        if since >= at[0] and (used := float(spent[begin] - spent[np.searchsorted(at, since)])):
            pairs[gauge].append(Pair(used, 1.0))
    # a week that ended overnight looks like a session, and was far from full
    most = {gauge: max((one.used for one in found), default=0.0) for gauge, found in pairs.items()}
    full = {gauge: [one for one in found if one.used > FULL * most[gauge]] for gauge, found in pairs.items()}
    return {gauge: fitted(found, 0, len(found)) for gauge, found in full.items()}


class Used:
    """What was used up to any moment, in nano-dollars of list prices, of the calls that draw on a plan."""

    def __init__(self, seconds: Floats, bill: Floats, draws: Flags) -> None:
        """Calls in any order; `draws` are those that count."""
        order = np.argsort(seconds[draws], kind="stable")
        self._at = seconds[draws][order]
        self._sum = np.concatenate([[0.0], np.cumsum(bill[draws][order])])
        self._first = float(seconds.min(initial=np.inf))

    def between(self, start: pd.Timestamp, end: pd.Timestamp) -> float | None:
        """What was used from `start` to `end`; None where the data begin later, or nothing was."""
        since, until = (one.tz_localize("UTC").timestamp() for one in (start, end))
        if since < self._first:
            return None
        first, last = np.searchsorted(self._at, (since, until))
        return float(self._sum[last] - self._sum[first]) or None
