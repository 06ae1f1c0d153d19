"""What the calls before a moment come to: the flags that had been raised by then, and whether somebody was there at each call.

It takes seconds of a million calls and no later moment changes it, so it is kept while the data are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from usage_analytics.answers.background.calls import calls_of, milliseconds, sources_of
from usage_analytics.answers.background.detection import detect, watch
from usage_analytics.answers.background.notes import notes
from usage_analytics.answers.background.verdict import Raised, moment_of, raised

if TYPE_CHECKING:
    from usage_analytics.answers.background.calls import Source
    from usage_analytics.answers.background.spend import Watched
    from usage_analytics.control.expected import ExpectedRun


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The sources, each person's calls, and the flags; what limits the answer, in sentences."""

    sources: tuple[Source, ...]
    people: tuple[Watched, ...]
    raised: tuple[Raised, ...]
    notes: tuple[str, ...]


def judge_calls(
    rows: Mapping[str, Mapping[str, Any]], before: datetime, expected: Sequence[ExpectedRun] = (), zone: str = "UTC"
) -> Judged:
    """Judge the calls before a moment, from the columns of `background_sources` and `background_calls`."""
    sources = sources_of(rows["background_sources"])
    calls = calls_of(rows, milliseconds(before), expected)
    data_until = moment_of(int(calls.moment[-1])) if len(calls) else before
    people: list[Watched] = []
    told: list[Raised] = []
    for person in watch(calls, sources):
        drained = np.zeros(len(person.calls), dtype=bool)
        for one in detect(person, sources):
            found = raised(one, sources, data_until, zone)
            if found.flag.flagged_at <= before:
                told.append(found)
                if found.flag.kind != "fan_out":  # that may have been asked for by somebody who is there
                    drained[one.claimed] = True
        people.append(replace(person, drained=drained))
    said = notes(rows["background_calls"], milliseconds(before), people, sources)
    return Judged(sources, tuple(person.spent_only() for person in people), tuple(told), said)
