"""Spark, by Spark Connect: the statements of the derivation as a session there runs them.

Spark reads and never writes a table in place. So each name stands for a relation, and a statement that changes a table lets its name stand
for another. What is made as a table is written to a scratch folder, which cuts the plans and outlives a lost worker; views are not.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import sqlglot
from sqlglot import exp

from usage_analytics.store.engines.changes import left_after, updated
from usage_analytics.store.engines.dialect import spark_sql, spark_type
from usage_analytics.store.engines.macros import Macros

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

SETTINGS: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # what overflows is an error, as it is in DuckDB
    "spark.sql.parquet.mergeSchema": "true",  # columns that older parts lack
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}


# What DuckDB stores under one name and shows under another is one relation here.
STORED: Final = {"stored_call": "call", "stored_observation": "observation"}


class Answer:
    """The rows of a query."""

    def __init__(self, rows: Sequence[tuple[Any, ...]] = ()) -> None:
        self._rows = rows

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All of them."""
        return [tuple(row) for row in self._rows]


class Spark:
    """A session on a server that runs what `derive` executes. `tables` are the columns of its tables, with DuckDB's types."""

    def __init__(self, session: SparkSession, tables: Mapping[str, Mapping[str, str]], scratch: str) -> None:
        self.session = session
        self._scratch = scratch
        self._macros = Macros()
        self._types = {table: {name: spark_type(of) for name, of in columns.items()} for table, columns in tables.items()}
        self._empty: set[str] = set()
        self._views: dict[str, exp.Expression] = {}
        self._stale: set[str] = set()
        for name, setting in SETTINGS.items():
            session.conf.set(name, setting)
        for table in self._types:
            self._make_empty(table)

    def execute(self, statement: str, parameters: Mapping[str, object] | None = None, /) -> Answer:
        """Run statements in DuckDB's SQL; the rows of the last, if it is a query."""
        answer = Answer()
        for tree in map(_named_as_read, sqlglot.parse(statement, read="duckdb")):
            if isinstance(tree, exp.Create) and tree.kind == "MACRO":
                self._macros.learn(tree)
            elif tree is not None:
                answer = self._run(self._macros.expanded(tree), parameters or {})
        return answer

    def put(self, table: str, rows: pa.Table) -> None:
        """Let a table hold these rows."""
        if rows.num_rows:
            self._bind(table, self._typed(self.session.createDataFrame(rows), table))

    def relation(self, table: str) -> DataFrame:
        """What a table holds."""
        return self.session.table(table)

    def _run(self, tree: exp.Expression, parameters: Mapping[str, object]) -> Answer:
        match tree:
            case exp.Create(this=exp.Schema()):
                name = tree.this.this.name
                self._types[name] = {one.name: spark_type(one.args["kind"].sql("duckdb")) for one in tree.this.expressions}
                self._make_empty(name)
            case exp.Create(kind="VIEW"):
                self._views[tree.this.name] = tree.expression
                self._stale.add(tree.this.name)
            case exp.Create():
                made = self._query(tree.expression)
                self._types[tree.this.name] = dict(made.dtypes)
                self._bind(tree.this.name, self._kept(made))
            case exp.Insert():
                self.insert(tree, parameters)
            case exp.Delete():
                if tree.this.name not in self._empty:
                    self._bind(tree.this.name, self._query(left_after(tree)))
            case exp.Update():
                table, joined = tree.this.name, tree.args["from_"].this
                hits = (
                    f"hits_{uuid.uuid4().hex}"  # written down first: a table whose plan holds all that it was joined with is slow
                )
                self._bind(hits, self._kept(self._query(exp.select("*").from_(joined.copy()))))
                joined.replace(exp.to_table(hits, alias=joined.alias_or_name))
                self._bind(table, self._typed(self._query(updated(tree, self._types[table])), table))
            case exp.Query():
                return Answer(self._query(tree).collect())
            case _:
                raise TypeError(f"{type(tree).__name__} is not a statement of the derivation")
        return Answer()

    def insert(self, tree: exp.Insert, parameters: Mapping[str, object]) -> None:
        """Add rows to a table: of a query, or of Parquet files that the parameter `parts` names."""
        table, query = tree.this.name, tree.expression
        is_read = query.find(exp.ReadParquet) is not None

        def put(node: exp.Expression) -> exp.Expression:
            if isinstance(node, exp.Table) and isinstance(node.this, exp.ReadParquet):
                name = f"parts_{uuid.uuid4().hex}"
                found = self.session.read.parquet(*cast("list[str]", parameters["parts"]))
                found.selectExpr("*", "_metadata.file_name as filename").createOrReplaceTempView(name)
                return exp.to_table(name, alias=node.alias)
            return exp.convert(parameters[node.name]) if isinstance(node, exp.Placeholder) else node

        query.set("order", None)
        typed = self._typed(self._query(query.transform(put)), table, by_name=bool(tree.args.get("by_name")))
        added = typed if is_read else self._kept(typed)  # what is read from the archive is written already
        self._bind(table, added if table in self._empty else self.session.table(table).unionAll(added))

    def _typed(self, found: DataFrame, table: str, *, by_name: bool = True) -> DataFrame:
        """Rows with the table's columns; what they lack is null."""
        wanted = self._types[table]
        of = {name: name for name in found.columns} if by_name else dict(zip(wanted, found.columns, strict=True))
        return found.selectExpr(
            *(f"cast({f'`{of[name]}`' if name in of else 'null'} as {kind}) as `{name}`" for name, kind in wanted.items())
        )

    def _query(self, tree: exp.Expression) -> DataFrame:
        """Return a query's rows. Views that it reads are redefined first if the relations behind them changed."""
        for table in tree.find_all(exp.Table):
            if table.name in self._stale:
                self._stale.discard(table.name)
                self._query(self._views[table.name]).createOrReplaceTempView(table.name)
        return self.session.sql(spark_sql(tree))

    def _kept(self, made: DataFrame) -> DataFrame:
        """The same rows, written down."""
        place = f"{self._scratch}/{uuid.uuid4().hex}"
        made.write.parquet(place)
        return self.session.read.schema(made.schema).parquet(place)

    def _bind(self, table: str, found: DataFrame) -> None:
        """Bind a name to these rows; views that read it become stale."""
        self._empty.discard(table)
        found.createOrReplaceTempView(table)
        changed = {table}
        for view, query in self._views.items():  # a view comes after what it reads
            if any(read.name in changed for read in query.find_all(exp.Table)):
                changed.add(view)
        self._stale |= changed - {table}

    def _make_empty(self, table: str) -> None:
        columns = ", ".join(f"cast(null as {kind}) as `{name}`" for name, kind in self._types[table].items())
        self._bind(table, self.session.sql(f"select {columns} where false"))
        self._empty.add(table)


def _named_as_read(tree: exp.Expression | None) -> exp.Expression | None:
    """A statement in which what is stored has the name that it is read by."""
    for word in tree.find_all(exp.Identifier) if tree else ():
        word.set("this", STORED.get(word.name, word.name))
    return tree
