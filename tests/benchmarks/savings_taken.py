"""How often what a saving brought lies in the range that is told: `python -m tests.benchmarks.savings_taken --first 100 --count 60`.

Each person works for eight weeks as they always did, and from a day on otherwise: with answers cut, fresh starts, or a cache of an hour,
and with up to twice as much to do, or half. The truth is what the new habit spares of their work on average of a year, at as many calls a
month as they made since.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from tests.answers.savings.bill import Talk, lead, total
from tests.benchmarks.savings_people import Person, fresh_talk, person, seen, shorter, week
from usage_analytics.answers.savings.calls import Calls
from usage_analytics.answers.savings.judged import MONTH
from usage_analytics.answers.savings.loading import Loaded
from usage_analytics.answers.savings.taken import followed

HABITS = ("long_outputs", "fresh_starts", "cache_lifetime")
BEFORE, YEAR = 8, 50  # weeks
MATTERS = 0.5e9  # nano-dollars a month: below it a saving is not scored
SINCE = datetime(2026, 9, 1)


def main() -> None:
    """Print for each habit how often the truth lies in the range, and how wide it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=100)
    parser.add_argument("--count", type=int, default=40)
    options = parser.parse_args()
    rows: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for name in HABITS:
        for seed in range(options.first, options.first + options.count):
            if found := scored(name, seed):
                rows[name].append(found)
                rows["all"].append(found)
    print(f"{'saving':16}{'people':>7}{'inside':>8}{'below':>7}{'above':>7}{'width/truth':>12}{'mid/truth':>10}")
    for name, found_rows in rows.items():
        low, mid, high, true = np.array(found_rows).T
        print(
            f"{name:16}{len(low):7}{((low <= true) & (true <= high)).mean():8.0%}{(true < low).mean():7.0%}{(true > high).mean():7.0%}"
            f"{np.median((high - low) / true):12.2f}{np.median(mid / true):10.2f}"
        )


def scored(name: str, seed: int, *, change: bool = True) -> tuple[float, float, float, float] | None:
    """Low, middle, high and truth of a habit taken up, in nano-dollars a month; None where it matters to nobody.

    Without a `change` they only said that they would.
    """
    dice = random.Random(f"taken {name} {seed}")
    one = replace(person(dice.choice(("office", "agent")), dice), cache="5m")
    after = replace(one, talks_a_week=one.talks_a_week * dice.uniform(0.5, 2))
    weeks = dice.randrange(3, 9)
    old = [week(one, dice) for _ in range(BEFORE)]
    usual = _usual([each for some in old for each in some])
    changed = _habit(name, one, usual) if change else lambda each: each
    new = [[changed(each) for each in week(after, dice)] for _ in range(weeks)]
    year = [each for _ in range(YEAR if change else 1) for each in week(after, dice)]
    spared = sum(float(total(each)) - float(total(changed(each))) for each in year) / sum(len(each.turns) for each in year)
    before, since = seen(old), seen(new)
    true = spared * len(since.calls) * (MONTH / timedelta(weeks=weeks))
    if change and true < MATTERS:
        return None
    names = tuple(str(card) for card in range(3))
    found = followed(
        name,
        SINCE.date(),
        _named(before, names),
        _named(since, names),
        began=SINCE - timedelta(weeks=BEFORE),
        end=SINCE + timedelta(weeks=weeks),
    )
    assert found.came is not None
    return found.came.low, found.came.mid, found.came.high, true


def _habit(name: str, one: Person, usual: dict[int, float]) -> Callable[[Talk], Talk]:
    """How a conversation goes with the new habit."""
    if name == "long_outputs":
        return lambda each: shorter(each, usual.get(each.card, np.inf), one.avoided)
    if name == "fresh_starts":
        return lambda each: fresh_talk(each, one.carried)
    return lambda each: replace(each, cache="1h")


def _usual(talks: list[Talk]) -> dict[int, float]:
    outputs: dict[int, list[int]] = defaultdict(list)
    for each in talks:
        outputs[each.card] += [line.tokens[4] for line in lead(each)]
    return {card: float(np.quantile(found, 0.9)) for card, found in outputs.items()}


def _named(loaded: Loaded, names: tuple[str, ...]) -> Loaded:
    calls: Calls = loaded.calls
    return replace(loaded, models=names, calls=replace(calls, plan=np.zeros(len(calls), dtype=bool)))


if __name__ == "__main__":
    main()
