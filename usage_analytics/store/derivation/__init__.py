"""How observations become calls, and calls roll-ups: the same statements for an import, an undo and a new price.

What is derived is a function of the observations that are there, whatever the order in which they came; so an undo is a removal and the
same derivation again.

The right side of each join is the narrow or small one: it is held in memory, and DuckDB is told not to choose (`store/lease.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, Protocol

import duckdb

from usage_analytics.events import TABLES
from usage_analytics.pricing.cost import cost_sql

SCOPE: Final = (
    "mine",
    "involved",
    "seen_again",
    "asked",
    "refreshed",
    "regrouped",
)  # what calls are made of, and what roll-ups are

OTHERS: Final = "select exists (from shared) or exists (from incoming where output_is_final is false)"
ROWS_A_SLICE: Final = 2_000_000  # their windows take about 300 MB

MADE: Final = """
select 'view' as kind, view_name as name from duckdb_views() where temporary and list_contains($names, view_name)
union all
select 'table' as kind, table_name as name from duckdb_tables() where temporary and list_contains($names, table_name)
"""


@cache
def statements(name: str) -> tuple[str, ...]:
    """The statements of one of the SQL files here."""
    text = (files("usage_analytics.store.derivation") / f"{name}.sql").read_text("utf-8")
    return tuple(statement for statement in text.split(";\n") if statement.strip())


class Rows(Protocol):
    """What an engine found."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All of it."""


class Engine(Protocol):
    """What runs the statements: a connection to DuckDB, or a session on a cluster that translates them."""

    def execute(self, statement: str, parameters: Any = None, /) -> Rows:
        """Run a statement; its rows."""


def run(engine: Engine, name: str) -> None:
    """Run all statements of a file."""
    for statement in statements(name):
        engine.execute(statement)


def touch(connection: duckdb.DuckDBPyConnection, imports: Sequence[int]) -> None:
    """Mark what a change to these imports affects, and delete the calls derived from it. Call it before an undo removes its rows."""
    connection.execute(
        "create or replace temp table changed_import as select unnest($imports) as import_id", {"imports": list(imports)}
    )
    run(connection, "claims_touched" if _several_sources(connection) else "claims_touched_none")
    run(connection, "touched")


def load(connection: duckdb.DuckDBPyConnection, form: Literal["load", "archived"], parts: Mapping[str, Sequence[str]]) -> None:
    """Load the parts of the imports in table `followed`, table by table, and derive what follows. `form` is how the parts are named."""
    ((empty,),) = connection.execute("select not exists (from observation)").fetchall()
    loads = dict(zip(TABLES, statements(form), strict=True))
    fresh = bool(empty and parts.get("observation")) and _is_plain(connection, form, parts["observation"])
    for table, statement in loads.items():
        if parts.get(table) and not (fresh and table == "observation"):
            connection.execute(statement, {"parts": list(parts[table])})
    if not empty:
        touch(connection, [number for (number,) in connection.execute("select import_id from followed").fetchall()])
    derive(connection, everything=bool(empty), fresh=fresh)


def _is_plain(connection: duckdb.DuckDBPyConnection, form: str, parts: Sequence[str]) -> bool:
    """Look at the observations that are added; whether each is written once, with what is worked out of it. See `fresh.sql`."""
    connection.execute("set variable parts = $parts", {"parts": list(parts)})
    connection.execute(statements("incoming")[form == "archived"])
    (plain,) = statements("plain")
    return bool(connection.execute(plain).fetchall()[0][0])


def derive(connection: duckdb.DuckDBPyConnection, *, everything: bool, fresh: bool = False) -> None:
    """Derive the marked calls again, or all of them, and the roll-ups of their days.

    With `fresh`, their observations aren't stored yet, and this stores them.
    """
    # A connection that catches up may derive twice, all calls and some: what is a view the one time is a table the other.
    for kind, name in connection.execute(MADE, {"names": SCOPE}).fetchall():
        connection.execute(f"drop {kind} temp.{name}")
    derive_on(connection, everything=everything, fresh=fresh, rows_a_slice=ROWS_A_SLICE)


def derive_on(engine: Engine, *, everything: bool, fresh: bool = False, rows_a_slice: int | None = None) -> None:
    """The steps of it, on any engine. Where windows have to fit into memory, conversations are taken in slices of so many rows."""
    engine.execute(cost_sql())
    scope = "scope_fresh" if fresh else "scope_all" if everything else "scope_touched"
    for step in ("keys", "standing", scope):
        run(engine, step)
    made, filled = statements("message_position")
    engine.execute(made)
    slices = 1
    if rows_a_slice:
        ((rows,),) = engine.execute("select count(*) from involved").fetchall()
        slices += rows // rows_a_slice
    for number in range(slices):
        engine.execute(filled, {"slices": slices, "slice": number})
    others = fresh and engine.execute(OTHERS).fetchall()[0][0]
    for step in ("merge", "made", "fresh" if fresh else "call", *(("fresh_others",) if others else ())):
        run(engine, step)
    if engine.execute("select exists (from mine where estimates is not null)").fetchall()[0][0]:
        run(engine, "estimates")
    settle(engine)
    run(engine, "rollup")


def settle(engine: Engine) -> None:
    """Count each dollar once: calls that two sources know, and reports on a bill that calls itemize."""
    run(engine, "claims_sources")
    if _several_sources(engine):
        run(engine, "claims_twins")
    reported = "select exists (from call where grain <> 'call') or exists (from claim where grain <> 'call')"
    if engine.execute(reported).fetchall()[0][0]:
        for step in ("claims_aside", "claims_stated", "claims_items", "claims_links", "claims_settled"):
            run(engine, step)


def _several_sources(engine: Engine) -> bool:
    """Whether a call may be known to more than one source."""
    ((several,),) = engine.execute("select min(source) <> max(source) from observation where grain = 'call'").fetchall()
    return bool(several)
