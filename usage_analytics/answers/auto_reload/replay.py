"""What a setting would have done in past weeks: the balance, the reloads and the blocks, call by call.

A call is admitted while the balance is above 0 and the calendar month's spend is below the limit, if there is one. It is charged
when it completes, so the balance may go below 0. A balance below the threshold buys what is missing to `reload_to`, one purchase at
a time, and per day (UTC) no more than the product sells. Without a seed every reload takes the usual latency. With one, chance
makes each usual, slow or failed, the same for the same seed.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from usage_analytics.answers.auto_reload.advice import MOST_A_DAY_NANOS, Economics, Policy
from usage_analytics.answers.auto_reload.arrival import ORDINARY_SIGMA, REPAIR_SIGMA
from usage_analytics.answers.auto_reload.demand import MS_A_DAY, MS_A_MINUTE, MS_AN_HOUR, Demand, naive

WORKING_PAUSE_MS: Final = 15 * MS_A_MINUTE  # a longer pause between two calls is not time in which a person is kept from work
MOST_POINTS: Final = 2_000
MOST_DRAWS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Replay:
    """The balance over time and what happened to it. Spans are half-open; a block lasts from the first refused call to the arrival."""

    path: tuple[tuple[datetime, int], ...]  # at most MOST_POINTS, the turning points among them
    reloads: tuple[tuple[datetime, int], ...]
    blocks: tuple[tuple[datetime, datetime], ...]
    limit_hits: tuple[datetime, ...]
    blocked_hours: float  # of work: pauses do not count
    mean_balance_nanos: int
    spent_nanos: int
    refused_nanos: int


def replay(
    demand: Demand,
    policy: Policy,
    economics: Economics | None = None,
    start_nanos: int | None = None,
    seed: int | None = None,
) -> Replay:
    """Replay all of the demand from a balance of `start_nanos`, by default reload-to."""
    economics = economics or Economics()
    usual = economics.latency_minutes * MS_A_MINUTE
    if seed is None:
        latencies = [round(usual)]
    else:
        dice = np.random.default_rng(seed)
        kind, normal, even = dice.random(MOST_DRAWS), dice.standard_normal(MOST_DRAWS), dice.random(MOST_DRAWS)
        low, high = economics.slow_minutes
        slow = low * (high / max(low, 1e-9)) ** even * MS_A_MINUTE
        failed = economics.repair_hours * np.exp(REPAIR_SIGMA * normal) * MS_AN_HOUR
        taken = np.where(kind < economics.failed_share + economics.slow_share, slow, usual * np.exp(ORDINARY_SIGMA * normal))
        latencies = [round(one) for one in np.where(kind < economics.failed_share, failed, taken)]
    return _Wallet(demand, policy, policy.reload_to_nanos if start_nanos is None else start_nanos, latencies).run()


class _Wallet:
    """A balance that is spent from and reloaded, call by call."""

    def __init__(self, demand: Demand, policy: Policy, start_nanos: int, latencies: list[int]) -> None:
        self.moments, self.nanos = demand.moments.tolist(), demand.nanos.tolist()
        self.policy = policy
        self.latencies = latencies
        self.balance = start_nanos
        self.path: list[tuple[int, int]] = []
        self.reloads: list[tuple[int, int]] = []
        self.blocks: list[tuple[int, int]] = []
        self.limit_hits: list[int] = []
        self.blocked_ms = 0
        self.refused = 0
        self.spent = 0
        self.arrives: tuple[int, int] | None = None
        self.bought: dict[int, int] = {}  # nanos, on the last day on which any were
        self.blocked_from: int | None = None
        self.month: tuple[int, int] | None = None
        self.month_spent = 0
        self.limit_said = False

    def run(self) -> Replay:
        if not self.moments:
            return Replay((), (), (), (), 0.0, max(self.balance, 0), 0, 0)
        self._note(self.moments[0])
        self._reload_if_low(self.moments[0])
        for place, (moment, amount) in enumerate(zip(self.moments, self.nanos, strict=True)):
            while self.arrives is not None and self.arrives[0] <= moment:
                self._arrive()
            if self._limit_reached(moment):
                self.refused += amount
            elif self.balance <= 0:
                self.refused += amount
                self._reload_if_low(moment)  # where the day's limit kept it from reloading before
                if self.blocked_from is None:
                    self.blocked_from = moment
                following = self.moments[place + 1] if place + 1 < len(self.moments) else moment + WORKING_PAUSE_MS
                until = self.arrives[0] if self.arrives is not None else following
                self.blocked_ms += max(0, min(following, until, moment + WORKING_PAUSE_MS) - moment)
            else:
                self.balance -= amount
                self.spent += amount
                self.month_spent += amount
                self._note(moment)
                self._reload_if_low(moment)
        if self.arrives is not None:
            self._arrive()
        self._unblock(self.moments[-1])
        return self._result()

    def _limit_reached(self, moment: int) -> bool:
        limit = self.policy.monthly_limit_nanos
        if limit is None:
            return False
        if self.month is None or moment >= self.month[1]:
            first = np.datetime64(moment, "ms").astype("datetime64[M]")
            begin, end = (int(month.astype("datetime64[ms]").astype(np.int64)) for month in (first, first + 1))
            self.month = begin, end
            self.month_spent, self.limit_said = 0, False
        if self.month_spent < limit:
            return False
        if not self.limit_said:
            self.limit_hits.append(moment)
            self.limit_said = True
        return True

    def _reload_if_low(self, moment: int) -> None:
        if self.balance < self.policy.threshold_nanos and self.arrives is None:
            taken = self.latencies[len(self.reloads) % len(self.latencies)]
            day = moment // MS_A_DAY
            self.bought = {day: self.bought.get(day, 0)}
            amount = min(self.policy.reload_to_nanos - self.balance, MOST_A_DAY_NANOS - self.bought[day])
            if amount <= 0:
                return
            self.bought[day] += amount
            self.arrives = (moment + taken, amount)
            self.reloads.append((moment, amount))

    def _arrive(self) -> None:
        assert self.arrives is not None
        moment, amount = self.arrives
        self.arrives = None
        self._note(moment)
        self.balance += amount
        self._note(moment)
        self._unblock(moment)
        self._reload_if_low(moment)

    def _unblock(self, moment: int) -> None:
        if self.blocked_from is not None:
            self.blocks.append((self.blocked_from, moment))
            self.blocked_from = None

    def _note(self, moment: int) -> None:
        self.path.append((moment, self.balance))

    def _result(self) -> Replay:
        # The mean over time of a balance that keeps its value until the next moment; what is below 0 counts as 0
        at, balance = np.array(self.path, dtype=np.float64).T
        balance, lasted = np.maximum(balance, 0), np.diff(at)
        mean = round(float((balance[:-1] * lasted).sum() / lasted.sum())) if lasted.sum() else int(balance[0])
        return Replay(
            tuple((naive(moment), balance) for moment, balance in _thinned(self.path, {moment for moment, _ in self.reloads})),
            tuple((naive(moment), amount) for moment, amount in self.reloads),
            tuple((naive(start), naive(end)) for start, end in self.blocks),
            tuple(map(naive, self.limit_hits)),
            self.blocked_ms / MS_AN_HOUR,
            mean,
            self.spent,
            self.refused,
        )


def _thinned(path: list[tuple[int, int]], turning: set[int]) -> list[tuple[int, int]]:
    """A path short enough to be drawn: points evenly spread, and both sides of every jump."""
    if len(path) <= MOST_POINTS:
        return path
    step = len(path) // MOST_POINTS + 1
    kept = set(range(0, len(path), step)) | {len(path) - 1}
    for place in range(1, len(path)):
        if path[place][1] > path[place - 1][1]:
            kept |= {place - 1, place}
    moments = [moment for moment, _ in path]
    kept |= {bisect_left(moments, moment) for moment in turning}
    return [path[place] for place in sorted(kept)]
