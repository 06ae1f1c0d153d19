"""Query logic that queries and people may call by name: one view or macro a file.

They are in the database, so that any DuckDB client has them, and made anew when their text here is no longer what the database holds.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

import duckdb

from usage_analytics.pricing.cost import rate_card_sql
from usage_analytics.store import schema

# A view comes after what it calls.
NAMES: Final = (
    "observation", "call", "calendar", "price_card", "bills_apart", "conversation_within", "payment", "paid_call", "event", "conversation",
)  # fmt: skip


@cache
def texts() -> tuple[str, ...]:
    """The statements that make the views and macros, in order; the rate card is that by which calls are priced."""
    written = ((files("usage_analytics.store.views") / f"{name}.sql").read_text("utf-8") for name in NAMES)
    return tuple(one.replace("from rate_card()", f"from (\n{rate_card_sql()}\n)") for one in written)


def digest() -> str:
    """Return a digest of all the texts and of the tables that they read."""
    return sha256("\0".join((*texts(), str(schema.newest()))).encode()).hexdigest()


def replace_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Replace the views, all or none, if the database has those of other texts."""
    known = {"digest": digest()}
    if connection.execute("select exists (from view_set where digest = $digest)", known).fetchall()[0][0]:
        return
    connection.execute("begin")
    for statement in texts():
        connection.execute(statement)
    connection.execute("delete from view_set")
    connection.execute("insert into view_set values ($digest)", known)
    connection.execute("commit")
