"""How well background drain is found, beside the ways in which it is usually looked for: `./dev bench background`.

Five makers of people (background_people, _strangers, _desks, _houses and _shifts). No one scored here was used to tune the thresholds, and
of the last two makers nobody ever was; the last was written after the thresholds were set. What the other detectors need is tuned on other
people, for their best F1, separately for each maker. Detectors that look at the whole person name no app and are not asked for one. All
makers are by the authors of the detector: expect less elsewhere. "First nine days" is the same people whose data begin some days before
their first drain, and end on the ninth.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.background_people import DAY, HOUR, Label, Person, moment
from tests.benchmarks.background_scoring import EPOCH, HEAD, Alarm, Outcome, by_kind, declared, f1, line, outcome, rows_of
from usage_analytics.answers import background

MAKERS: Final = ("background_people", "background_strangers", "background_desks", "background_houses", "background_shifts")
TUNED_FROM, TESTED_FROM, NINE_DAYS = 200, 6_000, 9
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Series:
    """A person by the hour: dollars, dollars of calls that nobody led, and hours since the last word; expected runs left out."""

    usd: Array
    unled: Array
    silent: Array


Detector = Callable[[Series, float], Array]  # the hours at whose end it gives alarm


def series(person: Person) -> Series:
    """What the usual detectors look at."""
    hours = person.days * 24
    usd, unled, words = np.zeros(hours), np.zeros(hours), np.zeros(hours, dtype=bool)
    for call in person.calls:
        hour = int(call.at // HOUR)
        if any(one.app == call.app and one.start <= call.at < one.end for one in person.expected):
            continue
        usd[hour] += call.usd
        words[hour] |= bool(call.human)
        unled[hour] += 0 if call.human else call.usd
    last = np.maximum.accumulate(np.where(words, np.arange(hours), -99))
    return Series(usd, unled, np.arange(hours) - last)


def by_day(one: Series, times: float) -> Array:
    """As cloud tools do it: at the end of a day that cost a multiple of the mean of the two weeks before."""
    days = one.usd.reshape(-1, 24).sum(axis=1)
    usual = np.array([days[max(0, day - 14) : day].mean() if day >= 7 else np.inf for day in range(len(days))])
    return np.flatnonzero((days > times * usual) & (days - usual > 3)) * 24 + 23


def by_deviation(one: Series, times: float) -> Array:
    """z-score of the hour against the two weeks before."""
    found = []
    for hour in range(7 * 24, len(one.usd)):
        before = one.usd[max(0, hour - 14 * 24) : hour]
        if one.usd[hour] > before.mean() + times * before.std() and one.usd[hour] > 1:
            found.append(hour)
    return np.array(found, dtype=int)


def by_season(one: Series, times: float) -> Array:
    """Median and median deviation of the same hour of the day, three weeks back."""
    found = []
    for hour in range(7 * 24, len(one.usd)):
        before = one.usd[hour % 24 : hour : 24][-21:]
        middle = np.median(before)
        spread = 1.48 * np.median(np.abs(before - middle)) + 0.25
        if one.usd[hour] > middle + times * spread and one.usd[hour] > 1:
            found.append(hour)
    return np.array(found, dtype=int)


def by_silence(one: Series, usd: float) -> Array:
    """No word from a person for an hour, and more than so many dollars in it."""
    return np.flatnonzero((one.silent >= 1) & (one.unled > usd))


def by_isolation(one: Series, share: float) -> Array:
    """An isolation forest over dollars, unled dollars, silence and hour of the day, fitted on the three weeks before, once a day."""
    from sklearn.ensemble import IsolationForest  # type: ignore[import-not-found]

    hour = np.arange(len(one.usd)) % 24
    table = np.column_stack(
        [np.log1p(one.usd), np.log1p(one.unled), np.minimum(one.silent, 24), np.sin(hour / 3.82), np.cos(hour / 3.82)]
    )
    found: list[int] = []
    for day in range(7, len(one.usd) // 24):
        today = slice(day * 24, day * 24 + 24)
        forest = IsolationForest(n_estimators=50, random_state=0).fit(table[max(0, (day - 21) * 24) : day * 24])
        odd = forest.score_samples(table[today]) < -share
        found += [day * 24 + int(at) for at in np.flatnonzero(odd & (one.usd[today] > 1))]
    return np.array(found, dtype=int)


USUAL: Final[dict[str, tuple[Detector, Sequence[float]]]] = {
    "daily threshold": (by_day, (1.25, 1.5, 2, 2.5, 3, 4, 6)),
    "z-score, 14 days": (by_deviation, (2, 3, 4, 5, 6, 8, 11)),
    "seasonal median": (by_season, (3, 5, 8, 12, 18, 27, 40)),
    "isolation forest": (by_isolation, (0.5, 0.55, 0.6, 0.65, 0.7)),
    "no human for an hour": (by_silence, (0.5, 1, 2, 4, 8, 16)),
}


def usual(people: Sequence[Person], detector: Detector, level: float) -> list[Outcome]:
    """What an ordinary detector comes to."""
    return [outcome(one, [Alarm((hour + 1) * HOUR) for hour in detector(series(one), level)]) for one in people]


def ours(people: Sequence[Person], *, prompts: bool) -> list[Outcome]:
    """What this one comes to."""
    found = []
    for one in people:
        end = moment(one.days * DAY) + timedelta(days=1)
        flags = background.judge(rows_of(one, prompts=prompts), end, expected=declared(one)).flags
        found.append(outcome(one, [Alarm(_seconds(flag.flagged_at), flag.app, _seconds(flag.started_at)) for flag in flags]))
    return found


def first_days(person: Person) -> Person:
    """The same person, whose data begin some days before the first drain; what begins on the last of the nine days is left out."""
    chance = np.random.default_rng(person.seed)
    first = min((drain.start for drain in person.drains), default=chance.uniform(12, 27) * DAY) - chance.uniform(1.5, 7.5) * DAY
    end = first + NINE_DAYS * DAY
    kept = [number for number, one in enumerate(person.drains) if first <= one.start < end - DAY]
    calls = [call for call in person.calls if first <= call.at < end and (call.drain is None or call.drain in kept)]
    moved = [replace(call, at=call.at - first, drain=None if call.drain is None else kept.index(call.drain)) for call in calls]

    def begun(labels: Sequence[Label]) -> list[Label]:
        return [
            replace(one, start=one.start - first, end=one.end - first) for one in labels if one.end > first and one.start < end
        ]

    drains = begun([person.drains[number] for number in kept])
    return replace(
        person, days=NINE_DAYS, calls=moved, drains=drains, decoys=begun(person.decoys), expected=begun(person.expected)
    )


def _seconds(when: Any) -> float:
    return float(np.datetime64(when, "ms").astype(np.int64)) / 1000 - EPOCH


def compare(maker: str, people: int, tuned: int) -> None:
    """Print the table of one maker."""
    make = import_module(f"tests.benchmarks.{maker}").person
    tested = [make(TESTED_FROM + number) for number in range(people)]
    others = [make(TUNED_FROM + number) for number in range(tuned)]
    drains, decoys = sum(len(one.drains) for one in tested), sum(len(one.decoys) for one in tested)
    calls = sum(len(one.calls) for one in tested)
    print(f"\n{maker}: {people} people, {calls:,} calls, {drains} drains, {decoys} decoys")
    print(HEAD)
    for name, (detector, levels) in USUAL.items():
        try:
            best = max(levels, key=lambda level: f1(usual(others, detector, level)))
        except ImportError:
            print(f"{name:<34} left out: scikit-learn is not installed here")
            continue
        print(line(f"{name} ({best:g})", usual(tested, detector, best)))
    young = [first_days(one) for one in tested]
    for name, people_, prompts in (
        ("this one", tested, True),
        ("this one, every prompt unknown", tested, False),
        ("this one, first nine days", young, True),
    ):
        started = time.perf_counter()
        outcomes = ours(people_, prompts=prompts)
        print(line(name, outcomes))
        print(by_kind(outcomes))
        print(f"    {(time.perf_counter() - started) / people:.2f} s a person")


def main() -> None:
    """Read the words, compare."""
    words = argparse.ArgumentParser(description="How well background drain is found, beside the usual ways.")
    words.add_argument("--people", type=int, default=80, help="of each maker, to test on")
    words.add_argument("--tuned", type=int, default=30, help="other people, for what the usual ways need")
    options = words.parse_args()
    for maker in MAKERS:
        compare(maker, options.people, options.tuned)


if __name__ == "__main__":
    main()
