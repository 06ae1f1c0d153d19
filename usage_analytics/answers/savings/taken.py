"""Did it work? What a change was expected to save, and what it did save, whatever the number of calls.

Before and after are compared by what each call could still have saved. The saving is how much less a call wastes now, times the calls
since, so making more or fewer calls doesn't count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from usage_analytics import format
from usage_analytics.answers.savings.calls import Floats
from usage_analytics.answers.savings.judged import AVOIDED, MONTH, MOVED, ways
from usage_analytics.answers.savings.loading import Loaded
from usage_analytics.answers.savings.ranges import HIGH, LOW, MID, TAIL, Range, drawn
from usage_analytics.answers.savings.replay import bill_of
from usage_analytics.answers.savings.words import WORDS

BEFORE: Final = timedelta(weeks=8)
ENOUGH: Final = timedelta(days=14)
ASSUMED: Final = ("fresh_starts", "cheaper_model")  # where what came depends on what isn't in the log
WIDER: Final = 1.15  # than what is drawn: on people whose truth is known it was too narrow (tests/benchmarks/savings_taken.py)
LIKELY: Final = {
    "cheaper_model": MOVED[MID],
    "long_outputs": AVOIDED[MID],
}  # the part of what could be saved that is expected to be
FOLLOWED: Final = ("cheaper_model", "fresh_starts", "long_outputs", "cache_lifetime")
NOTE: Final = "Compares the cost per call since then with the eight weeks before, so the number of calls doesn't matter."


@dataclass(frozen=True, slots=True)
class Outcome:
    """A change that the person made: expected and actual saving in nano-dollars per month; None while it is too early to say."""

    name: str
    title: str
    since: date
    expected: int | None
    came: Range | None
    said: str


def followed(name: str, since: date, before: Loaded, after: Loaded, *, began: datetime, end: datetime) -> Outcome:
    """Compare the calls before a change with those since; `began` is the first moment before, `end` the last since (naive UTC)."""
    title, start = WORDS[name][0], datetime.combine(since, datetime.min.time())
    if end - start < ENOUGH or start - began < ENOUGH:
        when = f"{format.day(since)}: we need two weeks before and two weeks after"
        return Outcome(name, title, since, None, None, f"Too early to judge {title.lower()} since {when}.")
    # the output of each model beyond which one was long before the change: later answers are held against that
    calls = before.calls
    usual = {before.models[card]: float(calls.usual[calls.card == card][0]) for card in np.unique(calls.card)}
    month = len(after.calls) * (MONTH / (end - start))  # calls a month since
    each = [_gains(name, case, before, after, usual) for case in ((LOW, MID, HIGH) if name in ASSUMED else (MID,))]
    wasted, gained, _ = each[len(each) // 2]
    ends = [np.quantile(drawn, (TAIL, 1 - TAIL)) for _, _, drawn in each]
    low, high = min(float(one[0]) for one in ends), max(float(one[1]) for one in ends)
    expected, mid = round(wasted * LIKELY.get(name, 1.0) * month), round(gained * month)
    came = Range(
        round(min(gained - (gained - low) * WIDER, gained) * month),
        mid,
        round(max(gained + (high - gained) * WIDER, gained) * month),
    )
    what, of = f"{title} since {format.day(since)}", f"{format.dollars(expected)} a month"
    doubt = "" if came.low > 0 else " This may be chance."
    said = f"{what}: {format.dollars(came.mid)} a month saved ({came.words}); we expected {of}.{doubt}"
    if came.mid <= 0:
        said = f"{what}: no saving seen; we expected {of}."
    return Outcome(name, title, since, expected, came, said)


def _gains(name: str, case: int, before: Loaded, after: Loaded, usual: dict[str, float]) -> tuple[float, float, Floats]:
    """What a call wasted before, how much less one wastes since, and the same of conversations that are drawn again, in a case."""
    waste = [_waste(name, case, loaded, usual) for loaded in (before, after)]
    per_call = [one.sum() / max(len(loaded.calls), 1) for one, loaded in zip(waste, (before, after), strict=True)]
    draws = [_per_call(one, loaded) for one, loaded in zip(waste, (before, after), strict=True)]
    # the two are drawn apart: what chance did before says nothing of after
    return float(per_call[0]), float(per_call[0] - per_call[1]), draws[0] - np.roll(draws[1], 1)


def _waste(name: str, case: int, loaded: Loaded, usual: dict[str, float]) -> Floats:
    """What each unit could have saved in a case at most, by what was usual before."""
    by_card = np.array([usual.get(model, np.inf) for model in loaded.models] or [np.inf])
    calls = replace(loaded.calls, usual=by_card[loaded.calls.card]) if len(loaded.calls) else loaded.calls
    way = ways(name, case)
    return loaded.by_unit(calls.bill - bill_of(calls, replace(way, avoided=1.0) if way.avoided else way))


def _per_call(waste: Floats, loaded: Loaded) -> Floats:
    """What a call could have saved, of conversations that are drawn again."""
    sums = drawn(np.stack([waste, loaded.by_unit(np.ones(len(loaded.calls)))]))
    found: Floats = sums[0] / np.maximum(sums[1], 1)
    return found
