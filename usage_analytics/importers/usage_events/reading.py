"""From a container's rows to observations.

CSV, JSON Lines and Parquet become one kind of DuckDB relation: `line`, the columns of the format as text, and a map of the others. The one
mapping in `mapping.sql` makes observations of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression, Expression, FunctionExpression

from usage_analytics.errors import UnreadableFile
from usage_analytics.events import LIMIT, OBSERVATION
from usage_analytics.importers.delimited import read_rows
from usage_analytics.importers.labels import column_name, may_hold_words
from usage_analytics.importers.refusals import gauge_of_error
from usage_analytics.importers.sink import Opened, Sink
from usage_analytics.importers.usage_events.columns import KNOWN, PARQUET, REQUIRED
from usage_analytics.importers.usage_events.json_lines import read_events
from usage_analytics.pricing import models

MEMORY: Final = "400MB"
THREADS: Final = 2
_MAPPING: Final = Path(__file__).with_name("mapping.sql").read_text(encoding="utf-8")
_LINE: Final = "file_row_number"
_NO_COLUMNS: Final = (_LINE, "*")  # a column named * cannot be asked for


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a file as text, which columns of theirs are not of the format, and which lines were broken."""

    rows: duckdb.DuckDBPyRelation
    unknown: tuple[str, ...]
    salvaged: AbstractSet[int] = frozenset()


Pieces = Callable[[duckdb.DuckDBPyConnection, Opened, Sink], Iterator[Piece]]


def read(opened: Opened, sink: Sink, pieces: Pieces | None = None, *, source: str = "usage_events", grain: str = "call") -> None:
    """Map the file's rows to observations and reject those that state something unclear. Raises UnreadableFile.

    `pieces` reads a table that is not in the format's own columns; `source` then keeps its rows apart from those of other tables.
    """
    with connected(sink.folder / f"spill-{opened.import_no}") as connection:
        connection.execute("set variable import_no = ?", [opened.import_no]).fetchall()
        connection.execute("set variable source = ?", [source]).fetchall()
        connection.execute("set variable grain = ?", [grain]).fetchall()
        try:
            for number, piece in enumerate((pieces or _pieces)(connection, opened, sink)):
                piece.rows.create_view("raw", replace=True)
                if not number:
                    _name_models(connection, [])
                    _name_gauges(connection, [])
                    connection.execute(_MAPPING).fetchall()
                _observe(connection, piece, sink)
        except (duckdb.InvalidInputException, duckdb.IOException) as error:
            raise UnreadableFile(f"{opened.name} is damaged or cut off; export it again.") from error


