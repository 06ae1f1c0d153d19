"""Did it work? What a saving was expected to bring once it was taken up, and what came, with the change in volume taken out.

Before and after are compared by what each call could still have saved. So it does not matter that there were more calls after, or fewer:
what came is what calls no longer waste, times the calls since.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from usage_analytics import format
from usage_analytics.answers.savings.calls import Floats
from usage_analytics.answers.savings.judged import MONTH, ways
from usage_analytics.answers.savings.loading import Loaded
from usage_analytics.answers.savings.ranges import TAIL, Range, drawn
from usage_analytics.answers.savings.replay import replayed
from usage_analytics.answers.savings.words import WORDS

BEFORE: Final = timedelta(weeks=8)
ENOUGH: Final = timedelta(days=14)
FOLLOWED: Final = ("cheaper_model", "fresh_starts", "long_outputs", "cache_lifetime")
NOTE: Final = (
    "Compares the cost per call in the eight weeks before with the time since, so making more or fewer calls doesn't count."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A saving that was taken up: what it was expected to bring a month, and what came; None while it is too early to say."""

    name: str
    title: str
    since: date
    expected: int | None
    came: Range | None
    said: str


def followed(name: str, since: date, before: Loaded, after: Loaded, *, began: datetime, end: datetime) -> Outcome:
    """Judge a saving by the calls of the weeks before its day and of those since; `began` is the first moment of the data before."""
    title, start = WORDS[name][0], datetime.combine(since, datetime.min.time())
    if end - start < ENOUGH or start - began < ENOUGH:
        when = f"{format.day(since)}: we need two weeks before and two weeks after"
        return Outcome(name, title, since, None, None, f"Too early to judge {title.lower()} since {when}.")
    # the output of each model beyond which one was long before the change: later answers are held against that
    calls = before.calls
    usual = {before.models[card]: float(calls.usual[calls.card == card][0]) for card in np.unique(calls.card)}
    waste = [_waste(name, loaded, usual) for loaded in (before, after)]
    month = len(after.calls) * (MONTH / (end - start))  # calls a month since
    per_call = [one.sum() / max(len(loaded.calls), 1) for one, loaded in zip(waste, (before, after), strict=True)]
    draws = [_per_call(one, loaded) for one, loaded in zip(waste, (before, after), strict=True)]
    # the two are drawn apart: what chance did before says nothing of after
    gains = (draws[0] - np.roll(draws[1], 1)) * month
    expected, mid = round(per_call[0] * month), round((per_call[0] - per_call[1]) * month)
    came = Range(round(min(float(np.quantile(gains, TAIL)), mid)), mid, round(max(float(np.quantile(gains, 1 - TAIL)), mid)))
    what, of = f"{title} since {format.day(since)}", f"{format.dollars(expected)} a month"
    doubt = "" if came.low > 0 else " This may be chance."
    said = f"{what}: {format.dollars(came.mid)} a month saved ({came.words}); we expected {of}.{doubt}"
    if came.mid <= 0:
        said = f"{what}: no saving seen; we expected {of}."
    return Outcome(name, title, since, expected, came, said)


def _waste(name: str, loaded: Loaded, usual: dict[str, float]) -> Floats:
    """What each unit could have saved, by what was usual before."""
    by_card = np.array([usual.get(model, np.inf) for model in loaded.models] or [np.inf])
    calls = replace(loaded.calls, usual=by_card[loaded.calls.card]) if len(loaded.calls) else loaded.calls
    return loaded.by_unit(calls.bill - replayed(calls, ways(name)).bill)


def _per_call(waste: Floats, loaded: Loaded) -> Floats:
    """What a call could have saved, of conversations that are drawn again."""
    sums = drawn(np.stack([waste, loaded.by_unit(np.ones(len(loaded.calls)))]))
    found: Floats = sums[0] / np.maximum(sums[1], 1)
    return found
