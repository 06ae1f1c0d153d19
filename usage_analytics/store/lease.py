"""The database file, held only while somebody works with it.

DuckDB lets one process write or several read, never both. So readers share one read-only connection that is let go soon after the last of
them, a writer waits for its turn and closes after its work, and both try again while another process has the file.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from usage_analytics.errors import DatabaseBusy, DatabaseDamaged

LINGER_SECONDS: Final = 0.25
READ_PATIENCE: Final = 60.0
WRITE_PATIENCE: Final = 300.0
MEMORY: Final = "400MB"
_HOLDER = re.compile(r"PID (\d+)")


class Lease:
    """Lends connections to one database file; safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turn = threading.Condition()
        self._readers = 0
        self._writing = False
        self._shared: duckdb.DuckDBPyConnection | None = None
        self._closer: threading.Timer | None = None

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own for one reader. Raises DatabaseBusy or DatabaseDamaged."""
        with self._turn:
            self._turn.wait_for(lambda: not self._writing)
            if self._shared is None:
                self._shared = self._open(read_only=True, patience=READ_PATIENCE)
            self._readers += 1
            cursor = self._shared.cursor()
        try:
            yield cursor
        finally:
            cursor.close()
            with self._turn:
                self._readers -= 1
                if not self._readers:
                    self._let_go_soon()
                self._turn.notify_all()

    @contextmanager
    def writing(self, *folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        """The only connection there is, for one writer, who may read the files in `folder` and no others."""
        with self._turn:
            self._turn.wait_for(lambda: not self._writing and not self._readers)
            self._writing = True
            self._close()
        try:
            connection = self._open(read_only=False, patience=WRITE_PATIENCE)
            try:
                _lock_down(connection, *folder)
                yield connection
            finally:
                connection.close()
        finally:
            with self._turn:
                self._writing = False
                self._turn.notify_all()

    def close(self) -> None:
        """Let go of the file now."""
        with self._turn:
            self._turn.wait_for(lambda: not self._readers)
            self._close()

    def _open(self, *, read_only: bool, patience: float) -> duckdb.DuckDBPyConnection:
        deadline = time.monotonic() + patience
        while True:
            try:
                connection = duckdb.connect(str(self.path), read_only=read_only, config=self._settings())
                if read_only:
                    _lock_down(connection)
                return connection
            except duckdb.IOException as error:
                holder = _HOLDER.search(str(error))
                if "lock" not in str(error).lower():
                    raise self._damaged() from error
                if time.monotonic() > deadline:
                    who = f"process {holder.group(1)}" if holder else "another process"
                    raise DatabaseBusy(f"{self.path.name} is in use by {who}; wait until it has finished, or stop it.") from error
                time.sleep(0.05)
            except (duckdb.SerializationException, duckdb.InternalException, duckdb.FatalException) as error:
                raise self._damaged() from error

    def _damaged(self) -> DatabaseDamaged:
        return DatabaseDamaged(
            f"{self.path.name} cannot be opened as a database; move it aside and import your exports again, or put a backup in its place."
        )

    def _settings(self) -> dict[str, str | bool | int | float | list[str]]:
        return {
            "memory_limit": MEMORY,
            "temp_directory": str(self.path.with_suffix(".spill")),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        }

    def _let_go_soon(self) -> None:
        if self._closer:
            self._closer.cancel()
        self._closer = threading.Timer(LINGER_SECONDS, self._close_if_idle)
        self._closer.daemon = True
        self._closer.start()

    def _close_if_idle(self) -> None:
        with self._turn:
            if not self._readers:
                self._close()

    def _close(self) -> None:
        if self._closer:
            self._closer.cancel()
        if self._shared is not None:
            self._shared.close()
            self._shared = None


def _lock_down(connection: duckdb.DuckDBPyConnection, *folders: Path) -> None:
    """From here on the connection reaches no file but the named folders, no network, and no setting."""
    if folders:
        connection.execute("set allowed_directories = $folders", {"folders": [f"{folder}/" for folder in folders]})
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
