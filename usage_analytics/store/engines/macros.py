"""DuckDB's macros, put in the place of their calls: other engines have none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp

OWN: Final = frozenset({"key_of"})  # macros that an engine has built in


@dataclass(frozen=True)
class Macros:
    """The macros that were made so far, by name: their parameters and what they stand for."""

    known: dict[str, tuple[tuple[str, ...], exp.Expression]] = field(default_factory=dict)

    def learn(self, made: exp.Create) -> None:
        """Keep the macro of a `create macro`."""
        name = made.this.this.name.lower()
        if name not in OWN:
            self.known[name] = (tuple(one.name for one in made.this.expressions), made.expression)

    def expanded(self, tree: exp.Expression) -> exp.Expression:
        """A statement without calls of macros; the statement itself is changed."""
        while found := [one for one in tree.find_all(exp.Anonymous) if one.name.lower() in self.known]:
            for call in reversed(found):  # what is within first
                parameters, body = self.known[call.name.lower()]
                stands_for = filled(body.copy(), dict(zip(parameters, call.expressions, strict=True)))
                if isinstance(call.parent, exp.Table):
                    alias = call.parent.args.get("alias") or exp.TableAlias(this=exp.to_identifier(call.name))
                    call.parent.replace(exp.Subquery(this=stands_for, alias=alias.copy()))
                else:
                    call.replace(exp.Paren(this=stands_for))
        return tree


def filled(body: exp.Expression, given: dict[str, exp.Expression]) -> exp.Expression:
    """A macro's body with what its parameters were given. A field of a lambda's variable is taken from the variable, no column."""

    def put(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Column):
            if not node.table and node.name in given:
                return given[node.name].copy()
            if node.table in given:
                of = given[node.table]
                whole = of.this if isinstance(of, exp.Column) and not of.table else of
                return exp.Dot(this=whole.copy(), expression=node.this.copy())
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Anonymous) and node.this.name == "query_table":
            return exp.to_table(given[node.this.expressions[0].name].name, alias=node.alias or None)
        return node

    return body.transform(put)
