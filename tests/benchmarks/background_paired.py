"""Whether a change finds background drain better: before and after on the same people, with intervals of the differences.

    python -m tests.benchmarks.background_paired --people 150 --keep before.pickle
    python -m tests.benchmarks.background_paired --people 150 --against before.pickle

Between two samples of 80 people the 90th percentile of what is burned differs by several dollars; between two detectors on the same people
the difference is far surer. People are made once and kept as the columns that are judged; when a maker changes, name another `--folder`.
By default they are those that the thresholds are tuned on; no figure that we report is from them.
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from tests.benchmarks.background import NINE_DAYS, TUNED_FROM
from tests.benchmarks.background_people import DAY, Person, moment
from tests.benchmarks.background_scoring import EPOCH, MONTH, Alarm, Outcome, by_kind, declared, outcome, rows_of
from usage_analytics.answers import background
from usage_analytics.control.expected import ExpectedRun

MAKERS: Final = ("people", "strangers", "desks")
WAYS: Final = {"p": "with prompts", "u": "without prompts", "n": "first nine days"}
FALSE_ALARM_USD: Final = 25.0  # what a false alarm is taken to cost, where one sum is asked for
RESAMPLES: Final = 1_000
Rows = dict[str, dict[str, Any]]
Results = dict[tuple[str, str, int], Outcome]  # by way, maker and seed


@dataclass(frozen=True, slots=True)
class Kept:
    """A person as the columns that are judged; of the calls themselves, those of drains alone."""

    person: Person
    rows: Rows
    unprompted: Any  # the column `human` of a log that tells no prompts
    drain: Any  # at each call the number of its drain, -1 where it is of none
    expected: tuple[ExpectedRun, ...]


def kept(maker: str, seed: int, folder: Path) -> Kept:
    """A person, made or as they were kept."""
    path = folder / f"{maker}-{seed}.pickle"
    if path.exists():
        found: Kept = pickle.loads(path.read_bytes())
        return found
    person = import_module(f"tests.benchmarks.background_{maker}").person(seed)
    drain = np.array([-1 if call.drain is None else call.drain for call in person.calls])
    light = replace(person, calls=[call for call in person.calls if call.drain is not None], account_of=None)
    found = Kept(light, rows_of(person), rows_of(person, prompts=False)["background_calls"]["human"], drain, declared(person))
    path.write_bytes(pickle.dumps(found))
    return found


def judged(one: Kept, way: str) -> Outcome:
    """What comes of one person."""
    person, rows, end = one.person, one.rows, one.person.days * DAY
    if way == "u":
        rows = rows | {"background_calls": rows["background_calls"] | {"human": one.unprompted}}
    if way == "n":
        person, rows, end = first_days(one)
    flags = background.judge(rows, moment(end) + timedelta(days=1), expected=one.expected).flags
    return outcome(person, [Alarm(_seconds(flag.flagged_at), flag.app, _seconds(flag.started_at)) for flag in flags])


def first_days(one: Kept) -> tuple[Person, Rows, float]:
    """The same person, whose data begin some days before their first drain, and when they end: on the ninth day.

    A drain that begins on the last of the days is left out.
    """
    person, chance = one.person, np.random.default_rng(one.person.seed)
    first = min((drain.start for drain in person.drains), default=chance.uniform(12, 27) * DAY) - chance.uniform(1.5, 7.5) * DAY
    end = first + NINE_DAYS * DAY
    stays = [number for number, drain in enumerate(person.drains) if first <= drain.start < end - DAY]
    at = one.rows["background_calls"]["moment"] / 1000 - EPOCH
    which = (at >= first) & (at < end) & ((one.drain < 0) | np.isin(one.drain, stays))
    calls = [
        replace(call, drain=stays.index(call.drain)) for call in person.calls if call.drain in stays and first <= call.at < end
    ]
    drains = [person.drains[number] for number in stays]
    decoys = [decoy for decoy in person.decoys if decoy.end > first and decoy.start < end]
    columns = {name: column[which] for name, column in one.rows["background_calls"].items()}
    cut = replace(person, days=NINE_DAYS, calls=calls, drains=drains, decoys=decoys)
    return cut, one.rows | {"background_calls": columns}, end


def _seconds(when: Any) -> float:
    return float(np.datetime64(when, "ms").astype(np.int64)) / 1000 - EPOCH


# --- figures, and how sure they are ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    """Outcomes as arrays: one entry a person, and of each drain its person, whether it was found, dollars and hours until then."""

    false: Any
    days: Any
    owner: Any
    found: Any
    burned: Any
    hours: Any

    def drawn(self, times: Any) -> dict[str, float]:
        """The figures where each person counts so many times."""
        weight = times[self.owner]
        number = np.repeat(np.arange(len(weight)), weight)
        found, burned, hours = self.found[number], self.burned[number], self.hours[number]
        false, months = float((self.false * times).sum()), float((self.days * times).sum()) / MONTH
        caught = found.sum()
        mid, high = np.quantile(burned[found], [0.5, 0.9]) if caught else (np.nan, np.nan)
        return {
            "F1": 2 * caught / (caught + false + len(found)) if caught else 0.0,
            "recall": caught / max(len(found), 1),
            "false alarms / month": false / months,
            "burned, median": mid,
            "burned, p90": high,
            "hours, median": float(np.median(hours[found])) if caught else np.nan,
            "lost / month": (burned.sum() + FALSE_ALARM_USD * false) / months,
        }


def table(outcomes: Sequence[Outcome]) -> Table:
    """Outcomes, one a person, as arrays."""
    cases = [(number, case) for number, one in enumerate(outcomes) for case in one.cases]
    return Table(
        np.array([one.false for one in outcomes]),
        np.array([one.days for one in outcomes]),
        np.array([number for number, _ in cases], dtype=int),
        np.array([case.found for _, case in cases], dtype=bool),
        np.array([case.burned for _, case in cases]),
        np.array([np.nan if case.minutes is None else case.minutes / 60 for _, case in cases]),
    )


def compare(after: Sequence[Outcome], before: Sequence[Outcome] | None) -> str:
    """Each figure with its 95 % interval over people, and with outcomes of the same people before, the difference with its own."""
    chance, count = np.random.default_rng(1), len(after)
    draws = [np.bincount(chance.integers(0, count, count), minlength=count) for _ in range(RESAMPLES)]
    now, then = table(after), None if before is None else table(before)
    figure, lines = now.drawn(np.ones(count, dtype=int)), []
    drawn = [now.drawn(times) for times in draws]
    was = {} if then is None else then.drawn(np.ones(count, dtype=int))
    other = [] if then is None else [then.drawn(times) for times in draws]
    for name, value in figure.items():
        low, high = np.nanquantile([one[name] for one in drawn], [0.025, 0.975])
        line = f"    {name:<22}{value:>8.3f}  [{low:>7.3f}, {high:>7.3f}]"
        if then is not None:
            less, more = np.nanquantile([a[name] - b[name] for a, b in zip(drawn, other, strict=True)], [0.025, 0.975])
            line += f"    before {was[name]:>8.3f}    changed {value - was[name]:>+8.3f}  [{less:>+7.3f}, {more:>+7.3f}]"
        lines.append(line)
    return "\n".join(lines)


def score(makers: Sequence[str], seeds: range, ways: str, folder: Path, told: Callable[[str], None] = print) -> Results:
    """Judge people in each of the ways."""
    folder.mkdir(parents=True, exist_ok=True)
    found, spent = {}, 0.0
    for maker in makers:
        for seed in seeds:
            one, begun = kept(maker, seed, folder), time.process_time()
            found |= {(way, maker, seed): judged(one, way) for way in ways}
            spent += time.process_time() - begun
    told(f"{len(found)} judged, {spent:.0f} s of the processor")
    return found


def main() -> None:
    """Read the words, score, compare."""
    words = argparse.ArgumentParser(description="Whether a change finds background drain better, on the same people.")
    words.add_argument("--makers", default=",".join(MAKERS))
    words.add_argument("--from", dest="first", type=int, default=TUNED_FROM)
    words.add_argument("--people", type=int, default=150, help="of each maker")
    words.add_argument("--ways", default="pun", help="p with prompts, u without, n the first nine days")
    words.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "background-people")
    words.add_argument("--keep", type=Path, help="a file for the outcomes")
    words.add_argument("--against", type=Path, help="outcomes that were kept, of the same people")
    options = words.parse_args()
    seeds = range(options.first, options.first + options.people)
    after = score(options.makers.split(","), seeds, options.ways, options.folder)
    before: Results = pickle.loads(options.against.read_bytes()) if options.against else {}
    if options.keep:
        options.keep.write_bytes(pickle.dumps(after))
    for way in options.ways:
        keys = [key for key in after if key[0] == way and (not before or key in before)]
        ours = [after[key] for key in keys]
        drains = sum(len(one.cases) for one in ours)
        print(f"\n{WAYS[way]}: {options.makers} {seeds.start}-{seeds.stop - 1}, {len(keys)} people, {drains} drains")
        print(compare(ours, [before[key] for key in keys] if before else None))
        print(by_kind(ours))


if __name__ == "__main__":
    import_module("tests.benchmarks.background_paired").main()  # by its name, so that other programs can read what it keeps