def connected(spill: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory that keeps to its limits and puts what does not fit into `spill`."""
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "threads": THREADS,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    # The bar would be drawn on standard output, where a worker gives its answers.
    connection.execute("set enable_progress_bar = false; set TimeZone = 'UTC'; set preserve_insertion_order = false").fetchall()
    return connection


def _observe(connection: duckdb.DuckDBPyConnection, piece: Piece, sink: Sink) -> None:
    connection.execute("set variable wordy = ?", [[*filter(may_hold_words, piece.unknown)]]).fetchall()
    models_stated = connection.execute("select distinct model from written where model is not null").fetchall()
    _name_models(connection, [model for (model,) in models_stated])
    observed = connection.table("observed")
    columns = [_column(column, sql_type, observed.columns, sink.whose) for column, sql_type in OBSERVATION.items()]
    found = observed.select(*columns).to_arrow_table()
    sink.add_arrow("observation", found)
    errors = [error for (error,) in connection.execute("select distinct error from written where error is not null").fetchall()]
    if any(map(gauge_of_error, errors)):
        _name_gauges(connection, errors)
        refused = connection.table("refused")
        columns = [_column(column, sql_type, refused.columns, sink.whose) for column, sql_type in LIMIT.items()]
        sink.add_arrow("limit_seen", refused.select(*columns).to_arrow_table())
    rows = connection.execute("select count(*) from raw").fetchall()[0][0]
    if found.num_rows == rows:
        return
    faults = connection.execute("select line, min(fault) from understood where fault is not null group by line order by line")
    while some := faults.fetchmany(10_000):
        for line, fault in some:
            sink.reject(line, fault)
            if line in piece.salvaged:  # it was no use: a line counts once
                sink.lines(0, salvaged=-1)


def _column(column: str, sql_type: str, stated: list[str], whose: str | None) -> Expression:
    value = ColumnExpression(column) if column in stated else ConstantExpression(None)
    if column == "account" and whose is not None:
        value = CoalesceOperator(value, ConstantExpression(whose))
    return value.cast(sql_type).alias(column)


def _name_gauges(connection: duckdb.DuckDBPyConnection, errors: list[str]) -> None:
    import pyarrow as pa

    known = [(error, gauge) for error in errors if (gauge := gauge_of_error(error))]
    columns = {
        "raw": pa.array([error for error, _ in known], pa.string()),
        "gauge": pa.array([gauge for _, gauge in known], pa.string()),
    }
    connection.register("error_gauge", pa.table(columns))


def _name_models(connection: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    import pyarrow as pa

    meaning = [names, [*map(models.canonical, names)], [*map(models.speed, names)]]
    columns = dict(zip(("raw", "model", "speed"), (pa.array(values, pa.string()) for values in meaning), strict=True))
    connection.register("model_name", pa.table(columns))


def _pieces(connection: duckdb.DuckDBPyConnection, opened: Opened, sink: Sink) -> Iterator[Piece]:
    """The file in one or more pieces. Lines are counted, and those that are no row are rejected, in the sink."""
    with opened.path.open("rb") as file:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf\0 \t\r\n")
    if start.startswith(PARQUET):
        relation = connection.read_parquet(str(opened.path), file_row_number=True, hive_partitioning=False)
        sink.lines(int(relation.aggregate("count(*)").fetchall()[0][0]))
        yield _as_text(relation, FunctionExpression("+", ColumnExpression(_LINE), ConstantExpression(1)), opened.name)
    elif start.startswith(b"{"):
        for events in read_events(opened, sink):
            yield piece_of(connection, events.table, events.unknown, events.salvaged)
    else:
        for rows in read_rows(opened, sink):
            numbered = _from_arrow(connection, rows.table.append_column(_LINE, [list(rows.lines)]))
            yield _as_text(numbered, ColumnExpression(_LINE), opened.name)


def piece_of(
    connection: duckdb.DuckDBPyConnection, table: Any, unknown: tuple[str, ...], salvaged: AbstractSet[int] = frozenset()
) -> Piece:
    """The rows of an Arrow table that has `line`, the columns of the format, and `unknown`, a map of the others."""
    text = _from_arrow(connection, table).select(
        ColumnExpression("line"), *[_text(name).alias(name) for name in KNOWN], ColumnExpression("unknown")
    )
    return Piece(text, unknown, salvaged)


def _from_arrow(connection: duckdb.DuckDBPyConnection, table: Any) -> duckdb.DuckDBPyRelation:
    import pyarrow as pa

    # In pieces, so that both cores work on it.
    return connection.from_arrow(pa.Table.from_batches(table.to_batches(max_chunksize=8192), schema=table.schema))


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
    if others:  # of two that differ in case only, the first is kept
        first = dict(reversed(others))
        keys, values = map(ConstantExpression, first), map(_text, first.values())
        unknown = FunctionExpression("map", FunctionExpression("list_value", *keys), FunctionExpression("list_value", *values))
    else:
        unknown = _nothing("MAP(VARCHAR, VARCHAR)")
    text = rows.select(
        line.alias("line"),
        *[(_text(known[name]) if name in known else _nothing("VARCHAR")).alias(name) for name in KNOWN],
        unknown.alias("unknown"),
    )
    return Piece(text, tuple(name for name, _ in others))


def _text(column: str) -> Expression:
    return ColumnExpression(column).cast("VARCHAR")


def _nothing(sql_type: str) -> Expression:
    return ConstantExpression(None).cast(sql_type)
