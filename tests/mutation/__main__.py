"""Make small changes to a copy of the project, one at a time, and count how many the tests notice.

    python -m tests.mutation [--seed N] [--count N] [--only PATH-PREFIX]

Prints every change that no test noticed, and ends with 1 where a group's share is below its limit. A change that makes no difference
belongs into `equivalent.txt`, with the reason.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import Final, TypeVar

from tests.mutation.changes import Change, changes
from tests.mutation.copies import Copy, Outcome
from tests.mutation.rooms import GROUPS, group_of, tests_of

PROJECT: Final = Path(__file__).parents[2]
EQUIVALENT: Final = Path(__file__).with_name("equivalent.txt")
WORKERS: Final = 2
Result = TypeVar("Result")


def main() -> int:
    """Draw, try, report."""
    parser = argparse.ArgumentParser(prog="./dev mutate", description="Change one small thing at a time: do the tests notice?")
    parser.add_argument("--seed", type=int, default=1, help="which changes are drawn")
    parser.add_argument("--count", type=int, default=40, help="how many changes, evenly from %(prog)s's four groups")
    parser.add_argument("--only", default="", metavar="PATH-PREFIX", help="only files whose path begins so")
    asked = parser.parse_args()
    sample = drawn(asked.seed, asked.count, asked.only)
    begun = time.monotonic()
    outcomes = tried(sample)
    print(f"{len(sample)} changes in {(time.monotonic() - begun) / 60:.0f} min, seed {asked.seed}")
    return reported(outcomes)


def drawn(seed: int, count: int, prefix: str) -> list[Change]:
    """So many changes, evenly from the groups; the same for the same seed and files."""
    chance = random.Random(seed)
    by_group: dict[str, list[Change]] = {name: [] for name in GROUPS}
    same = equivalents()
    for file in sorted((PROJECT / "usage_analytics").rglob("*.*")):
        path = file.relative_to(PROJECT).as_posix()
        if path.startswith(prefix) and (group := group_of(path)):
            by_group[group] += [one for one in changes(PROJECT, path) if (one.path, one.text, one.what) not in same]
    known = {(one.path, one.text, one.what) for path in {path for path, _, _ in same} for one in changes(PROJECT, path)}
    for path, text, what in same - known:
        print(f"equivalent.txt lists what is no longer there: {path}: {what}\n    {text}")
    filled = [found for found in by_group.values() if found]
    each = -(-count // max(len(filled), 1))
    return [one for found in filled for one in chance.sample(found, min(each, len(found)))][:count]


def equivalents() -> set[tuple[str, str, str]]:
    """The changes that make no difference: path, the line's text, the change."""
    blocks = EQUIVALENT.read_text(encoding="utf-8").strip().split("\n\n")
    return {(lines[0], lines[1].strip(), lines[2].strip()) for block in blocks if len(lines := block.split("\n")) >= 4}


def tried(sample: list[Change]) -> dict[Change, Outcome]:
    """What becomes of the tests with each of the changes."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder, ThreadPoolExecutor(WORKERS) as workers:
        Path(folder).chmod(0o755)  # some tests give up their privileges
        copies: Queue[Copy] = Queue()
        for number in range(WORKERS):
            copies.put(Copy(PROJECT, Path(folder) / str(number)))
        needed = sorted({tests_of(one.path) for one in sample})
        limits = dict(zip(needed, workers.map(lambda tests: lent(copies, lambda copy: copy.seconds(tests)), needed), strict=True))
        print("Unchanged, the tests take " + ", ".join(f"{seconds:.0f} s" for seconds in limits.values()) + ".", flush=True)

        def outcome(change: Change) -> Outcome:
            tests = tests_of(change.path)
            found = lent(copies, lambda copy: copy.outcome(change, tests, 20 + 4 * limits[tests]))
            if found == "unnoticed":
                print(f"{change.path}:{change.line}: {change.what}\n    {change.text}", flush=True)
            return found

        return dict(zip(sample, workers.map(outcome, sample), strict=True))


def lent(copies: Queue[Copy], use: Callable[[Copy], Result]) -> Result:
    """What `use` makes of a copy that nobody else is using."""
    copy = copies.get()
    try:
        return use(copy)
    finally:
        copies.put(copy)


def reported(outcomes: dict[Change, Outcome]) -> int:
    """Print each group's share; 1 where one is below its limit."""
    below = 0
    for name, (_, limit) in GROUPS.items():
        found = [outcome for change, outcome in outcomes.items() if group_of(change.path) == name]
        below |= bool(found) and share(name, found) < limit
    share("total", list(outcomes.values()))
    return int(below)


def share(name: str, outcomes: list[Outcome]) -> float:
    """Print and return which part was noticed; tests that never end count, and are counted apart."""
    noticed, endless = sum(one != "unnoticed" for one in outcomes), outcomes.count("never ended")
    part = noticed / max(len(outcomes), 1)
    late = f", {endless} of them by a test that never ended" if endless else ""
    print(f"{name:<10} {noticed:>4} of {len(outcomes):>4} noticed, {part:.0%}{late}")
    return part


if __name__ == "__main__":
    sys.exit(main())
