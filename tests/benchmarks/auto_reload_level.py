"""Learn, on many made-up people, how far a next month strays from a person's pace, and write it down for the product.

    python -m tests.benchmarks.auto_reload_level            write usage_analytics/answers/auto_reload/learned.py
    python -m tests.benchmarks.auto_reload_level --check    print how often the limit holds for makers that were left out, and write nothing

Every maker is weighed the same. The people have seeds from 200 on; those that are tuned with lie below, those that are scored above 1,000.
"""

from __future__ import annotations

import argparse
import textwrap
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.auto_reload import BEGUN, WEEK, demand_of
from tests.benchmarks.auto_reload_makers import TUNED
from tests.benchmarks.auto_reload_users import KINDS, Person
from usage_analytics.answers.auto_reload import level
from usage_analytics.answers.auto_reload.choice import LEAST_DAYS
from usage_analytics.answers.auto_reload.months import past
from usage_analytics.answers.auto_reload.recommend import FEWEST_CALLS

Floats = NDArray[np.float64]

SEEDS: Final = range(200, 240)
ORIGINS: Final = (8, 10, 12, 14, 16, 18, 20)
HISTORIES: Final = (1, 2, 4, 8, 12)  # weeks
LEAST_USD: Final = 1.0  # a month: below it nothing can be told, and nothing matters
SHARES: Final = np.concatenate([[0.001, 0.005], np.arange(1, 100) / 100, [0.995, 0.999]])
WRITTEN: Final = Path(level.__file__).with_name("learned.py")
MARGIN: Final = {"initial_indent": "    ", "subsequent_indent": "    "}
HEAD: Final = '"""What `python -m tests.benchmarks.auto_reload_level` learned on many made-up people; used by `level`."""\n'
BEYOND: Final = 1.3  # the ends lie so much further out than the furthest of a thousand


@dataclass(frozen=True)
class Months:
    """One row for each person, origin and length of history: what the spread is judged by, and the logarithm of next month over pace."""

    features: Floats
    strays: Floats
    maker: NDArray[np.str_]
    kind: NDArray[np.str_]
    weeks: NDArray[np.int64]

    def of(self, rows: NDArray[np.bool_]) -> Months:
        return Months(self.features[rows], self.strays[rows], self.maker[rows], self.kind[rows], self.weeks[rows])


def months() -> Months:
    """Every person's months, as the product would have seen them."""
    rows = [
        (*row, maker, kind, weeks)
        for maker, make in TUNED.items()
        for kind in KINDS
        if kind != "new"
        for seed in SEEDS
        for one in [make(kind, seed)]
        for origin in ORIGINS
        for weeks in HISTORIES
        if weeks <= origin and (row := _row(one, origin, weeks)) is not None
    ]
    features, strays, maker, kind, weeks = (np.array(column) for column in zip(*rows, strict=True))
    return Months(features, strays, maker, kind, weeks)


def _row(one: Person, origin: int, weeks: int) -> tuple[Floats, float] | None:
    known = demand_of(one, (origin - weeks) * WEEK, origin * WEEK)
    if known.events < FEWEST_CALLS:
        return None
    lived = past(known, BEGUN + timedelta(weeks=origin))
    monthly = level.pace(lived.daily, lived.change.same)
    if monthly < LEAST_USD or lived.days < LEAST_DAYS:
        return None
    floor = level.FLOOR * monthly
    following = float(one.between(origin * WEEK, (origin + 4) * WEEK)[1].sum())
    return level.features(lived.daily, lived.change.same), float(np.log((following + floor) / (monthly + floor)))


def learn(people: Months) -> dict[str, list[float]]:
    """The weights of the spreads by least squares on the logarithm of the strays, then the quantiles of strays over spread."""
    up = people.strays > 0
    size = np.log(np.abs(people.strays) + 0.05)
    above, below = (np.linalg.lstsq(people.features[rows], size[rows], rcond=None)[0] for rows in (up, ~up))
    found = np.quantile(_over_spread(people, above, below), SHARES)
    strays = np.concatenate([[BEYOND * found[0]], found, [BEYOND * found[-1]]])
    return {
        "above": np.round(above, 4).tolist(),
        "below": np.round(below, 4).tolist(),
        "shares": [0.0, *np.round(SHARES, 4).tolist(), 1.0],
        "strays": np.round(strays, 4).tolist(),
    }


def _over_spread(people: Months, above: Any, below: Any) -> Floats:
    spread = np.where(people.strays > 0, np.exp(people.features @ np.array(above)), np.exp(people.features @ np.array(below)))
    return people.strays / np.minimum(spread, level.WIDEST)


def check(people: Months) -> None:
    """For each maker: learned on the others, how often 95 of 100 months were below what 95 of 100 should be."""
    for maker in TUNED:
        learned = learn(people.of(people.maker != maker))
        for weeks in HISTORIES:
            mine = people.of((people.maker == maker) & (people.weeks == weeks))
            held = _over_spread(mine, learned["above"], learned["below"]) <= np.interp(0.95, learned["shares"], learned["strays"])
            kinds = " ".join(f"{kind} {held[mine.kind == kind].mean():.3f}" for kind in KINDS if kind != "new")
            print(f"{maker:<10} {weeks:>2} weeks: {held.mean():.3f} of {len(held)} ({kinds})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    people = months()
    if parser.parse_args().check:
        check(people)
        return
    found = learn(people)
    lines = [
        f"{name.upper()} = (\n{textwrap.fill(', '.join(map(str, values)), 132, **MARGIN)},\n)" for name, values in found.items()
    ]
    WRITTEN.write_text("\n".join([HEAD, "# fmt: off", *lines, ""]), encoding="utf-8")
    print(f"Learned on {len(people.strays):,} months.")


if __name__ == "__main__":
    main()
