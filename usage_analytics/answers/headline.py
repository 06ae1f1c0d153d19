"""What every page says first: a sentence, and at most four figures beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Headline:
    """The first line of a page: what was found, and what is behind it. Plain text; names from data may occur in it."""

    lead: str
    detail: str = ""
    enough: bool = True  # False: this is the "not enough data" form, and no claim is made


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure beside the answer, as words for a person.

    `change` is the part by which it grew against the period before; None, where that is not known, shows nothing. `trend` are the
    values of the sparkline, evenly spaced. `more_is` decides the colour: more money spent is bad, more work done is neither.
    """

    label: str
    value: str
    change: float | None = None
    trend: tuple[float, ...] = ()
    more_is: Literal["bad", "good", "neutral"] = "neutral"
    help: str | None = None
    delta: str | None = None  # a change that is no part of a whole, in words: "+12 points"; instead of `change`
    compared: str | None = None  # what stands beside the change, when it is not the period before
