"""Whether the advice on auto-reload is good: on people it has not seen, beside the article's table and other rules.

    ./dev bench auto-reload                 people of all makers, by kind; coverage of the monthly limit; stability; speed
    ./dev bench auto-reload --people 24     more of them

Each is advised on four weeks and judged on the next four, at weeks 8, 14 and 20. Regret is what a setting costs beyond the best one that
could have been chosen knowing those weeks and which reloads fail in them. Who knows the weeks alone has a regret as well, by luck: it
stands in the last column, and no advice from the past can be expected to do better. Seeds below 1,000 were used to tune the method; those
that are scored begin at 1,000.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from zlib import crc32

import numpy as np

from tests.benchmarks import auto_reload_speed as speed
from tests.benchmarks.auto_reload_makers import MAKERS, TUNED
from tests.benchmarks.auto_reload_users import DAY, KINDS, Person
from tests.benchmarks.auto_reload_world import score
from usage_analytics.answers.auto_reload.advice import USD, Economics
from usage_analytics.answers.auto_reload.choice import choose
from usage_analytics.answers.auto_reload.demand import Demand, demand
from usage_analytics.answers.auto_reload.others import PRODUCT_DEFAULT, article_row, weeks_burn

BEGUN: Final = datetime(2026, 1, 5)
EPOCH_MS: Final = (BEGUN - datetime(1970, 1, 1)) // timedelta(milliseconds=1)
SCORED_FROM: Final = 1_000
ORIGINS: Final = (8, 14, 20)
WEEK: Final = 7 * DAY
RULES: Final = ("ours", "article", "week's burn", "EOQ", "product default", "knows the weeks")
HISTORIES: Final = (2, 4, 8, 12)  # weeks
LUCKS: Final = 4  # sets of draws of late and failed reloads that each person is scored with, others for each
OTHER_LUCK: Final = 4  # sets of draws, none of them one that is scored
CLAIRVOYANT: Final = np.array([
    (low, low + gap)
    for low in (1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 65, 80)
    for gap in 10 * 1.2 ** np.arange(28)
])  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """One person at one origin: the regret (cost over best cost) and the chance of no block of each rule; whether limits held."""

    maker: str
    kind: str
    regret: dict[str, float]
    no_block: dict[str, float]
    held: dict[int, bool]  # by weeks of history
    claimed: tuple[float, float]  # no block, reloads a month
    came: tuple[float, float]


def demand_of(one: Person, start: float, end: float) -> Demand:
    """What the person spent in the span, as the product sees it."""
    at, usd = one.between(start, end)
    return demand((EPOCH_MS + np.round(at * 1000)).astype(np.int64), np.round(usd * USD).astype(np.int64))


def judge(task: tuple[str, str, int, int]) -> Judged | None:
    """Advise one person at one week, and play the next four."""
    maker, kind, seed, week = task
    one, now, origin = MAKERS[maker](kind, seed), BEGUN + timedelta(weeks=week), week * WEEK
    weeks = 2 if kind == "new" else 4
    known = demand_of(one, origin - weeks * WEEK, origin)
    if known.events < 5:
        return None
    ours, tried_on = choose(known, now, Economics())
    place = tried_on.place(ours.threshold, ours.reload_to)
    assert place is not None
    claimed = tried_on.expected(place, ours.limit)
    settings = [(ours.threshold, ours.reload_to), *_others(known, weeks), _foreseen(one, origin, seed)]
    tried = np.concatenate([settings, CLAIRVOYANT])
    lucks = [crc32(f"{maker} {kind} {seed} {week} {luck}".encode()) for luck in range(LUCKS)]
    lived = [score(one.seconds, one.usd, origin, tried[:, 0], tried[:, 1], seed=luck) for luck in lucks]
    regret = np.exp(np.mean([np.log(outcome.cost / outcome.cost.min()) for outcome in lived], axis=0))
    no_block, reloads = (np.mean([getattr(outcome, name) for outcome in lived], axis=0) for name in ("p_no_block", "reloads"))
    spent = float(one.between(origin, origin + 4 * WEEK)[1].sum())
    held = {} if kind == "new" else {k: spent <= _limit(one, origin, k, now) for k in HISTORIES if k != weeks and k <= week}
    held[weeks] = spent <= ours.limit
    return Judged(
        maker,
        kind,
        dict(zip(RULES, regret[: len(RULES)].tolist(), strict=True)),
        dict(zip(RULES, no_block[: len(RULES)].tolist(), strict=True)),
        held,
        (claimed.p_no_block, claimed.reloads_per_month),
        (float(no_block[0]), float(reloads[0])),
    )


def _limit(one: Person, origin: float, weeks: int, now: datetime) -> float:
    known = demand_of(one, origin - weeks * WEEK, origin)
    return choose(known, now, Economics())[0].limit if known.events >= 5 else np.inf


def _foreseen(one: Person, origin: float, seed: int) -> tuple[float, float]:
    """The best setting for somebody who knows what will be spent, but not which reloads will fail."""
    lucks = [10_000_000 + OTHER_LUCK * seed + luck for luck in range(OTHER_LUCK)]
    costs = [score(one.seconds, one.usd, origin, CLAIRVOYANT[:, 0], CLAIRVOYANT[:, 1], seed=luck).cost for luck in lucks]
    best = CLAIRVOYANT[np.mean(costs, axis=0).argmin()]
    return float(best[0]), float(best[1])


def _others(known: Demand, weeks: int) -> list[tuple[float, float]]:
    """The rules that ours is compared with, from the same history."""
    weekly = known.total_nanos / USD / weeks
    policies = (article_row(4 * weekly)[1], weeks_burn(weekly))
    found = [(policy.threshold_nanos / USD, policy.reload_to_nanos / USD) for policy in policies]
    hours = np.bincount((known.moments - known.moments[0]) // 3_600_000, known.nanos / USD)
    safety = max(1.0, float(hours.mean() + 1.64 * hours.std()))
    found.append((safety, safety + max(10.0, float(np.sqrt(2 * 0.5 * 4 * weekly / 0.03)))))
    return [*found, (PRODUCT_DEFAULT.threshold_nanos / USD, PRODUCT_DEFAULT.reload_to_nanos / USD)]


def changed_weeks(task: tuple[str, str, int]) -> tuple[str, list[bool]]:
    """For somebody without a shift: in which weeks advice that is asked for every week differs from the week before."""
    maker, kind, seed = task
    one, said = MAKERS[maker](kind, seed), []
    for week in range(8, 15):
        known = demand_of(one, 0.0, week * WEEK)  # a database keeps what it was given
        if known.events >= 5:
            said.append(choose(known, BEGUN + timedelta(weeks=week), Economics())[0])
    return kind, [before != after for before, after in pairwise(said)]


def show(judged: list[Judged]) -> None:
    """The tables: regret and chance of no block by kind and rule; coverage by weeks of history."""
    for maker in dict.fromkeys(("all that were tuned with", *MAKERS)):
        mine = [one for one in judged if one.maker == maker or (one.maker in TUNED and maker not in MAKERS)]
        if not mine:
            continue
        print(f"\n{maker}: geometric mean of regret / chance of no block in the month")
        print(f"{'':<10}" + "".join(f"{rule:>18}" for rule in RULES) + f"{'n':>6}")
        for kind in (*KINDS, "all"):
            group = [one for one in mine if kind in (one.kind, "all")]
            if group:
                print(f"{kind:<10}" + "".join(f"{_cell(group, rule):>18}" for rule in RULES) + f"{len(group):>6}")
        print("claimed / came: chance of no block, reloads a month; and limits held, by weeks of history, with 95 % intervals")
        for kind in (*KINDS, "all"):
            group = [one for one in mine if kind in (one.kind, "all")]
            if group:
                block, reloads = (np.mean([(one.claimed[of], one.came[of]) for one in group], axis=0) for of in (0, 1))
                held = "".join(f"{_interval([one.held[weeks] for one in group if weeks in one.held]):>26}" for weeks in HISTORIES)
                print(f"{kind:<10}{block[0]:>8.3f} / {block[1]:.3f}{reloads[0]:>8.2f} / {reloads[1]:.2f}{held}")


def _cell(group: list[Judged], rule: str) -> str:
    regret = np.exp(np.mean([np.log(one.regret[rule]) for one in group])) - 1
    return f"{regret:>6.0%} / {np.mean([one.no_block[rule] for one in group]):.3f}"


def _interval(found: list[bool]) -> str:
    """A share with its interval after Wilson, and of how many."""
    if not found:
        return "-"
    many, share = len(found), float(np.mean(found))
    middle = (share + 1.92 / many) / (1 + 3.84 / many)
    off = 1.96 / (1 + 3.84 / many) * np.sqrt(share * (1 - share) / many + 0.96 / many**2)
    return f"{share:.3f} [{middle - off:.2f}-{middle + off:.2f}] {many}"


def _share(found: list[bool]) -> str:
    return f"{np.mean(found):.1%}" if found else "-"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=8, help="of each kind and maker")
    parser.add_argument("--first-seed", type=int, default=SCORED_FROM)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--weekly", type=int, default=3, help="of each kind and maker, asked once a week")
    parser.add_argument("--makers", nargs="*", default=[*MAKERS])
    parser.add_argument("--without-speed", action="store_true")
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.people)
    tasks = [(maker, kind, seed, week) for maker in options.makers for kind in KINDS for seed in seeds for week in ORIGINS]
    steady = [
        (maker, kind, seed)
        for maker in options.makers
        for kind in KINDS
        if kind not in ("regime", "new")
        for seed in seeds[: options.weekly]
    ]
    with ProcessPoolExecutor(options.processes) as pool:
        show([one for one in pool.map(judge, tasks, chunksize=4) if one])
        print(flush=True)
        weeks = list(pool.map(changed_weeks, steady))
    print("\nweeks in which the advice changed, of those asked once a week:")
    for kind in (*KINDS, "all"):
        found = [one for name, changes in weeks for one in changes if kind in (name, "all")]
        if found:
            print(f"  {kind:<10}{_share(found):>7} of {len(found)}")
    if not options.without_speed:
        speed.show()


if __name__ == "__main__":
    main()
