"""What a name becomes at each level of redaction: it is replaced before anything is judged, so no sentence ever sees it.

At every level a name that looks like an email address, a key, a path or an id is replaced; those never leave. With `names` every app,
project and account is: App 2, Project A, Person 1, numbered by when they were first seen, so that a later report calls them the same. With
`totals` the stand-in carries a mark, and whatever bears the mark is left out of the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from usage_analytics import format
from usage_analytics.question import scan

if TYPE_CHECKING:
    import pandas as pd

Redaction = Literal["none", "names", "totals"]
Dimension = Literal["app", "project", "account", "model"]
DIMENSIONS: Final[tuple[Dimension, ...]] = ("app", "project", "account")
RENAMED: Final[tuple[Dimension, ...]] = (
    *DIMENSIONS,
    "model",
)  # a model keeps its name at every level, unless the name is of the kinds above
OPEN, CLOSE = scan.MARKS


@dataclass(slots=True, eq=False)
class Names:
    """Stand-ins by dimension and name. `seen` are the names of the whole database, in the order in which they were first seen."""

    redaction: Redaction
    seen: dict[Dimension, list[str]]
    _stand_ins: dict[tuple[Dimension, str], str] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Names) and (self.redaction, self.seen) == (other.redaction, other.seen)

    def __hash__(self) -> int:
        return hash(self.redaction)

    def __post_init__(self) -> None:
        for dimension, names in self.seen.items():
            for name in names:
                self.of(dimension, name)

    def of(self, dimension: Dimension, name: str) -> str:
        """What stands for a name; the name itself where it may leave. Nothing stands for nothing."""
        if not name:
            return name
        key = dimension, name
        if key not in self._stand_ins:
            number = sum(known == dimension for known, _ in self._stand_ins) + 1
            if (self.redaction == "none" or dimension == "model") and not scan.kind_of(format.name(name, 10_000)):
                self._stand_ins[key] = name
            else:
                words = {
                    "app": f"App {number}",
                    "project": f"Project {_letters(number)}",
                    "account": f"Person {number}",
                    "model": f"Model {_letters(number)}",
                }
                word = words[dimension]
                self._stand_ins[key] = f"{OPEN}{word}{CLOSE}" if self.redaction == "totals" and dimension != "model" else word
        return self._stand_ins[key]

    @property
    def replaces(self) -> bool:
        """Whether any name of the database has a stand-in."""
        return any(name != stand_in for (_, name), stand_in in self._stand_ins.items())

    def rename(self, rows: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
        """Rows of a query with every name replaced; `by` says what a column `value` holds where no column `dimension` does."""
        renamed: dict[str, Any] = {column: self._column(column, rows[column]) for column in RENAMED if column in rows}
        if "value" in rows and "dimension" in rows:
            renamed["value"] = [
                self.of(dimension, value) if dimension in RENAMED and isinstance(value, str) else value
                for dimension, value in zip(rows["dimension"], rows["value"], strict=True)
            ]
        elif "value" in rows and by in RENAMED:
            renamed["value"] = self._column(by, rows["value"])
        return rows.assign(**renamed) if renamed else rows

    def rename_arrays(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """Columns of a query with every name replaced; what is missing stays missing."""
        import numpy as np  # here: a verb that reads no arrays starts faster without it

        renamed = dict(columns)
        for dimension in RENAMED:
            if dimension in columns:
                column = columns[dimension].copy()
                missing = np.ma.getmaskarray(column)
                for place, name in enumerate(np.ma.getdata(column)):
                    if not missing[place] and isinstance(name, str):
                        column[place] = self.of(dimension, name)
                renamed[dimension] = column
        return renamed

    def rename_row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row of a query with every name replaced; what is missing stays missing."""
        return {
            name: self.of(name, value) if name in RENAMED and isinstance(value, str) else value for name, value in row.items()
        }

    def _column(self, dimension: Dimension, column: pd.Series) -> pd.Series:
        distinct = {name: self.of(dimension, name) for name in column.dropna().unique()}
        return column.map(lambda name: distinct.get(name, name), na_action="ignore")


def _letters(number: int) -> str:
    """A, B, …, Z, AA, AB, …"""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
