"""What a month would cost with the savings and sliders that a person chose, replayed together, beside what it did cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import numpy as np

from usage_analytics import format
from usage_analytics.answers.savings.judged import AVOIDED, MONTH, MOVED, WARM, Drain, drained
from usage_analytics.answers.savings.loading import Loaded
from usage_analytics.answers.savings.ranges import MID, Range, bounds, drawn, monthly
from usage_analytics.answers.savings.replay import Ways, bill_of

SUMMARY: Final = 1_500


@dataclass(frozen=True, slots=True)
class Choice:
    """The switches and sliders: savings by name, tokens carried over, minutes of a break, the model for simple work, how often apps run.

    `moved` is the part of simple work that runs on the lighter model, `lighter` that model's id, or empty for the next lighter family.
    `less` are apps with the part of their calls that is not made: 1 is off.
    """

    names: frozenset[str] = frozenset()
    carried: int = 10_000
    avoided: float = AVOIDED[MID]
    minutes: int = 60
    lighter: str = ""
    growth: float = 1.0
    moved: float = MOVED[MID]
    less: tuple[tuple[str, float], ...] = ()

    def ways(self, apps: tuple[str, ...]) -> Ways:
        """The same for a replay, apps by their numbers."""
        chosen = self.names
        return Ways(
            avoided=self.avoided if "long_outputs" in chosen else 0.0,
            carried=float(self.carried) if "fresh_starts" in chosen else None,
            summary=float(SUMMARY if self.carried else 0),
            warm=WARM[MID],
            bridged=self.minutes * 60.0 if "cache_lifetime" in chosen else None,
            growth=self.growth if "cheaper_model" in chosen else None,
            moved=self.moved,
            batched=1.0 if "batch" in chosen else 0.0,
            less=tuple((apps.index(app), part) for app, part in self.less if app in apps),
        )


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A month as it was and as it would be, in nano-dollars, what that saves, and the same in a sentence."""

    before: int
    after: int
    saves: Range
    said: str


def what_if(loaded: Loaded, span: timedelta, drains: tuple[Drain, ...], choice: Choice, *, before: int, sway: float) -> WhatIf:
    """Replay the calls of a span with what was chosen; the range is the chance in which conversations there were.

    `before` is what was spent a month in all, in nano-dollars, `sway` how much weeks differ (`ranges.sway_of`).
    """
    calls, month = loaded.calls, MONTH / span
    own = calls.bill
    if "stop_drains" in choice.names and drains:
        calls = replace(calls, factor=calls.factor * (1 - drained(loaded, drains, own)[MID]))
    saved = loaded.by_unit(own - bill_of(calls, choice.ways(loaded.apps)))
    redrawn = drawn(saved[None], sway)
    found = monthly(bounds(np.full(3, saved.sum()), np.repeat(redrawn, 3, axis=0)), month, float(own.sum()))
    if not found.mid:
        return WhatIf(before, before, found, f"Nothing changes: {format.dollars(before)} a month.")
    part = format.percent(found.mid / before)
    said = (
        f"{format.dollars(before - found.mid)} a month instead of {format.dollars(before)}: {part} less. "
        f"With these choices, you would save {found.words}."
    )
    return WhatIf(before, before - found.mid, found, said)
