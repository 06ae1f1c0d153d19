"""Rows as Arrow holds them: lists of Python values as columns of the schema of `events`, and words that fill a file held once."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def arrow_type(column: str, table: Mapping[str, str]) -> pa.DataType:
    """The Arrow type of a column of a table of `events`."""
    import pyarrow as pa  # here: the parent process never needs it

    simple = {
        "integer": pa.int32(),
        "bigint": pa.int64(),
        "boolean": pa.bool_(),
        "double": pa.float64(),
        "varchar": pa.string(),
        "timestamp": pa.timestamp("us"),
    }
    if found := simple.get(table[column]):
        return found
    # a list of structs of counts
    fields = table[column].removeprefix("struct(").removesuffix(")[]").split(", ")
    return pa.list_(pa.struct([(field.split(" ")[0], pa.int64()) for field in fields]))


def array(values: list[Any], kind: pa.DataType) -> pa.Array:
    """Values as an array; what a column cannot hold is null."""
    import pyarrow as pa

    try:
        return pa.array(values, type=kind)
    except (pa.ArrowException, OverflowError, UnicodeError):
        return pa.array([_fitting(value, kind) for value in values], type=kind)


def repeated(values: list[Any], counts: list[int], kind: pa.DataType) -> pa.Array:
    """Each value as often in a row as it counts; text is coded, so that a word that fills a file is held once."""
    import pyarrow as pa

    if kind != pa.string():
        return array(list(chain.from_iterable(map(repeat, values, counts))), kind)
    words = {value: number for number, value in enumerate(dict.fromkeys(value for value in values if value is not None))}
    numbers = chain.from_iterable(map(repeat, map(words.get, values), counts))
    return pa.DictionaryArray.from_arrays(pa.array(list(numbers), type=pa.int32()), array(list(words), kind))


def alike(tables: list[pa.Table]) -> list[pa.Table]:
    """The tables with columns of the same types: text that is coded in some of them is coded in all."""
    import pyarrow as pa

    fields = []
    for number, field in enumerate(tables[0].schema):
        types = {one.schema.field(number).type for one in tables}
        fields.append(field.with_type(next(filter(pa.types.is_dictionary, types), field.type)))
    return [one.cast(pa.schema(fields)) for one in tables]


def compact(rows: pa.Table) -> pa.Table:
    """The rows without those coded words that none of them has."""
    import pyarrow as pa

    for number, field in enumerate(rows.schema):
        if pa.types.is_dictionary(field.type):
            column = rows.column(number).combine_chunks()
            if len(column.dictionary) > 1:
                rows = rows.set_column(number, field.name, column.dictionary_decode().dictionary_encode())
    return rows


def _fitting(value: Any, kind: Any) -> Any:
    """The value where a column can hold it, text made sound; else None: what is of another type is unknown and costs no other row."""
    import pyarrow as pa

    if kind == pa.string() and isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).encode("utf-8", "replace").decode()
    try:
        pa.scalar(value, type=kind)
    except (pa.ArrowException, OverflowError, UnicodeError):
        return None
    return value
