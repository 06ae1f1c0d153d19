"""Decoded JSON objects as an Arrow table of events."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from usage_analytics.importers.labels import column_name
from usage_analytics.importers.usage_events.columns import KNOWN, REQUIRED

SHAPES_REMEMBERED: Final = 1000
_SEVERAL: Final = {dict, list}
_ENCODER: Final = msgspec.json.Encoder()

Event = dict[str, Any]


class Events(NamedTuple):
    """Some events: `line`, the columns of the format, and `unknown`, a map of the others; and which lines were salvaged."""

    table: Any
    unknown: tuple[str, ...]
    salvaged: AbstractSet[int]


class _Shape(NamedTuple):
    """How the keys of an object are to be read: None where they are named as in the format, and those that are not of it."""

    names: dict[str, str] | None
    unknown: tuple[tuple[str, str], ...]


@lru_cache(maxsize=SHAPES_REMEMBERED)
def _shape(keys: tuple[str, ...]) -> _Shape | None:
    """The shape of an object with these keys; None when two of them mean the same column."""
    names = {key: column_name(key) for key in keys}
    if len({*names.values()}) < len(names):
        return None
    unknown = tuple((key, name) for key, name in names.items() if name not in KNOWN)
    return _Shape(None if all(key == name for key, name in names.items()) else names, unknown)


def is_event(value: object) -> bool:
    """Whether a JSON value is an object that states what every event states."""
    return isinstance(value, dict) and set(REQUIRED) <= {*map(column_name, value)}


def alike(values: list[Any]) -> bool:
    """Whether all are objects that name their columns as the format does."""
    if {*map(type, values)} != {dict}:
        return False
    shapes = [_shape(keys) for keys in {*map(tuple, values)}]
    return all(shape and shape.names is None for shape in shapes)


def named(value: Any) -> Event | str:
    """An object with its columns named as in the format; or, in a sentence, why the value is no event."""
    if not isinstance(value, dict):
        return "The line is not a JSON object."
    if not (shape := _shape(tuple(value))):
        return "The line names the same column twice."
    event = {shape.names[key]: one for key, one in value.items()} if shape.names else value
    for name in KNOWN:
        if type(event.get(name)) in _SEVERAL:
            return f"{name} is a list or an object; one value belongs there."
    return event


def tabulated(numbers: Sequence[int], events: list[Event], salvaged: AbstractSet[int] = frozenset()) -> Events:
    """The table of events whose columns are named as in the format; `numbers` are their lines."""
    import pyarrow as pa

    shapes = {*map(tuple, events)}
    if len(shapes) == 1:
        values = dict(zip(*shapes, zip(*map(dict.values, events), strict=True), strict=True))
    else:
        values = {name: [event.get(name) for event in events] for name in {name for shape in shapes for name in shape}}
    unknown = sorted(values.keys() - {*KNOWN})
    nothing = [None] * len(events)
    columns = {"line": pa.array(numbers, pa.int64())}
    for name in KNOWN:
        stated = values.get(name, nothing)
        try:
            array = pa.array(stated)
        except (pa.ArrowException, OverflowError):
            array = None
        # Strings, whole numbers or truth values stay as they are; a column of floats would rewrite its whole numbers.
        if array is None or pa.types.is_floating(array.type) or pa.types.is_null(array.type):
            array = pa.array(map(_text, stated), pa.string())
        columns[name] = array
    pairs = pa.map_(pa.string(), pa.string())  # the columns that are not of the format, as a map of name to text
    texts = [list(map(_text, values[name])) for name in unknown]
    rows = [list(zip(unknown, row, strict=True)) for row in zip(*texts, strict=True)]
    columns["unknown"] = pa.array(rows, pairs) if unknown else pa.nulls(len(events), pairs)
    return Events(pa.table(columns), tuple(unknown), salvaged)


def _text(value: Any) -> str | None:
    if value is None or type(value) is str:
        return value
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int and value.bit_length() > 64:
        return "a number without meaning"
    return repr(value) if type(value) in (int, float) else _ENCODER.encode(value).decode()
