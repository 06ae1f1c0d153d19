"""Tell whether a change of the method is better by a point, in minutes: the same people and luck for every candidate, in one process.

    python -m tests.benchmarks.auto_reload_paired --keep before.npz          score the method as it is
    python -m tests.benchmarks.auto_reload_paired --against before.npz       score it again and print the paired difference

What every round setting costs each person with each set of luck is played once and kept in `--table`; a candidate is then looked up in it.
The rows below ours say what could be had: by the same method if it knew the next month's total, and by somebody who knows the next
weeks but not which reloads fail. Differences are in points of the logarithm of cost, with 95 % intervals over persons.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.auto_reload import BEGUN, CLAIRVOYANT, ORIGINS, WEEK, demand_of
from tests.benchmarks.auto_reload_makers import MAKERS, TUNED
from tests.benchmarks.auto_reload_users import KINDS
from tests.benchmarks.auto_reload_world import score
from usage_analytics.answers.auto_reload import choice, grid
from usage_analytics.answers.auto_reload.advice import Economics
from usage_analytics.answers.auto_reload.demand import Demand
from usage_analytics.answers.auto_reload.level import Level

Floats = NDArray[np.float64]

LUCKS: Final = 6
WEEKS: Final = 4  # of history
FIRST_SEED: Final = 700
SURE: Final = 0.02  # the spread of a total that is known


@dataclass(frozen=True)
class Case:
    """One person at one week: what is known, what comes, and the logarithm of what each setting costs (luck by setting) over the best."""

    who: tuple[str, str, int]
    week: int
    known: Demand
    coming_usd: float
    settings: Floats
    regrets: Floats
    no_block: Floats

    def place(self, threshold: float, reload_to: float) -> int:
        """The setting of the table, or the nearest in it."""
        gaps = self.settings[:, 1] - self.settings[:, 0]
        off = np.abs(np.log(self.settings[:, 0] / threshold)) + np.abs(np.log(gaps / (reload_to - threshold)))
        return int(off.argmin())


def case(maker: str, kind: str, seed: int, week: int) -> Case | None:
    """Play all settings; None where there are too few calls for advice."""
    one, origin = MAKERS[maker](kind, seed), week * WEEK
    known, coming = demand_of(one, origin - WEEKS * WEEK, origin), demand_of(one, origin, origin + 4 * WEEK)
    if known.events < 5:
        return None
    usd = max(known.total_nanos, coming.total_nanos) / 1e9
    pairs = [
        (low, to)
        for low in grid.round_numbers(1, max(8.0, 0.35 * usd, 30.0 * (usd > 60)))
        for to in [low + 10, *grid.round_numbers(low + max(10, 0.04 * usd), low + max(60, 2.5 * usd))]
    ]
    settings = np.unique(np.array(pairs), axis=0)
    tried = np.concatenate([settings, CLAIRVOYANT])
    lucks = [crc32(f"paired {maker} {kind} {seed} {week} {luck}".encode()) for luck in range(LUCKS)]
    lived = [score(one.seconds, one.usd, origin, tried[:, 0], tried[:, 1], seed=luck) for luck in lucks]
    regrets = np.array([np.log(outcome.cost / outcome.cost.min())[: len(settings)] for outcome in lived])
    no_block = np.mean([outcome.p_no_block[: len(settings)] for outcome in lived], axis=0)
    return Case((maker, kind, seed), week, known, coming.total_nanos / 1e9, settings, regrets, no_block)


def chosen(cases: list[Case], level: Callable[[Case], Level] | None = None) -> list[int]:
    """What the method advises each, as a place in the person's table; `level` stands for its forecast of the next month."""
    usual, found = choice.level_of, []
    for one in cases:
        if level is not None:
            known = level(one)
            choice.level_of = lambda *_, known=known: known
        tried = choice.fit(one.known, BEGUN + timedelta(weeks=one.week), Economics())
        found.append(one.place(float(tried.thresholds[tried.best]), float(tried.reload_tos[tried.best])))
    choice.level_of = usual
    return found


def knows_the_weeks(one: Case) -> float:
    """The mean regret of the setting that is best with the other sets of luck."""
    others = one.regrets.sum(0) - one.regrets
    return float(np.mean([regrets[other.argmin()] for regrets, other in zip(one.regrets, others, strict=True)]))


def show(name: str, cases: list[Case], regrets: Floats, base: Floats | None = None) -> None:
    """A row: all and each kind, and the paired difference."""
    parts = [f"{np.expm1(regrets[[one.who[1] == kind for one in cases]].mean()):>9.1%}" for kind in KINDS if kind != "new"]
    difference = ""
    if base is not None:
        persons: dict[tuple[str, str, int], list[float]] = {}
        for one, off in zip(cases, regrets - base, strict=True):
            persons.setdefault(one.who, []).append(off)
        means = 100 * np.array([np.mean(offs) for offs in persons.values()])
        difference = f"{means.mean():>+9.2f} ± {1.96 * means.std() / np.sqrt(len(means)):.2f}"
    print(f"{name:<22}{np.expm1(regrets.mean()):>7.1%}{''.join(parts)}{difference}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=8, help="of each kind and maker")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--makers", nargs="*", default=[*TUNED])
    parser.add_argument("--table", type=Path, default=None, help="where the played settings are kept between runs")
    parser.add_argument("--keep", type=Path, help="write the regrets here")
    parser.add_argument("--against", type=Path, help="regrets to compare with")
    options = parser.parse_args()
    name = f"auto-reload-{'-'.join(options.makers)}-{options.first_seed}-{options.people}.pickle"
    table = options.table or Path(gettempdir()) / name
    if table.exists():
        cases: list[Case] = pickle.loads(table.read_bytes())
    else:
        seeds = range(options.first_seed, options.first_seed + options.people)
        asked = [
            (m, kind, seed, week) for m in options.makers for kind in KINDS if kind != "new" for seed in seeds for week in ORIGINS
        ]
        cases = [one for task in asked if (one := case(*task))]
        table.write_bytes(pickle.dumps(cases))
    print(f"{len(cases)} months\n{'':<22}{'all':>7}" + "".join(f"{kind:>9}" for kind in KINDS if kind != "new"))
    ours = chosen(cases)
    regrets = np.array([one.regrets[:, place].mean() for one, place in zip(cases, ours, strict=True)])
    show("ours", cases, regrets, np.load(options.against)["regrets"] if options.against else None)
    print(f"{'no block':<22}{np.mean([one.no_block[place] for one, place in zip(cases, ours, strict=True)]):>7.4f}")
    if options.keep:
        np.savez(options.keep, regrets=regrets)
    foreseen = chosen(cases, lambda one: Level(one.coming_usd, SURE, SURE))
    show(
        "the total known", cases, np.array([one.regrets[:, at].mean() for one, at in zip(cases, foreseen, strict=True)]), regrets
    )
    show("the weeks known", cases, np.array([knows_the_weeks(one) for one in cases]), regrets)


if __name__ == "__main__":
    main()
