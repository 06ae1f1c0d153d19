"""Changes of a table as queries for what it holds then: an engine that only reads derives as one that writes does."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

HIT = "is_hit"


def left_after(delete: exp.Delete) -> exp.Expression:
    """The rows that a deletion leaves."""
    kept = exp.select("*").from_(delete.this.copy())
    where = delete.args.get("where")
    return kept.where(exp.not_(exp.paren(where.this.copy()))) if where else kept.where("false")


def updated(update: exp.Update, columns: Iterable[str]) -> exp.Expression:
    """Every row of the table, with new values where what the update joins has a row for it."""
    name = update.this.name
    fresh = {one.this.name: one.expression for one in update.expressions}
    joined = update.args["from_"].this
    alias = joined.alias_or_name
    hits = exp.select("*", exp.alias_(exp.true(), HIT)).from_(joined.copy()).subquery(alias)
    changed = [
        exp.alias_(
            exp.Case(ifs=[exp.If(this=exp.column(HIT, alias), true=fresh[one].copy())], default=exp.column(one, name))
            if one in fresh
            else exp.column(one, name),
            one,
        )
        for one in columns
    ]
    return exp.select(*changed).from_(name).join(hits, on=update.args["where"].this.copy(), join_type="left")
