"""What share of long, costly runs after a last prompt are drains, by their length and their burn rate: `learned.py` of the answer.

    python -m tests.benchmarks.background_prior > usage_analytics/answers/background/learned.py

It is counted in the first nine days of people that the thresholds are tuned on, because it serves those whose own hours are not known yet.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from tests.benchmarks.background import TUNED_FROM
from tests.benchmarks.background_paired import MAKERS, Kept, first_days, kept
from usage_analytics.answers.background.calls import calls_of, sources_of
from usage_analytics.answers.background.detection import watch
from usage_analytics.answers.background.led import led_to
from usage_analytics.answers.background.units import HOUR, MINUTE

MINUTES: Final = (10, 20, 30, 45, 60, 90, 120, 180)
RATES: Final = (0.0, 3.0, 10.0)  # dollars an hour since the prompt
LEAST_USD: Final = 3.0
HEAD: Final = '''"""What `python -m tests.benchmarks.background_prior` counted on many made-up people; used by `attendance`."""

# fmt: off
# From which minute after the last prompt on, and from which dollars an hour on, each row and each of its entries counts
MINUTES = {minutes}
RATES = {rates}
# Of runs that went on for so long and spent $3 or more: which part were drains, and did not stop by themselves
DRAINS = (
{rows}
)
'''


def runs(one: Kept) -> Iterator[tuple[int, int, bool]]:
    """Of each run that a prompt led to: at each length that it reached having cost enough, its rate, and whether it is a drain."""
    columns = one.rows["background_calls"] | {"paid": (one.drain >= 0).astype(np.int64)}  # to see it again at each call
    marked = Kept(one.person, one.rows | {"background_calls": columns}, one.unprompted, one.drain, one.expected)
    _, rows, _ = first_days(marked)
    sources = sources_of(rows["background_sources"])
    calls = calls_of(rows, 2**60, one.expected)
    for person in watch(calls, sources):
        of, there = person.calls, person.there
        spent = led_to(of, there.last_word) / 1e9
        row = np.searchsorted(MINUTES, np.where(there.led, there.alone, 0) / MINUTE, side="right") - 1
        asked = (row >= 0) & (spent >= LEAST_USD) & ~of.expected
        key = np.stack([of.stream, there.last_word, row], axis=1)[asked]
        _, first = np.unique(key, axis=0, return_index=True)
        at = np.flatnonzero(asked)[first]
        rate = np.searchsorted(RATES, spent[at] / (there.alone[at] / HOUR), side="right") - 1
        yield from zip(row[at].tolist(), rate.tolist(), (of.paid[at] == 1).tolist(), strict=True)


def main() -> None:
    """Count, and print the module."""
    words = argparse.ArgumentParser(description="What share of long runs after a last prompt are drains.")
    words.add_argument("--people", type=int, default=150, help="of each maker")
    words.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "background-people")
    options = words.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    count = np.ones((len(MINUTES), len(RATES), 2))  # one of each kind more, as if seen
    for maker in MAKERS:
        for seed in range(TUNED_FROM, TUNED_FROM + options.people):
            for row, rate, drained in runs(kept(maker, seed, options.folder)):
                count[row, rate, int(drained)] += 1
    share = count[..., 1] / count.sum(axis=2)
    rows = "\n".join(f"    ({', '.join(f'{one:.3f}' for one in row)})," for row in share)
    print(HEAD.format(minutes=MINUTES, rates=RATES, rows=rows), end="")


if __name__ == "__main__":
    main()
