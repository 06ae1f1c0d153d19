"""Which columns of a table fit on the screen: the first ones, for the most important come first. The others are in its column menu."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd

from usage_analytics import format

if TYPE_CHECKING:
    from usage_analytics.ui.tables import Column

_CHARACTER: Final = 6.7  # pixels, of the table's text on average
_WRITTEN_CHARACTER: Final = 5.8  # the same of sentences and long names
_PADDING: Final = 18
_NARROWEST: Final = 50
_FIRST_PART: Final = 0.42  # of the room, at most
_FIRST_LEAST: Final = 90
_FIRST_WITHOUT_ROOM: Final = 170
_LONGEST: Final = 44  # characters; what is longer is cut, and shown whole below the table
DRAWN: Final = {"share": 116, "trend": 100}  # pixels of what is drawn and not written
_LENGTHS: Final = {"moment": 19, "clock": 19, "day": 12, "change": 6}  # characters
_PLACES: Final = {"dollars": 2, "dollars_each": 2, "difference": 2, "small_dollars": 4, "number": 1, "count": 0}


def widths(cells: pd.DataFrame, columns: Mapping[str, Column], room: int | None) -> dict[str, int]:
    """How wide each column is about, in pixels; the first is as wide as its names, within its part of the `room`."""
    first, *others = columns
    names = _names(cells, columns)
    most = _FIRST_WITHOUT_ROOM if room is None else round(room * _FIRST_PART)
    found = {first: columns[first].width or most if room is None else max(_FIRST_LEAST, min(names, most))}
    return found | {name: columns[name].width or _wide(cells[name], columns[name]) for name in others}


def widened(
    wide: Mapping[str, int], shown: list[str], cells: pd.DataFrame, columns: Mapping[str, Column], room: int | None
) -> dict[str, int]:
    """The same widths, the first with the room that those on show leave, as far as its names need it."""
    first, left = shown[0], 0 if room is None else max(0, room - sum(wide[name] for name in shown))
    return {**wide, first: max(wide[first], min(wide[first] + left, _names(cells, columns)))}


def fitting(wide: Mapping[str, int], room: int | None) -> list[str]:
    """The columns, of these widths, that fit side by side: two at least, all where the room is unknown."""
    if room is None:
        return list(wide)
    shown: list[str] = []
    taken = 0
    for name, width in wide.items():
        taken += width
        if taken > room and len(shown) > 1:
            break
        shown.append(name)
    return shown


def pixels(text: str) -> int:
    """How wide a text is about in a cell, whole and with what is left and right of it."""
    return round(len(text) * _WRITTEN_CHARACTER) + _PADDING


def _names(cells: pd.DataFrame, columns: Mapping[str, Column]) -> int:
    first = next(iter(columns))
    return columns[first].width or _wide(cells[first], columns[first])


def _wide(values: pd.Series, column: Column) -> int:
    if column.kind in DRAWN:
        return max(DRAWN[column.kind], _text((), column.label))
    if column.kind in _LENGTHS:
        return _text(("0" * _LENGTHS[column.kind],), column.label)
    if column.kind in ("tokens", "tokens_each"):
        return _text(map(format.tokens, values), column.label)
    places = _PLACES.get(column.kind)
    return _text(map(_said, values) if places is None else (f"${value:,.{places}f}" for value in values.dropna()), column.label)


def _said(value: object) -> str:
    return value if isinstance(value, str) else ""


def _text(values: Iterable[str], label: str) -> int:
    longest = max((min(len(value), _LONGEST) for value in (*values, label)), default=0)
    return max(_NARROWEST, round(longest * _CHARACTER) + _PADDING)
