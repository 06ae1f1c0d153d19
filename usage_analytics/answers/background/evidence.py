"""Signs that unattended spend is a drain, from the last calls of the stream up to each point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from usage_analytics.answers.background.units import HOUR, Array

RECENT: Final = 20  # calls that tell what kind of work it is
WITHIN: Final = 6 * HOUR
LARGE_PROMPT: Final = 20_000  # tokens
LITTLE_OUTPUT: Final = 200
MOSTLY: Final = 0.5
NEARLY_ALL: Final = 0.7


@dataclass(frozen=True, slots=True)
class Shares:
    """Of the last calls up to each point."""

    failed: Array
    empty: Array  # a large prompt, next to no output
    regular: Array
    count: Array


def totals(marks: dict[str, Array]) -> dict[str, Array]:
    """How many calls before each are marked; one more than there are calls."""
    return {name: counts(marked) for name, marked in marks.items()}


def counts(marked: Array) -> Array:
    """How many calls before each are marked; one more than there are calls."""
    found = np.zeros(len(marked) + 1, dtype=np.int32)
    np.cumsum(marked, out=found[1:])
    return found


def shares(moment: Array, marked: Mapping[str, Array], points: Array) -> Shares:
    """The shares of marked calls, given as `totals`, among the last ones up to each point (an index)."""
    start = np.maximum(np.searchsorted(moment, moment[points] - WITHIN), points - RECENT + 1)
    count = points - start + 1
    found = {name: (total[points + 1] - total[start]) / count for name, total in marked.items()}
    return Shares(found["failed"], found["empty"], found["regular"], count)


def is_empty(prompt_tokens: Array, output_tokens: Array) -> Array:
    """Return which calls sent a large prompt and got almost no output; False if tokens are unknown."""
    return np.asarray((prompt_tokens >= LARGE_PROMPT) & (output_tokens >= 0) & (output_tokens < LITTLE_OUTPUT))
