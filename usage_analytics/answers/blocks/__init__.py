"""Blocks: time in which work was refused. Which gauge was empty, from when to when, and how many hours of work it cost.

A block begins with the first refusal and ends with the account's next answered call, or when the gauge was full again if that was
earlier: someone who comes back later wasn't kept waiting. A night costs nothing, so hours are weighted by how often the person
works at that time of the week.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from usage_analytics import format
from usage_analytics.answers.blocks.limits import GAUGES, Stop
from usage_analytics.question import Question

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Block", "Blocked", "Stop", "answer"]

Rows = Sequence[Mapping[str, Any]]

HOUR: Final = timedelta(hours=1)
SAME_BLOCK: Final = timedelta(hours=12)  # refusals before the same answer are one block unless they are further apart
LONGEST: Final[dict[str, timedelta]] = {  # of a window, where neither an answer nor the log says when it ended
    "session": timedelta(hours=5),
    "weekly": timedelta(days=7),
    "model": timedelta(days=7),
}
AT_ONCE: Final = timedelta(minutes=1)  # who goes on within it, mostly from credits, has lost no time
LONGEST_OTHERWISE: Final = timedelta(days=1)
FEWEST_WEEKS: Final = 1.0  # of history before hours are weighed
OUT_OF_CREDITS: Final = "out_of_credits"


@dataclass(frozen=True, slots=True)
class Block:
    """One block. Times are naive UTC; `end` is None while the block lasts.

    `hours` is clock time. `working_hours` is the part in which the person would usually have worked; None if too little is known.
    """

    start: datetime
    end: datetime | None
    gauge: str
    what: str
    also_out_of_credits: bool
    app: str | None
    account: str | None
    tries: int
    ended_by: str  # work, reset, unknown, open
    hours: float
    working_hours: float | None

    @property
    def lost_time(self) -> bool:
        """Return whether the block cost any time: False if work went on at once."""
        return self.ended_by != "work" or self.hours > AT_ONCE / HOUR

    def cost_nanos(self, hour_nanos: int) -> int:
        """Return what the block cost, in nanos, at `hour_nanos` for a blocked hour."""
        lost = self.hours if self.working_hours is None else self.working_hours
        return round(lost * hour_nanos)


@dataclass(frozen=True, slots=True)
class Blocked:
    """All blocks, newest first, with their totals."""

    blocks: tuple[Block, ...]
    hours: float
    working_hours: float | None
    cost_nanos: int
    by_gauge: tuple[tuple[str, int, float], ...]  # what it was, how many blocks, clock hours; the longest first
    hour_blocked_usd: float

    @property
    def said(self) -> str:
        """Return one sentence on all blocks."""
        return sentence(self)

    @property
    def open(self) -> tuple[Block, ...]:
        """Return the blocks that haven't ended."""
        return tuple(one for one in self.blocks if one.ended_by == "open")

    @property
    def rows(self) -> pd.DataFrame:
        """Return the blocks as a table, newest first; durations in seconds."""
        return as_rows(self)


def answer(question: Question) -> Blocked:
    """Return the blocks within the question's dates and filters as of its moment, priced at the person's cost of an hour."""
    worth, zone = question.decisions.economics.hour_blocked_usd, question.filters.zone

    def judged() -> Blocked:
        active = [row["hour"] for row in question.everything().rows("active_hours")]
        return find(question.rows("blocks"), active, question.as_of, hour_blocked_usd=worth, zone=zone)

    return question.kept("blocks", judged)


def find(
    refusals: Rows, at_work: Sequence[datetime], now: datetime, *, hour_blocked_usd: float = 25.0, zone: str = "UTC"
) -> Blocked:
    """Return the blocks in `refusals`, rows of the query `blocks`.

    `at_work` holds the hours of the query `active_hours`, which weight each hour; `hour_blocked_usd` is in dollars; `zone` is the
    person's.
    """
    habit = None
    weeks = (max(at_work) - min(at_work) + HOUR) / timedelta(days=7) if at_work else 0.0
    if weeks >= FEWEST_WEEKS:
        counts = Counter(_hour_of_week(hour, zone) for hour in at_work)
        habit = _Habit(tuple(min(1.0, counts[hour] / weeks) for hour in range(168)))
    blocks = tuple(_block(tries, now, habit, zone) for tries in _together(refusals))
    worked = [one.working_hours for one in blocks]
    known = [hours for hours in worked if hours is not None]
    sums: dict[str, tuple[int, float]] = {}
    for one in blocks:
        count, hours = sums.get(one.what, (0, 0.0))
        sums[one.what] = count + 1, hours + one.hours
    return Blocked(
        tuple(sorted(blocks, key=lambda one: one.start, reverse=True)),
        sum(one.hours for one in blocks),
        sum(known) if len(known) == len(worked) else None,
        sum(one.cost_nanos(round(hour_blocked_usd * 1e9)) for one in blocks),
        tuple(sorted(((what, *both) for what, both in sums.items()), key=lambda row: (-row[2], row[0]))),
        hour_blocked_usd,
    )


