"""A sample of the calls that would have run on the lighter model: only the person can say whether it would have been good enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np

from usage_analytics.answers.savings.calls import OUTPUT
from usage_analytics.answers.savings.judged import ways
from usage_analytics.answers.savings.loading import Loaded
from usage_analytics.answers.savings.replay import concerned, replayed

MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Spot:
    """A simple call: its conversation (the key in the store), when it was (naive UTC), the two models, tokens, and nano-dollars saved."""

    key: int
    at: datetime
    model: str
    lighter: str
    prompt_tokens: int
    output_tokens: int
    saves: int


def spot_check(loaded: Loaded) -> tuple[Spot, ...]:
    """Return up to `MOST` calls of conversations that would have run on the lighter model, evenly spread over time, oldest first."""
    calls = concerned(loaded.calls, ways("cheaper_model"))
    if not len(calls) or not loaded.models:
        return ()
    moved = replayed(calls, ways("cheaper_model"))
    there = np.flatnonzero((moved.card != calls.card) & loaded.talks[calls.unit])
    there = there[np.argsort(calls.seconds[there], kind="stable")]
    chosen = there[np.unique(np.linspace(0, len(there) - 1, min(MOST, len(there))).round().astype(int))] if len(there) else there
    return tuple(
        Spot(
            int(loaded.units[calls.unit[place]]),
            datetime.fromtimestamp(calls.seconds[place], UTC).replace(tzinfo=None),
            loaded.models[calls.card[place]],
            loaded.models[moved.card[place]],
            round(calls.prompt[place]),
            round(calls.tokens[OUTPUT, place]),
            round(calls.bill[place] - moved.bill[place]),
        )
        for place in chosen.tolist()
    )
