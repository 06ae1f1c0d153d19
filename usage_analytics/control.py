"""What people decided: settings, and later balances, expected runs, shares and alerts.

It lies beside the events, in SQLite, because the events can be read in again and decisions cannot; and because many may write to it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PATIENCE_SECONDS: Final = 10.0
MIGRATIONS: Final = ("create table setting (name text primary key, value text not null) strict",)


class Control:
    """One file of decisions; each call opens it, works and lets go."""

    def __init__(self, path: Path) -> None:
        """The file at `path`; it is made at the first decision."""
        self.path = path

    def setting(self, name: str) -> str | None:
        """The value of a setting; None when nobody has set it."""
        if not self.path.exists():
            return None
        with self._open() as connection:
            row = connection.execute("select value from setting where name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_setting(self, name: str, value: str | None) -> None:
        """Keep a setting; None forgets it."""
        with self._open() as connection:
            if value is None:
                connection.execute("delete from setting where name = ?", (name,))
            else:
                connection.execute("insert or replace into setting values (?, ?)", (name, value))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A migrated connection; what is done with it is done whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=PATIENCE_SECONDS, isolation_level=None)
        try:
            connection.execute("begin immediate")
            done = connection.execute("pragma user_version").fetchone()[0]
            for number, migration in enumerate(MIGRATIONS[done:], start=done + 1):
                connection.execute(migration)
                connection.execute(f"pragma user_version = {number}")  # takes no bound parameter; `number` counts
            yield connection
            connection.execute("commit")
        finally:
            connection.close()
