"""How often a true saving lies in the range, and how wide ranges are: `python -m tests.benchmarks.savings_ranges --first 100 --count 20`.

Each person is seen for some weeks. The truth is what they would save in a month, on average of a year and more. The oracle knows all that
is true of the person but that average: its range is the middle eighty per cent of what as many weeks of them save, of many such weeks.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

import numpy as np

from tests.benchmarks import savings_neighbors as neighbors
from tests.benchmarks import savings_people as people
from tests.benchmarks import savings_strangers as strangers
from tests.benchmarks.savings_neighbors import NEIGHBORS
from tests.benchmarks.savings_people import HANDS, WEEKS_OF_TRUTH
from tests.benchmarks.savings_strangers import STRANGERS
from usage_analytics.answers.savings.judged import MONTH, judge
from usage_analytics.answers.savings.loading import Loaded

Truth = Callable[[], list[dict[str, float]]]
NAMES = ("cheaper_model", "fresh_starts", "long_outputs", "cache_lifetime")
MATTERS = 0.5e9  # nano-dollars a month: below it a saving is not scored


def main() -> None:
    """Print a line for each hand and saving."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hands", nargs="+", default=HANDS, choices=(*HANDS, *STRANGERS, *NEIGHBORS))
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--weeks", type=int, default=8)
    options = parser.parse_args()
    print(f"{'hand':9}{'saving':16}{'people':>7}{'inside':>8}{'95 % of it':>13}{'below':>7}{'above':>7}", end="")
    print(f"{'width/truth':>12}{'width/oracle':>13}{'mid/truth':>10}")
    whole: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for hand in options.hands:
        rows: dict[str, list[tuple[float, ...]]] = defaultdict(list)
        for seed in range(options.first, options.first + options.count):
            for name, row in scored(hand, seed, options.weeks).items():
                rows[name].append(row)
                whole[name].append(row)
        for name, found in rows.items():
            show(hand, name, found)
    for name, found in whole.items():
        show("all", name, found)
    show("all", "all", [row for found in whole.values() for row in found])


def show(hand: str, name: str, rows: list[tuple[float, ...]]) -> None:
    """One line."""
    low, mid, high, true, oracle = np.array(rows).T
    inside = (low <= true) & (true <= high)
    ratio = (high - low) / np.maximum(oracle, 1)
    least, most = between(int(inside.sum()), len(rows))
    print(f"{hand:9}{name:16}{len(rows):7}{inside.mean():8.0%}{f'{least:.0%} to {most:.0%}':>13}", end="")
    print(f"{(true < low).mean():7.0%}{(true > high).mean():7.0%}", end="")
    print(f"{np.median((high - low) / true):12.2f}{np.median(ratio):13.2f}{np.median(mid / true):10.2f}")


def between(right: int, number: int) -> tuple[float, float]:
    """The share of so many, with Wilson's interval of 95 %: a binomial share is that sure."""
    share, z = right / number, 1.96
    middle, about = share + z * z / (2 * number), z * math.sqrt(share * (1 - share) / number + z * z / (4 * number**2))
    return (middle - about) / (1 + z * z / number), (middle + about) / (1 + z * z / number)


def _person(hand: str, dice: random.Random, weeks: int) -> tuple[Loaded, Truth]:
    one = people.person(hand, dice)
    known = people.seen([people.week(one, dice) for _ in range(weeks)])
    return known, lambda: [people.truth(one, people.week(one, dice)) for _ in range(WEEKS_OF_TRUTH)]


def _stranger(hand: str, dice: random.Random, weeks: int) -> tuple[Loaded, Truth]:
    one = strangers.person(hand, dice)
    known = strangers.seen(one, [strangers.week(one, dice) for _ in range(weeks)])
    return known, lambda: [strangers.truth(one, strangers.week(one, dice)) for _ in range(WEEKS_OF_TRUTH)]


def _neighbor(hand: str, dice: random.Random, weeks: int) -> tuple[Loaded, Truth]:
    one = neighbors.person(hand, dice)
    known = neighbors.seen(one, [neighbors.week(one, number, dice) for number in range(weeks)])
    return known, lambda: [neighbors.truth(one, neighbors.week(one, weeks, dice)) for _ in range(WEEKS_OF_TRUTH)]


def scored(hand: str, seed: int, weeks: int) -> dict[str, tuple[float, ...]]:
    """Low, middle, high, truth and the oracle's width for each saving of a person, in nano-dollars a month."""
    dice = random.Random(f"{hand} {seed}")
    maker = _stranger if hand in STRANGERS else _neighbor if hand in NEIGHBORS else _person
    known, lived = maker(hand, dice, weeks)
    found = judge(known, timedelta(weeks=weeks))
    ranges = {saving.name: saving.saves for saving in found.savings if saving.name in NAMES}
    if not ranges:
        return {}
    years = lived()
    month, rows = MONTH / timedelta(weeks=1), {}
    for name, saves in ranges.items():
        ways = ("5m", "1h") if name == "cache_lifetime" else (name,)
        by_week = max((np.array([each[way] for each in years]) for way in ways), key=np.sum)
        true = by_week.mean() * month
        means = np.random.default_rng(seed).choice(by_week, (2_000, weeks)).mean(axis=1) * month
        if true >= MATTERS:
            oracle = float(np.quantile(means, 0.9) - np.quantile(means, 0.1))
            rows[name] = (*((saves.low, saves.mid, saves.high) if saves else (0.0, 0.0, 0.0)), true, oracle)
    return rows


if __name__ == "__main__":
    main()
