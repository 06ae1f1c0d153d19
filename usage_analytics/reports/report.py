"""What a report is, before it is written down in any format: sections of sentences, figures, charts, tables and steps.

A cell keeps what was found (nano-dollars, counts, ratios, naive UTC) and its column says how people read it, so that every format shows
the same number: HTML, PDF and Markdown in words, JSON exactly. Text is plain; a format escapes it in its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from usage_analytics.question.names import Redaction

Kind = Literal["text", "prose", "dollars", "count", "tokens", "share", "change", "points", "times", "number", "span", "moment"]
Cell = str | int | float | datetime | None  # dollars are nano-dollars, spans seconds, shares and changes ratios; None is unknown

REDACTIONS: Final[dict[Redaction, str]] = {
    "none": "Real names",
    "names": "Names replaced",
    "totals": "Totals only",
}
SHOWN: Final[dict[Redaction, str]] = {
    "none": "This copy shows real names.",
    "names": "Names are replaced.",
    "totals": "No app, project or account is named.",
}


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in a column: its stable name for programs, its heading, and how its cells are read."""

    key: str
    label: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first column says what a row is about. `total` is a last row, of the same length."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of `Bars`. `hue` is the model's colour on every page, from 1; 0 is grey."""

    label: str
    nanos: int
    said: str
    hue: int = 1


@dataclass(frozen=True, slots=True)
class Bars:
    """One horizontal bar per part, highest on top."""

    key: str
    title: str
    alt: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """What one part spent in every bar of a `Stack`, in nano-dollars."""

    label: str
    nanos: tuple[int, ...]
    hue: int = 1


@dataclass(frozen=True, slots=True)
class Stack:
    """Bars over time, stacked by what the money went to. `unfinished`: the last bar is not over."""

    key: str
    title: str
    alt: str
    starts: tuple[str, ...]
    layers: tuple[Layer, ...]
    unfinished: bool = False


Chart = Bars | Stack


@dataclass(frozen=True, slots=True)
class Figure:
    """One number to remember: its words, what was found exactly, and what it is compared with."""

    key: str
    label: str
    said: str
    exact: Cell = None
    kind: Kind = "text"
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One question and its answer. `enough` is False where the data do not suffice to claim anything."""

    key: str
    title: str
    lead: str
    sentences: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    steps: tuple[str, ...] = ()
    note: str = ""
    enough: bool = True


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the summary on top: what it is about, and the answer of that section."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that leaves. Times are naive UTC; `zone` is where its days begin; `start` and `end` bound the calls it is about."""

    title: str
    headline: str
    made_at: datetime
    start: datetime
    end: datetime
    zone: str
    span: str
    redaction: Redaction
    sample: bool
    points: tuple[Point, ...]
    sections: tuple[Section, ...]

    def section(self, key: str) -> Section | None:
        """The section of that name."""
        return next((one for one in self.sections if one.key == key), None)
