"""CSV, JSON Lines and Parquet as one kind of DuckDB relation: `line`, the columns of the contract as text, and a map of the others."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

import duckdb
from duckdb import ColumnExpression, ConstantExpression, Expression, FunctionExpression

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.delimited import column_name, read_rows
from usage_analytics.importers.sink import Opened, Sink
from usage_analytics.importers.usage_events.columns import KNOWN, PARQUET, REQUIRED
from usage_analytics.importers.usage_events.json_events import Events
from usage_analytics.importers.usage_events.json_lines import read_events

_LINE: Final = "file_row_number"
_NO_COLUMNS: Final = (_LINE, "*")  # a column named * cannot be asked for


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a file as text, which columns of theirs are not of the format, and which lines were broken."""

    rows: duckdb.DuckDBPyRelation
    unknown: tuple[str, ...]
    salvaged: AbstractSet[int] = frozenset()


def pieces(connection: duckdb.DuckDBPyConnection, opened: Opened, sink: Sink) -> Iterator[Piece]:
    """The file in one or more pieces. Lines are counted, and those that are no row are rejected, in the sink."""
    with opened.path.open("rb") as file:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf\0 \t\r\n")
    if start.startswith(PARQUET):
        yield _from_parquet(connection, opened, sink)
    elif start.startswith(b"{"):
        for events in read_events(opened, sink):
            yield _from_events(_from_arrow(connection, events.table), events)
    else:
        for rows in read_rows(opened, sink):
            numbered = _from_arrow(connection, rows.table.append_column(_LINE, [list(rows.lines)]))
            yield _as_text(numbered, ColumnExpression(_LINE), opened.name)


def _from_arrow(connection: duckdb.DuckDBPyConnection, table: Any) -> duckdb.DuckDBPyRelation:
    import pyarrow as pa

    # In pieces, so that both cores work on it.
    return connection.from_arrow(pa.Table.from_batches(table.to_batches(max_chunksize=8192)))


def _from_events(rows: duckdb.DuckDBPyRelation, events: Events) -> Piece:
    text = rows.select(ColumnExpression("line"), *[_text(name).alias(name) for name in KNOWN], ColumnExpression("unknown"))
    return Piece(text, events.unknown, events.salvaged)


def _from_parquet(connection: duckdb.DuckDBPyConnection, opened: Opened, sink: Sink) -> Piece:
    rows = connection.read_parquet(str(opened.path), file_row_number=True, hive_partitioning=False)
    sink.lines(int(rows.aggregate("count(*)").fetchall()[0][0]))
    return _as_text(rows, FunctionExpression("+", ColumnExpression(_LINE), ConstantExpression(1)), opened.name)


def _as_text(rows: duckdb.DuckDBPyRelation, line: Expression, file_name: str) -> Piece:
    places = [(column_name(column), column) for column in rows.columns if column not in _NO_COLUMNS]
    known = {name: column for name, column in places if name in KNOWN}
    if sum(name in KNOWN for name, _ in places) > len(known):
        raise UnreadableFile(f"{file_name} names a column of the format twice; leave one of the two away.")
    for name in REQUIRED:
        if name not in known:
            raise UnreadableFile(
                f"{file_name} has no column {name}, which usage events need; name it so and import the file again."
            )
    others = [place for place in places if place[0] not in KNOWN]
    text = rows.select(
        line.alias("line"),
        *[(_text(known[name]) if name in known else _nothing("VARCHAR")).alias(name) for name in KNOWN],
        _map(others).alias("unknown"),
    )
    return Piece(text, tuple(name for name, _ in others))


def _text(column: str) -> Expression:
    return ColumnExpression(column).cast("VARCHAR")


def _nothing(sql_type: str) -> Expression:
    return ConstantExpression(None).cast(sql_type)


def _map(places: list[tuple[str, str]]) -> Expression:
    """Name → text of the columns that are not of the format; of two that differ in case only, the first is kept."""
    if not places:
        return _nothing("MAP(VARCHAR, VARCHAR)")
    first = dict(reversed(places))
    return FunctionExpression(
        "map",
        FunctionExpression("list_value", *map(ConstantExpression, first)),
        FunctionExpression("list_value", *map(_text, first.values())),
    )
