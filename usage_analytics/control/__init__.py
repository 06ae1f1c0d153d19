"""What people decided: settings, balances, expected runs, what became of flags, alerts, shares.

It lies beside the events, in SQLite, because the events can be read in again and decisions cannot; and because many may write to it.
One module a subject, each with free functions over a `Control`; tables are in `migrations/NNN_what.sql`, numbered and append-only.
Times are ISO 8601 text in naive UTC, money is in integer nano-dollars.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from usage_analytics.errors import BadRequest, DatabaseBusy, UsageError

PATIENCE_SECONDS: Final = 10.0
_NO_ROOM: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
_FORBIDDEN: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
Parameters = Mapping[str, str | int | float | bytes | None]


class Control:
    """One file of decisions; each call opens it, works and lets go."""

    def __init__(self, path: Path) -> None:
        """The file at `path`; it is made at the first decision."""
        self.path = path

    @classmethod
    def beside(cls, database: Path) -> Control:
        """The decisions that belong to a database of events."""
        return cls(database.with_name("control.sqlite"))

    @property
    def revision(self) -> str:
        """A word that changes whenever a decision may have; it costs a look at the file."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return "-"
        return f"{found.st_ino}.{found.st_size}.{found.st_mtime_ns}"

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[sqlite3.Row]:
        """Return the rows of a query; none if no decision was made yet."""
        if not self.path.exists():
            return []
        with self._explaining(), closing(self._connect()) as connection:
            if connection.execute("pragma user_version").fetchone()[0] < _migrations()[-1][0]:
                connection.execute("begin immediate")
                _migrate(connection)
                connection.execute("commit")
            return connection.execute(sql, parameters or {}).fetchall()

    @contextmanager
    def deciding(self) -> Iterator[sqlite3.Connection]:
        """A connection to write with; what is done with it is done whole or not at all, and one at a time."""
        with self._explaining():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as connection:
                connection.execute("begin immediate")
                _migrate(connection)
                yield connection
                connection.execute("commit")

    def copy_to(self, place: Path) -> None:
        """Copy the decisions as of one moment, even during a write; copy nothing if there are none yet."""
        if not self.path.exists():
            return
        draft = place.with_name(f"{place.name}.draft")
        draft.unlink(missing_ok=True)
        with self._explaining(), closing(self._connect()) as connection, closing(sqlite3.connect(draft)) as copy:
            connection.backup(copy)
        draft.replace(place)

    def setting(self, name: str) -> str | None:
        """Return the value of a setting; None if it is not set."""
        found = self.rows("select value from setting where name = :name", {"name": name})
        return str(found[0]["value"]) if found else None

    def set_setting(self, name: str, value: str | None) -> None:
        """Keep a setting; None forgets it."""
        with self.deciding() as connection:
            if value is None:
                connection.execute("delete from setting where name = :name", {"name": name})
            else:
                connection.execute("insert or replace into setting values (:name, :value)", {"name": name, "value": value})

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        """What the disk or SQLite says of the file, as a sentence that says what to do. Errors of another kind are bugs, and pass."""
        try:
            yield
        except sqlite3.Error as error:
            code, name = getattr(error, "sqlite_errorcode", 0) & 0xFF, self.path.name
            if code == sqlite3.SQLITE_BUSY:
                raise DatabaseBusy(f"{name} is in use by another process. Wait for it to finish, or stop it.") from error
            if code in _NO_ROOM:
                raise UsageError(f"{name} can't be written. Free some space on its disk and try again.") from error
            if code in _FORBIDDEN:
                raise BadRequest(f"{name} can't be opened. Check that you can write to it and its folder.") from error
            if code in _DAMAGED:
                raise UsageError(f"{name}, your settings, is damaged. Move it away, or restore a backup.") from error
            raise
        except OSError as error:
            raise BadRequest(f"{self.path.name} can't be kept there ({error.strerror}). Check its folder and disk.") from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=PATIENCE_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("pragma foreign_keys = on")
        return connection


def _migrate(connection: sqlite3.Connection) -> None:
    done = connection.execute("pragma user_version").fetchone()[0]
    for number, statements in _migrations():
        if number > done:
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"pragma user_version = {number}")  # takes no bound parameter; `number` is one of ours


@cache
def _migrations() -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Every migration's number and statements, oldest first."""
    found = [file for file in files("usage_analytics.control.migrations").iterdir() if file.name.endswith(".sql")]
    return tuple(
        (int(file.name[:3]), tuple(part for part in file.read_text("utf-8").split(";\n") if part.strip()))
        for file in sorted(found, key=lambda file: file.name)
    )
