"""What settings come to in a month that is known: the judge of the benchmark, which shares no code with what it judges.

A request is admitted while the balance is above 0 and charged when it completes; below the threshold one purchase is on its way at a
time; each takes as long as its draw says. All settings meet the same draws. Amounts in dollars, times in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRAWS: Final = 16
MONTH: Final = 28 * 86_400.0
PAUSE: Final = 900.0  # a longer pause between two requests is not work
MOST_RELOADS: Final = 4_000


@dataclass(frozen=True)
class Prices:
    hour_blocked: float = 25.0
    reload: float = 0.50
    idle_share: float = 0.03
    latency: float = 60.0
    slow_share: float = 0.03
    slow: tuple[float, float] = (300.0, 3600.0)
    failed_share: float = 0.015
    repair: float = 7200.0


@dataclass(frozen=True)
class Outcome:
    """Means over the draws, one for each setting."""

    cost: Floats
    p_no_block: Floats
    blocked_hours: Floats
    reloads: Floats
    mean_balance: Floats


def score(
    seconds: Floats, usd: Floats, start: float, threshold: Floats, reload_to: Floats, *, seed: int, prices: Prices | None = None
) -> Outcome:
    """Play the month from `start` for every setting and draw."""
    prices = prices or Prices()
    draws = _Draws(seed, prices)
    first, last = np.searchsorted(seconds, (start, start + MONTH))
    at, spent = seconds[first:last] - start, np.concatenate([[0.0], np.cumsum(usd[first:last])])
    many = len(threshold)
    s, target = np.repeat(threshold, DRAWS), np.repeat(reload_to, DRAWS)
    draw = np.tile(np.arange(DRAWS), many)
    played = _play(at, spent, s, target, balance=s + draws.initial[draw] * (target - s), latency=draws.latency, draw=draw)
    blocked, reloads, balance = (one.reshape(many, DRAWS) for one in played)
    hours, balance = blocked / 3600, np.maximum(balance, 0)
    cost = prices.hour_blocked * hours + prices.reload * reloads + prices.idle_share * balance
    return Outcome(cost.mean(1), (blocked == 0).mean(1), hours.mean(1), reloads.mean(1), balance.mean(1))


class _Draws:
    """Where the month begins between threshold and reload-to, and how long each reload takes."""

    def __init__(self, seed: int, prices: Prices) -> None:
        dice = np.random.default_rng([seed, 77])
        self.initial = dice.permutation((np.arange(DRAWS) + dice.random(DRAWS)) / DRAWS)
        shape = (DRAWS, 512)
        kind, normal, even = dice.random(shape), dice.standard_normal(shape), dice.random(shape)
        usual = prices.latency * np.exp(0.4 * normal)
        slow = prices.slow[0] + even * (prices.slow[1] - prices.slow[0])
        failed = prices.repair * np.exp(0.9 * normal)
        self.latency = np.where(
            kind < prices.failed_share, failed, np.where(kind < prices.failed_share + prices.slow_share, slow, usual)
        )


def _play(
    at: Floats, spent: Floats, s: Floats, target: Floats, *, balance: Floats, latency: Floats, draw: NDArray[np.int64]
) -> tuple[Floats, Floats, Floats]:
    """Blocked seconds (at least one where a call was refused), reloads and the mean balance; from purchase to purchase."""
    many, end = len(at), len(s)
    worked = np.concatenate([[0.0], np.cumsum(np.minimum(np.diff(at, append=at[-1:] + PAUSE), PAUSE))]) if many else np.zeros(1)
    area = np.concatenate([[0.0], np.cumsum(spent[1:] * np.diff(at, append=MONTH))]) if many else np.zeros(1)
    blocked, reloads, idle = np.zeros(end), np.zeros(end), np.zeros(end)
    now, done, funds = np.zeros(end), np.zeros(end, np.int64), balance.copy()  # balance after request i is funds - spent[i]
    live = np.arange(end)
    for _ in range(MOST_RELOADS):
        low = np.searchsorted(spent, funds[live] - s[live], side="right")  # requests done when the balance is first below s
        low = np.maximum(low, done[live])
        runs = low <= many
        over = live[~runs]
        idle[over] += funds[over] * (MONTH - now[over]) - _area(at, spent, area, MONTH) + _area(at, spent, area, now[over])
        live, low = live[runs], low[runs]
        if not len(live):
            break
        bought_at = np.where(low > done[live], at[np.maximum(low - 1, 0)] if many else 0.0, now[live])
        arrives = bought_at + latency[draw[live], np.minimum(reloads[live].astype(int), latency.shape[1] - 1)]
        following = np.searchsorted(at, arrives)  # requests before the money is there
        empty = np.maximum(np.searchsorted(spent, funds[live], side="left"), low)  # requests done when nothing is left
        stopped = empty < following
        hit = np.where(stopped, empty, following)
        lost = np.where(stopped, spent[following] - spent[hit], 0.0)
        blocked[live] += np.where(
            stopped, np.maximum(_work(at, worked, arrives, following) - worked[np.minimum(hit, many)], 1.0), 0.0
        )
        halt = np.where(stopped, at[np.minimum(hit, many - 1)], arrives)
        halt, until = np.minimum(halt, MONTH), np.minimum(arrives, MONTH)
        idle[live] += funds[live] * (halt - now[live]) - _area(at, spent, area, halt) + _area(at, spent, area, now[live])
        idle[live] += (funds[live] - spent[hit]) * (until - halt)
        reloads[live] += 1
        price = target[live] - (funds[live] - spent[low])
        funds[live] += price + lost
        now[live], done[live] = arrives, following
        live = live[arrives < MONTH]
    return blocked, reloads, idle / MONTH


def _area(at: Floats, spent: Floats, area: Floats, moment: Floats | float) -> Floats:
    """The integral of what is spent, up to a moment."""
    place = np.searchsorted(at, moment, side="right")
    before = np.where(place > 0, at[np.maximum(place - 1, 0)] if len(at) else 0.0, moment)
    return np.where(place > 0, area[np.maximum(place - 1, 0)] + spent[place] * (moment - before), 0.0)


def _work(at: Floats, worked: Floats, moment: Floats, following: NDArray[np.int64]) -> Floats:
    """Working time up to a moment: what came before the last request, and what of it is under way."""
    last = np.maximum(following - 1, 0)
    return worked[last] + np.minimum(np.maximum(moment - at[last], 0), PAUSE)
