"""From a container's rows of text to observations, by the one mapping in `mapping.sql`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from usage_analytics.errors import UnreadableFile
from usage_analytics.events import LIMIT, OBSERVATION
from usage_analytics.importers.labels import may_hold_words
from usage_analytics.importers.refusals import gauge_of_error
from usage_analytics.importers.sink import Opened, Sink
from usage_analytics.importers.usage_events.relations import Piece, pieces
from usage_analytics.pricing import models

MEMORY: Final = "400MB"
THREADS: Final = 2
_MAPPING: Final = Path(__file__).with_name("mapping.sql").read_text(encoding="utf-8")


def read(opened: Opened, sink: Sink) -> None:
    """Map the file's rows to observations and reject those that state something unclear. Raises UnreadableFile."""
    with connected(sink.folder / f"spill-{opened.import_no}") as connection:
        connection.execute("set variable import_no = ?", [opened.import_no]).fetchall()
        try:
            for number, piece in enumerate(pieces(connection, opened, sink)):
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
    import pyarrow.parquet as pq

    connection.execute("set variable wordy = ?", [[*filter(may_hold_words, piece.unknown)]]).fetchall()
    models_stated = connection.execute("select distinct model from written where model is not null").fetchall()
    _name_models(connection, [model for (model,) in models_stated])
    part = sink.parquet("observation")
    observed = connection.table("observed")
    columns = [_column(column, sql_type, observed.columns) for column, sql_type in OBSERVATION.items()]
    observed.select(*columns).write_parquet(str(part), compression="zstd")
    _refuse(connection, sink)
    rows = connection.execute("select count(*) from raw").fetchall()[0][0]
    if pq.read_metadata(part).num_rows == rows:
        return
    faults = connection.execute("select line, min(fault) from understood where fault is not null group by line order by line")
    while some := faults.fetchmany(10_000):
        for line, fault in some:
            sink.reject(line, fault)
            if line in piece.salvaged:  # it was no use: a line counts once
                sink.lines(0, salvaged=-1)


def _refuse(connection: duckdb.DuckDBPyConnection, sink: Sink) -> None:
    """Hand over the events that ran into a limit; most files have none."""
    errors = [error for (error,) in connection.execute("select distinct error from written where error is not null").fetchall()]
    if not any(map(gauge_of_error, errors)):
        return
    _name_gauges(connection, errors)
    refused = connection.table("refused")
    columns = [_column(column, sql_type, refused.columns) for column, sql_type in LIMIT.items()]
    refused.select(*columns).write_parquet(str(sink.parquet("limit_seen")), compression="zstd")


def _column(column: str, sql_type: str, stated: list[str]) -> duckdb.Expression:
    value = duckdb.ColumnExpression(column) if column in stated else duckdb.ConstantExpression(None)
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
