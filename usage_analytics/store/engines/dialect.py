"""The derivation's SQL in Spark's words: sqlglot translates, and where a word means something else there, it is put right here.

What no translation could tell, the SQL itself says so that both engines agree: numbers are rounded before they are cast, times are compared
in microseconds, what is compared has no null in it, and what comes first among equals is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from sqlglot import exp, parse_one
from sqlglot.dialects.spark import Spark

# No number of ours has the highest bit of an unsigned one.
WIDE: Final = {exp.DataType.Type.INT128: "DECIMAL(38, 0)", exp.DataType.Type.UBIGINT: "BIGINT"}
TOTAL: Final = (
    "aggregate(given, cast(null as decimal(38, 0)),"
    " (total, one) -> cast(coalesce(total + one, total, cast(one as decimal(38, 0))) as decimal(38, 0)))"
)
DIGEST: Final = "cast(conv(substring(md5(given), 1, 15), 16, 10) as bigint)"


class SparkFixed(Spark):  # type: ignore[misc]  # of a package without types that we check
    """Spark with DuckDB's wide integers."""

    class Generator(Spark.Generator):  # type: ignore[misc]
        """Names DuckDB's wide integers as decimals of the same range."""

        TYPE_MAPPING: ClassVar = {**Spark.Generator.TYPE_MAPPING, **WIDE}


def spark_type(of: str) -> str:
    """A type of DuckDB's as Spark names it."""
    return str(exp.DataType.build(of, dialect="duckdb").sql(SparkFixed))


def spark_sql(tree: exp.Expression) -> str:
    """Return a DuckDB query in Spark's SQL."""
    said = tree.copy()
    for node in reversed(list(said.walk())):  # what is within first
        if isinstance(node, exp.Anonymous) and node.name.lower() in FUNCTIONS:
            node.replace(FUNCTIONS[node.name.lower()](node.expressions))
        elif isinstance(node, (exp.ArgMin, exp.ArgMax)):
            pass_over_nulls(node)
    return str(said.sql(SparkFixed, comments=False))


def pass_over_nulls(node: exp.ArgMin | exp.ArgMax) -> None:
    """Leave out the rows whose value is null, as DuckDB's does and Spark's does not."""
    known = exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.Null()))
    if isinstance(node.parent, exp.Filter):
        where = node.parent.expression
        where.set("this", exp.and_(where.this, known))
    else:
        node.replace(exp.Filter(this=node.copy(), expression=exp.Where(this=known)))


def _within(text: str) -> Callable[[Sequence[exp.Expression]], exp.Expression]:
    """A function's one argument put in the place of `given`."""
    tree = parse_one(text, dialect="spark")

    def said(arguments: Sequence[exp.Expression]) -> exp.Expression:
        given = arguments[0]
        return tree.transform(lambda node: given.copy() if isinstance(node, exp.Column) and node.name == "given" else node)

    return said


def hashed(arguments: Sequence[exp.Expression]) -> exp.Expression:
    """Spark's hash leaves nulls out, as if the columns beside them were alone."""
    marked = [exp.Coalesce(this=exp.cast(one.copy(), "string"), expressions=[exp.Literal.string("\u0001")]) for one in arguments]
    return exp.Anonymous(this="xxhash64", expressions=marked)


FUNCTIONS: Final[dict[str, Callable[[Sequence[exp.Expression]], exp.Expression]]] = {
    "hash": hashed,
    "row": lambda arguments: exp.Anonymous(this="struct", expressions=[one.copy() for one in arguments]),
    "list_extract": lambda arguments: exp.Anonymous(this="element_at", expressions=[one.copy() for one in arguments]),
    "list_sum": _within(TOTAL),
    "key_of": _within(DIGEST),
    "parse_filename": lambda arguments: arguments[0].copy(),  # it is the bare name already
}
