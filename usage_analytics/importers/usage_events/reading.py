"""From a container's rows to observations.

CSV, JSON Lines and Parquet become one kind of DuckDB relation: `line`, the columns of the format as text, and a map of the others. The one
mapping in `mapping.sql` makes observations of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

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
from usage_analytics.importers.usage_events.regular import MEANINGS, Meaning, RegularEvents
from usage_analytics.pricing import models

if TYPE_CHECKING:
    import pyarrow as pa

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
        constants = {"import_no": opened.import_no, "source": source, "grain": grain}
        for name, value in constants.items():
            connection.execute(f"set variable {name} = ?", [value]).fetchall()
        mapping = _Mapping(connection, sink)
        try:
            for piece in (pieces or partial(_pieces, RegularEvents(mapping.meanings, constants)))(connection, opened, sink):
                mapping.take(piece)
                mapping.observe(piece)
        except (duckdb.InvalidInputException, duckdb.IOException) as error:
            raise UnreadableFile(f"{opened.name} is damaged or cut off. Export it again.") from error


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


class _Mapping:
    """What `mapping.sql` makes of the events of one file, a piece at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, sink: Sink) -> None:
        self._connection = connection
        self._sink = sink
        self._is_ready = False

    def take(self, piece: Piece) -> None:
        """Have the views of the mapping see a piece."""
        piece.rows.create_view("raw", replace=True)
        if not self._is_ready:
            _name_models(self._connection, [])
            _name_gauges(self._connection, [])
            self._connection.execute(_MAPPING).fetchall()
            self._is_ready = True
        self._connection.execute("set variable wordy = ?", [[*filter(may_hold_words, piece.unknown)]]).fetchall()
        stated = self._connection.execute("select distinct model from written where model is not null").fetchall()
        _name_models(self._connection, [model for (model,) in stated])

    def meanings(self, rows: dict[str, list[str | None]]) -> list[Meaning]:
        """What the words of these rows mean; rows with a fault are left out."""
        import pyarrow as pa

        count = len(rows["app"])
        given = {"event_id": ["-"] * count, "occurred_at": ["2026-01-01"] * count} | rows
        columns = [pa.array(given.get(name, [None] * count), pa.string()) for name in KNOWN]
        names = ["line", *KNOWN, "unknown"]
        table = pa.table([pa.nulls(count, pa.int64()), *columns, pa.nulls(count, pa.map_(pa.string(), pa.string()))], names=names)
        self.take(piece_of(self._connection, table, ()))
        wanted = ["message_index", *{column: None for meant in MEANINGS.values() for column in meant}]
        found: list[Meaning] = self._columns("observed", {name: OBSERVATION[name] for name in wanted}).to_pylist()
        return found

    def observe(self, piece: Piece) -> None:
        """Hand the observations over, and reject the events that state something unclear."""
        found = self._columns("observed", OBSERVATION)
        self._sink.add_arrow("observation", found)
        stated = self._connection.execute("select distinct error from written where error is not null").fetchall()
        errors = [error for (error,) in stated]
        if any(map(gauge_of_error, errors)):
            _name_gauges(self._connection, errors)
            self._sink.add_arrow("limit_seen", self._columns("refused", LIMIT))
        if found.num_rows == self._connection.execute("select count(*) from raw").fetchall()[0][0]:
            return
        faults = self._connection.execute(
            "select line, min(fault) from understood where fault is not null group by line order by line"
        )
        while some := faults.fetchmany(10_000):
            for line, fault in some:
                self._sink.reject(line, fault)
                if line in piece.salvaged:  # it was no use: a line counts once
                    self._sink.lines(0, salvaged=-1)

    def _columns(self, view: str, table: dict[str, str]) -> pa.Table:
        """A view of the mapping in the columns of a table of `events`."""
        found = self._connection.table(view)
        columns = [_column(column, sql_type, found.columns, self._sink.whose) for column, sql_type in table.items()]
        return found.select(*columns).to_arrow_table()


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


def _pieces(regular: RegularEvents, connection: duckdb.DuckDBPyConnection, opened: Opened, sink: Sink) -> Iterator[Piece]:
    """The file in one or more pieces, without those that are regular throughout: these are handed over at once.

    Lines are counted, and those that are no row are rejected, in the sink.
    """
    with opened.path.open("rb") as file:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf\0 \t\r\n")
    if start.startswith(PARQUET):
        relation = connection.read_parquet(str(opened.path), file_row_number=True, hive_partitioning=False)
        sink.lines(int(relation.aggregate("count(*)").fetchall()[0][0]))
        yield _as_text(relation, FunctionExpression("+", ColumnExpression(_LINE), ConstantExpression(1)), opened.name)
    elif start.startswith(b"{"):
        for events in read_events(opened, sink):
            if not (events.unknown or events.salvaged) and (found := regular.observed(events.table)):
                sink.add_arrow("observation", found)
                continue
            yield piece_of(connection, events.table, events.unknown, events.salvaged)
    else:
        for rows in read_rows(opened, sink):
            names = {*rows.table.column_names}
            if {*REQUIRED} <= names <= {*KNOWN} and (found := regular.observed(rows.table)):
                sink.add_arrow("observation", found)
                continue
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
        raise UnreadableFile(f"{file_name} has the same column twice. Remove one of the two.")
    for name in REQUIRED:
        if name not in known:
            raise UnreadableFile(
                f"{file_name} has no column {name}, which usage events need. Rename the column that holds it, and import the file again."
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
