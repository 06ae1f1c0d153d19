"""Which test raised a flag, and the numbers that it compared: written down where the flag is raised, never worked out later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from usage_analytics import format

if TYPE_CHECKING:
    from usage_analytics.answers.background.attendance import Attendance
    from usage_analytics.answers.background.units import Array

Test = Literal["fan_out", "burn_rate", "no_prompt", "after_you_left", "machine_rhythm", "failed_calls", "other_project"]

IN_WORDS: Final[dict[Test, str]] = {
    "fan_out": "its fan-out",
    "burn_rate": "its burn rate",
    "no_prompt": "spend that no prompt started",
    "after_you_left": "spend after you left",
    "machine_rhythm": "its machine rhythm without prompts",
    "failed_calls": "spend on failing calls",
    "other_project": "its part of a drain in another project",
}
# Why spend counts as unattended, in the numbering of `causes`
CAUSES: Final[tuple[Test, ...]] = ("no_prompt", "after_you_left", "machine_rhythm", "failed_calls")


@dataclass(frozen=True, slots=True)
class FoundBy:
    """The test that raised a flag: in the last `seconds` it spent at least what was needed. Money in nano-dollars."""

    test: Test
    seconds: float
    spent_nanos: int
    usual_nanos: int | None  # None where the source is too new to have a usual, or where the test needs none
    needed_nanos: int  # all that had to be spent, the usual included

    @property
    def numbers(self) -> str:
        """What was spent, what is usual, and from how much on it is flagged."""
        if self.usual_nanos is None:
            usual = "" if self.test == "other_project" else "too new to know what's usual, "
        else:
            usual = f"usually at most {format.dollars(self.usual_nanos)}, " if self.usual_nanos else "usually nothing, "
        spent = f"{format.dollars(self.spent_nanos)} within {format.span(self.seconds)}"
        return f"{spent} ({usual}flagged from {format.dollars(self.needed_nanos)})"

    @property
    def said(self) -> str:
        """The test and its numbers in a sentence."""
        return f"Flagged for {IN_WORDS[self.test]}: {self.numbers}."


def found_by(test: Test, width: float, spent: float, usual: float | None, needed: float) -> FoundBy:
    """A test that decided on so many nano-dollars within a width in milliseconds."""
    return FoundBy(test, width / 1000, round(spent), None if usual is None else round(usual), round(needed))


def causes(there: Attendance, members: Array) -> Array:
    """Why each of these unattended calls counts as such, as places in CAUSES."""
    machine, led, left = there.machine[members], there.led[members], there.left[members]
    return np.select([machine, ~led, left], [2, 0, 1], 3)


def main_cause(cause: Array, nanos: Array) -> Test:
    """The cause that most of the money counts by."""
    return CAUSES[int(np.bincount(cause, nanos, len(CAUSES)).argmax())]