def as_rows(found: Blocked) -> pd.DataFrame:
    """Return the blocks as a table; durations in seconds."""
    import pandas as pd  # here: alerts and the command line need no table

    columns = ["start", "what", "app", "tries", "ended", "seconds", "working_seconds", "cost_nanos"]
    return pd.DataFrame(
        [
            (
                one.start,
                one.what,
                one.app,
                one.tries,
                one.end,
                one.hours * 3600 if one.lost_time else None,
                one.working_hours * 3600 if one.lost_time and one.working_hours is not None else None,
                one.cost_nanos(round(found.hour_blocked_usd * 1e9)) if one.lost_time else None,
            )
            for one in found.blocks
        ],
        columns=columns,
    ).astype({"seconds": "float64", "working_seconds": "float64", "cost_nanos": "float64"})


def sentence(found: Blocked) -> str:
    """Return one sentence: how often work was blocked, for how long, and what that cost."""
    if not found.blocks:
        return "No work was blocked for lack of allowance or credits."
    if not any(one.lost_time for one in found.blocks):
        refused = format.plural(len(found.blocks), "time")
        return f"You hit a limit {refused}, but work resumed within a minute, mostly on credits, so you lost no time."
    worked = "" if found.working_hours is None else f", {format.hours(found.working_hours)} of it in your usual hours"
    cost = f"about {format.dollars(found.cost_nanos)} at {format.per_hour(round(found.hour_blocked_usd * 1e9))}"
    most, times, hours = found.by_gauge[0]
    mostly = f" Main cause: {most}, {format.hours(hours)} in {format.plural(times, 'block')}." if len(found.by_gauge) > 1 else ""
    return f"Work was blocked {format.plural(len(found.blocks), 'time')} for {format.hours(found.hours)}{worked}: {cost}.{mostly}"


def _together(refusals: Rows) -> Iterator[list[Mapping[str, Any]]]:
    """Yield the refusals of each block: those of one account before the same answered call."""
    waiting: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in sorted(refusals, key=lambda row: row["occurred_at"]):
        key = (row["account"], row["went_on_at"])
        tries = waiting.get(key)
        resets = tries[0]["resets_at"] if tries else None
        # whether the window that refused these was full again before this refusal
        over = tries and resets is not None and row["occurred_at"] >= resets > tries[0]["occurred_at"]
        if tries and row["occurred_at"] - tries[-1]["occurred_at"] <= SAME_BLOCK and not over:
            tries.append(row)
        else:
            if tries:
                yield tries
            waiting[key] = [row]
    yield from waiting.values()


def _block(tries: list[Mapping[str, Any]], now: datetime, habit: _Habit | None, zone: str) -> Block:
    first = tries[0]
    named = next((one for one in tries if one["gauge"] != "unknown"), first)
    gauge = named["gauge"] if named["gauge"] in GAUGES else "unknown"
    start = first["occurred_at"]
    # When it was full again, as the first refusal that says so has it; a moment that had passed already is no such thing
    stated = (one["resets_at"] for one in tries)
    reset = next((at for at in stated if at is not None and at > start), None)
    ends = [(first["went_on_at"], "work"), (reset, "reset")]
    longest = start + LONGEST.get(gauge, LONGEST_OTHERWISE)
    end, ended_by = min(((at, by) for at, by in ends if at is not None), default=(longest, "unknown"))
    if end > now:
        end, ended_by = now, "open"
    hours = (min(end, now) - start) / HOUR
    return Block(
        start,
        None if ended_by == "open" else end,
        gauge,
        GAUGES[gauge],
        gauge != "balance" and any(one["reason"] == OUT_OF_CREDITS for one in tries),
        next((one["app"] for one in tries if one["app"] is not None), None),
        first["account"],
        len(tries),
        ended_by,
        hours,
        None if habit is None else habit.working_hours(start, min(end, now), zone),
    )


@dataclass(frozen=True, slots=True)
class _Habit:
    """For each of the 168 hours of a week (Monday midnight first, the person's zone), the share of weeks with work in that hour."""

    share: tuple[float, ...]

    def working_hours(self, start: datetime, end: datetime, zone: str) -> float:
        """Return how many hours of a span the person usually works."""
        total, at = 0.0, start
        while at < end:
            following = min(at.replace(minute=0, second=0, microsecond=0) + HOUR, end)
            total += self.share[_hour_of_week(at, zone)] * ((following - at) / HOUR)
            at = following
        return total


def _hour_of_week(moment: datetime, zone: str) -> int:
    local = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
    return local.weekday() * 24 + local.hour
