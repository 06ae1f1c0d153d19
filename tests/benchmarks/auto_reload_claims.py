"""Count how often what the advice claims comes true, on many made-up people, and write it down for the product to show.

    python -m tests.benchmarks.auto_reload_claims             write usage_analytics/answers/auto_reload/claims.py

Each person is advised at one week, as the product would, and lives the next four weeks with it, with many draws of which reloads are late.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import numpy as np

from tests.benchmarks.auto_reload import BEGUN, ORIGINS, WEEK, demand_of
from tests.benchmarks.auto_reload_makers import TUNED
from tests.benchmarks.auto_reload_users import KINDS
from tests.benchmarks.auto_reload_world import score
from usage_analytics.answers.auto_reload import choice
from usage_analytics.answers.auto_reload.advice import Economics
from usage_analytics.answers.auto_reload.recommend import FEWEST_CALLS

HISTORIES: Final = (2, 4, 8)  # weeks
FIRST_SEED: Final = 100
LUCKS: Final = 8
WRITTEN: Final = Path(choice.__file__).with_name("claims.py")
HEAD: Final = '''"""How often claims came true, as `python -m tests.benchmarks.auto_reload_claims` counted on made-up people.

One row for each length of history in weeks: months judged, then claimed and true: months without a block, reloads a month, months
below the limit.
"""

# fmt: off
CLAIMS = (
'''


@dataclass(frozen=True)
class Month:
    """What was claimed of a month, and what came."""

    no_block: tuple[float, float]
    reloads: tuple[float, float]
    held: tuple[float, float]


def month(maker: str, kind: str, seed: int, weeks: int) -> Month | None:
    """One person's month; None where there was no advice."""
    origin = ORIGINS[(seed + KINDS.index(kind)) % len(ORIGINS)]
    one, now, start = TUNED[maker](kind, seed), BEGUN + timedelta(weeks=origin), origin * WEEK
    known = demand_of(one, start - weeks * WEEK, start)
    if known.events < FEWEST_CALLS:
        return None
    ours, tried = choice.choose(known, now, Economics())
    place = tried.place(ours.threshold, ours.reload_to)
    assert place is not None
    claimed = tried.expected(place, ours.limit)
    numbers = np.array([ours.threshold]), np.array([ours.reload_to])
    lived = [score(one.seconds, one.usd, start, *numbers, seed=LUCKS * seed + luck) for luck in range(LUCKS)]
    return Month(
        (claimed.p_no_block, float(np.mean([played.p_no_block for played in lived]))),
        (claimed.reloads_per_month, float(np.mean([played.reloads for played in lived]))),
        (1 - (claimed.p_limit_hit or 0.0), float(one.between(start, start + 4 * WEEK)[1].sum() <= ours.limit)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=6, help="of each kind and maker")
    seeds, rows = range(FIRST_SEED, FIRST_SEED + parser.parse_args().people), []
    for weeks in HISTORIES:
        found = [month(maker, kind, seed, weeks) for maker in TUNED for kind in KINDS if kind != "new" for seed in seeds]
        lived = [one for one in found if one]
        figures = [np.mean([getattr(one, name) for one in lived], axis=0) for name in ("no_block", "reloads", "held")]
        rows.append(f"    ({weeks}, {len(lived)}, {', '.join(f'{value:.4f}' for pair in figures for value in pair)}),")
        print(rows[-1], flush=True)
    WRITTEN.write_text("\n".join([HEAD + rows[0], *rows[1:], ")", ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
