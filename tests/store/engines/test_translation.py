"""What Spark is told instead of DuckDB's macros and changes of tables does the same: tried on DuckDB itself, which knows both."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

sqlglot = pytest.importorskip("sqlglot", reason="the extra “spark” is not installed")

from sqlglot import exp  # noqa: E402

from usage_analytics.pricing.cost import cost_sql  # noqa: E402
from usage_analytics.store.derivation import statements  # noqa: E402
from usage_analytics.store.engines.changes import left_after, updated  # noqa: E402
from usage_analytics.store.engines.dialect import spark_sql, spark_type  # noqa: E402
from usage_analytics.store.engines.macros import Macros  # noqa: E402

STEPS = (
    *(
        "keys",
        "standing",
        "scope_all",
        "message_position",
        "merge",
        "made",
        "call",
        "estimates",
        "claims_sources",
        "claims_twins",
    ),
    *("claims_aside", "claims_stated", "claims_items", "claims_links", "claims_settled", "rollup"),
)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        found.execute("create table call as select i as id, i % 3 as kind, i * 10 as nanos from range(20) as r (i)")
        found.execute("create table better as select i * 2 as id, i * 7 as nanos from range(5) as r (i)")
        yield found


def test_macros_within_macros_are_replaced_and_mean_the_same(connection: duckdb.DuckDBPyConnection) -> None:
    text = """
        create or replace temp macro twice(n) as n + n;
        create or replace temp macro more(record, than) as twice(record.nanos) > than;
        create or replace temp macro doubled(calls) as table select c.*, twice(twice(c.nanos)) - 1 as four from query_table(calls) as c
    """
    asked = "select d.four * 2 as eight, more(c, 100) as is_more from doubled('call') as d inner join call as c on d.id = c.id order by all"
    macros = Macros()
    for tree in sqlglot.parse(text, read="duckdb"):
        macros.learn(tree)
    connection.execute(text)
    expanded = macros.expanded(sqlglot.parse_one(asked, read="duckdb")).sql("duckdb")
    assert not {"twice", "more", "doubled", "query_table"} & {
        one.name.lower() for one in sqlglot.parse_one(expanded, read="duckdb").find_all(exp.Anonymous)
    }
    assert connection.execute(expanded).fetchall() == connection.execute(asked).fetchall()


@pytest.mark.parametrize(
    "change",
    [
        "delete from call where kind = 1 and exists (select 1 from better as b where b.id = call.id)",
        "delete from call",
        "update call set nanos = b.nanos, kind = 9 from better as b where call.id = b.id and call.kind <> 0",
    ],
)
def test_a_change_is_a_query_for_what_the_table_holds_then(connection: duckdb.DuckDBPyConnection, change: str) -> None:
    tree = sqlglot.parse_one(change, read="duckdb")
    query = left_after(tree) if isinstance(tree, exp.Delete) else updated(tree, ["id", "kind", "nanos"])
    said = sorted(connection.execute(query.sql("duckdb")).fetchall())
    connection.execute(change)
    assert said == sorted(connection.execute("from call").fetchall())


def test_no_word_of_duckdb_alone_is_left_in_what_spark_is_told() -> None:
    macros = Macros()
    for tree in sqlglot.parse(cost_sql(), read="duckdb"):
        macros.learn(tree)
    own = {
        "hash",
        "row",
        "list_sum",
        "list_extract",
        "key_of",
        "query_table",
        "int128",
        "ubigint",
        "asof",
        "qualify",
        *macros.known,
    }
    for step in STEPS:
        for statement in statements(step):
            for parsed in sqlglot.parse(statement, read="duckdb"):
                tree = parsed
                if isinstance(parsed, exp.Update):
                    tree = exp.Insert(this=parsed.this, expression=updated(macros.expanded(parsed), ["source"]))
                if tree is None or not tree.expression or (isinstance(tree, exp.Create) and tree.kind == "MACRO"):
                    continue
                said = spark_sql(macros.expanded(tree).expression)
                named = [one.alias for one in sqlglot.parse_one(said, read="spark").find_all(exp.CTE)]
                assert len(named) == len(set(named)), (step, "two macros that have a `with` are in one statement")
                words = {word.name.lower() for word in sqlglot.parse_one(said, read="spark").find_all(exp.Anonymous)}
                assert not words & own, (step, words & own)
                assert not {"int128", "ubigint", "asof", "qualify"} & set(said.lower().split()), step


def test_rows_without_a_value_do_not_win() -> None:
    said = spark_sql(sqlglot.parse_one("select arg_min(a, b), arg_max(a, b) filter (c > 1) from t", read="duckdb"))
    assert said.count("FILTER(WHERE") == 2
    assert said.count("NOT a IS NULL") == 2
    assert spark_type("HUGEINT") == "DECIMAL(38, 0)"
