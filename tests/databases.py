"""Databases for tests: files read into a store without a child process, and the content of its tables for comparison."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from usage_analytics.events import TABLES
from usage_analytics.importers import claude_code
from usage_analytics.importers.sink import Account, Opened, Sink
from usage_analytics.store import Store
from usage_analytics.store.derivation import derive
from usage_analytics.store.ledger import Batch, Import, NewImport

NOW: Final = datetime(2026, 11, 20, 12)
DERIVED: Final = (
    "call",
    "rollup_half_hour",
    "rollup_conversation",
    "rollup_message_position",
    "rollup_value",
    "rollup_conversation_part",
    "claim",
    "claim_link",
    "reconciled",
)
OBSERVED: Final = ("observation", "prompt", "limit_seen", "session_total", "balance_seen", "range_total")


@dataclass(frozen=True)
class Read:
    """What a file came to: the account of its lines, and its rows by table."""

    account: Account
    observations: list[dict[str, Any]]
    prompts: list[dict[str, Any]]
    limits: list[dict[str, Any]]
    session_totals: list[dict[str, Any]]
    balances: list[dict[str, Any]]
    range_totals: list[dict[str, Any]]

    @property
    def only(self) -> dict[str, Any]:
        """The one call there is."""
        (one,) = self.observations
        return one

    @property
    def event_lines(self) -> int:
        """How many lines became events, by P4: lines = event lines + other + salvaged + rejected."""
        known = self.account
        return known.lines - known.other - known.salvaged - known.rejected


@cache
def _empty() -> bytes:
    """A database with nothing in it: making one anew takes a fifth of a second."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "usage.duckdb")
        store.rows("events_total")
        store.close()
        return store.path.read_bytes()


def new(folder: Path) -> Store:
    """An empty store in a folder of the test's own."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "usage.duckdb"
    path.write_bytes(_empty())
    return Store(path)


def read(content: bytes, name: str = "one.jsonl", *, offset: int = 0, whole: bool = True) -> Read:
    """Read a transcript of these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "content"
        path.write_bytes(content)
        sink = Sink(Path(folder))
        account = sink.begin(0)
        claude_code.read(Opened(path, name, 0, offset, whole), sink)
        sink.flush()
        return Read(account, *(_rows(Path(folder), table) for table in TABLES))


def add(store: Store, files: Mapping[str, bytes]) -> tuple[Import, ...]:
    """Import transcripts of these names and bytes in one batch."""
    with tempfile.TemporaryDirectory() as folder:
        parts = Path(folder) / "parts"
        parts.mkdir()
        sink = Sink(parts)
        imports = []
        for number, (name, content) in enumerate(files.items()):
            path = Path(folder) / "content"
            path.write_bytes(content)
            account = sink.begin(number)
            claude_code.read(Opened(path, Path(name).name, number), sink)
            imports.append(_new_import(number, name, account))
        sink.flush()
        return store.add(Batch(parts, tuple(imports)), NOW)


def left_beside(store: Store) -> list[str]:
    """What lies beside the database and is no part of its archive, and what changes that were not finished left in the archive."""
    archive = store.archive.folder
    beside = [path for path in store.path.parent.iterdir() if path not in (store.path, archive)]
    return sorted(path.name for path in [*beside, *archive.glob("pending-*"), *archive.glob("lock?*")])


def rows(store: Store, sql: str) -> list[dict[str, Any]]:
    """The answer to a question of the test's own."""

    def work() -> list[dict[str, Any]]:
        with store._lease.reading() as cursor:
            cursor.execute(sql)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    store.rows("events_total")  # makes and migrates the file
    return store._despite_damage(work)


def content(store: Store, tables: Sequence[str] = DERIVED) -> dict[str, list[str]]:
    """Every row of the tables, without which import it came from; equal for equal databases."""
    found = {}
    for table in tables:
        named = rows(store, f"select * from {table}")
        found[table] = sorted(repr({name: row[name] for name in sorted(row) if name != "import_id"}) for row in named)
    return found


def derived_again(store: Store) -> None:
    """Forget everything that was derived, and derive it anew of all observations at once."""
    with store._lease.writing() as connection:
        connection.execute("update stored_observation set is_call = false")
        for table in DERIVED:
            connection.execute(f"delete from {'stored_call' if table == 'call' else table}")
        derive(connection, everything=True)


def _new_import(number: int, name: str, account: Account) -> NewImport:
    counts = (account.lines, account.other, account.salvaged, account.rejected)
    return NewImport(number, Path(name).name, "claude_code", *counts, tuple(account.rejects))


def _rows(folder: Path, table: str) -> list[dict[str, Any]]:
    return [row for part in sorted(folder.glob(f"{table}-*.parquet")) for row in pq.read_table(part).to_pylist()]
