"""What limits the answer, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from usage_analytics import format
from usage_analytics.answers.background.units import DAY

if TYPE_CHECKING:
    from usage_analytics.answers.background.calls import Source
    from usage_analytics.answers.background.spend import Watched

FIRST_DAYS: Final = 9


def notes(columns: Mapping[str, Any], before: int, people: Sequence[Watched], sources: Sequence[Source]) -> tuple[str, ...]:
    """Sentences about what is known before a moment: calls without a price, sources without prompts, and data that begin only now."""
    unpriced = int(((np.asarray(columns["nanos"]) < 0) & (np.asarray(columns["moment"]) < before)).sum())
    found = []
    if unpriced:
        found.append(f"{format.plural(unpriced, 'call is', 'calls are')} unpriced and not counted.")
    blind = sorted({sources[int(one)].app for person in people for one in np.unique(person.calls.source[~person.there.sees])})
    if blind:
        found.append(
            f"We can't see prompts from {format.listed([format.name(app) for app in blind], word='or')}, so flags "
            "there are less certain: we judge by the rhythm of the calls."
        )
    if people and all(int(one.calls.moment[-1] - one.calls.moment[0]) < FIRST_DAYS * DAY for one in people):
        found.append(
            f"Your data covers less than {FIRST_DAYS} days, so we don't know yet what's usual and flag only large drains."
        )
    return tuple(found)
