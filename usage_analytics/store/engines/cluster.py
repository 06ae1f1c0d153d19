"""Spark Connect: the archive is read, derived and written by a cluster that reaches the same storage."""

from __future__ import annotations

import logging
import tempfile
import uuid
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usage_analytics.archive import NoArchive
from usage_analytics.errors import BadRequest, UsageError
from usage_analytics.events import TABLES
from usage_analytics.store.derivation import derive_on, statements
from usage_analytics.store.engines.written import WRITTEN
from usage_analytics.store.following import note_imports
from usage_analytics.store.lease import Lease
from usage_analytics.store.opening import bring_up_to_date

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from usage_analytics.store.engines import Work
    from usage_analytics.store.engines.spark import Spark

# What is small and known here: prices, rules, and which rows of the archive belong to which import.
GIVEN: Final = ("rate", "claim_order", "claim_choice", "followed", "import", "reject")
COLUMNS: Final = (
    "select table_name, column_name, data_type from duckdb_columns() where not internal order by table_name, column_index"
)


def run_on_cluster(address: str, work: Work) -> Mapping[str, int]:
    """Derive and write every table; how many rows each has. Raises UsageError where the server can't do it."""
    scratch = f"scratch-{uuid.uuid4().hex}"
    with session_at(address) as session:
        engine = prepared(session, work, f"{work.out.uri}/{scratch}")
        parts = work.ledger.parts()
        try:
            for table, statement in zip(TABLES, statements("archived"), strict=True):
                found = sorted(f"{work.archive.uri}/{part.file}" for part in parts if part.table == table)
                if found:
                    engine.execute(statement, {"parts": found})
            derive_on(engine, everything=True)
            for table in WRITTEN:
                engine.relation(table).write.mode("overwrite").parquet(f"{work.out.uri}/{table}")
            return {table: session.read.parquet(f"{work.out.uri}/{table}").count() for table in WRITTEN}
        finally:
            work.out.remove(scratch)


def prepared(session: SparkSession, work: Work, scratch: str) -> Spark:
    """An engine with the tables of a database that has prices, rules and the ledger's imports, and no observation yet."""
    from usage_analytics.store.engines.spark import Spark

    with tempfile.TemporaryDirectory(prefix="usage-analytics-") as name:
        lease = Lease(Path(name) / "usage.duckdb")
        bring_up_to_date(lease, NoArchive(Path(name)), work.rates, work.rules)
        with lease.writing() as connection:
            note_imports(connection, work.ledger, tuple(work.ledger.entries().values()))
            tables: dict[str, dict[str, str]] = {}
            for table, column, kind in connection.execute(COLUMNS).fetchall():
                tables.setdefault(table, {})[column] = kind
            engine = Spark(session, tables, scratch)
            for table in GIVEN:
                engine.put(table, connection.sql(f"select * from {table}").to_arrow_table())  # noqa: S608
    return engine


@contextmanager
def session_at(address: str) -> Iterator[SparkSession]:
    """A session of its own on the server. Raises BadRequest without the packages for it, or without an answer; UsageError for what
    Spark says went wrong: its first line names the cause, the rest is in its own log.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of the version of pandas, which nothing here goes through
        try:
            import sqlglot  # noqa: F401
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise BadRequest("Spark needs two more packages: pip install 'usage-analytics[spark]'.") from error
        logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)  # it writes each error to standard error too
        try:
            session = SparkSession.builder.remote(address).create()
            _ = session.version
        except (PySparkException, OSError, ValueError) as error:
            raise BadRequest(f"No Spark Connect server answers at {address}. Check that it runs and the address.") from error
        try:
            yield session
        except PySparkException as error:
            cause = (error.getMessage() or type(error).__name__).strip().splitlines()[0][:200]
            raise UsageError(f"Spark at {address} couldn't finish: {cause}") from error
        finally:
            session.stop()
