"""The database file, kept open only while it is in use.

DuckDB lets either one process write or several read, never both. So readers share one read-only connection that closes soon after the
last of them, a writer waits for its turn and closes after its work, and both retry while another process has the file. Constant readers
can't block a writer: they yield to a writer in this process, and close now and then for one in another process.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

import duckdb

from usage_analytics.errors import BadRequest, DatabaseBusy, DatabaseDamaged, UsageError
from usage_analytics.store.memory import LEAST_MEGABYTES, megabytes
from usage_analytics.store.shown import is_shown, refuse_changes

LINGER_SECONDS: Final = 0.25
HELD_SECONDS: Final = 3.0  # no longer without a pause, however many read
PAUSE_SECONDS: Final = 0.15  # longer than others wait between two tries
RETRY_SECONDS: Final = 0.05
MUCH_BYTES: Final = 1 << 20  # of parts that are loaded at once
READ_PATIENCE: Final = 60.0
WRITE_PATIENCE: Final = 300.0
_HOLDER = re.compile(r"PID (\d+)")
_LOCKED = re.compile(r"could not set lock|used by another process", re.IGNORECASE)
_FAILED = re.compile(r"could not write.*input/output error|fsync failed", re.IGNORECASE)
_FULL = re.compile(r"no space left|file too large|disk quota|could not write", re.IGNORECASE)
_FORBIDDEN = re.compile(r"permission denied|read-only file system", re.IGNORECASE)
_DAMAGED = re.compile(r"corrupt|checksum", re.IGNORECASE)
_BROKEN = (duckdb.SerializationException, duckdb.InternalException, duckdb.FatalException)

_leases: WeakValueDictionary[Path, Lease] = WeakValueDictionary()
_leases_lock = threading.Lock()


def lease_on(path: Path) -> Lease:
    """Return this process's only lease on a file: DuckDB opens a file once per process, either for reading or for writing."""
    with _leases_lock:
        return _leases.setdefault(path.absolute(), Lease(path))


class Lease:
    """Lends connections to one database file; safe to use from many threads."""

    def __init__(self, path: Path, *, read_patience: float = READ_PATIENCE, write_patience: float = WRITE_PATIENCE) -> None:
        self.path = path
        self._read_patience = read_patience
        self._write_patience = write_patience
        self._turn = threading.Condition()
        self._readers = 0
        self._writers = 0  # that wait
        self._writing = False
        self._shared: duckdb.DuckDBPyConnection | None = None
        self._opened_at = 0.0
        self._closer: threading.Timer | None = None

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give one reader its own cursor. Raise DatabaseBusy or DatabaseDamaged."""
        with self._turn:
            self._turn.wait_for(lambda: not self._writing and not self._writers)
            # Another process may have the file for a moment when this one has had it for long.
            while self._shared is not None and time.monotonic() - self._opened_at > HELD_SECONDS:
                self._turn.wait_for(lambda: not self._writing and not self._readers)
                if self._shared is not None and time.monotonic() - self._opened_at > HELD_SECONDS:
                    self._close()
                    time.sleep(PAUSE_SECONDS)
            if self._shared is None:
                self._shared = self._open(read_only=True, patience=self._read_patience)
                self._opened_at = time.monotonic()
            self._readers += 1
            cursor = self._shared.cursor()
        try:
            with self._explaining():
                yield cursor
        finally:
            cursor.close()
            with self._turn:
                self._readers -= 1
                if not self._readers:
                    if self._closer:
                        self._closer.cancel()
                    # Not a daemon: one that is inside DuckDB when the program ends takes the program down with it.
                    self._closer = threading.Timer(LINGER_SECONDS, self._close_if_idle)
                    try:
                        self._closer.start()
                    except RuntimeError:  # the system gives no thread: lingering is a nicety
                        self._closer = None
                        self._close()
                self._turn.notify_all()

    @contextmanager
    def writing(self, *folder: Path, work_bytes: int = 0) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give one writer the only connection. It can read the files in `folder` and no others.

        `work_bytes` is the size of the compressed parts to process: more work gets more memory.
        """
        refuse_changes(self.path)
        with self._turn:
            self._writers += 1
            self._turn.wait_for(lambda: not self._writing and not self._readers)
            self._writers -= 1
            self._writing = True
            self._close()
        try:
            connection = self._open(read_only=False, patience=self._write_patience)
            try:
                connection.execute("set memory_limit = $memory", {"memory": f"{megabytes(work_bytes)}MB"})
                if work_bytes > MUCH_BYTES:  # what was just written is not worth writing again for a few row groups less
                    connection.execute("set max_vacuum_tasks = 0")
                # A join holds its right side in memory, as the derivation is written: the narrow one. Left to itself, DuckDB takes
                # calls with all their columns for the smaller side and copies every one of them.
                connection.execute("set disabled_optimizers = 'build_side_probe_side'")
                _lock_down(connection, *folder)
                with self._explaining():
                    yield connection
            finally:
                connection.close()
        finally:
            with self._turn:
                self._writing = False
                self._turn.notify_all()

    def close(self) -> None:
        """Close the file now, or as soon as the last reader is done."""
        self._close_if_idle()

    def _open(self, *, read_only: bool, patience: float) -> duckdb.DuckDBPyConnection:
        deadline = time.monotonic() + patience
        while True:
            try:
                with self._explaining():
                    settings: dict[str, str | bool | int | float | list[str]] = {
                        "memory_limit": f"{LEAST_MEGABYTES}MB",
                        "temp_directory": str(self.path.with_suffix(".spill")),
                        "autoinstall_known_extensions": False,
                        "autoload_known_extensions": False,
                        "preserve_insertion_order": False,
                    }
                    connection = duckdb.connect(str(self.path), read_only=read_only, config=settings)
                if read_only:
                    _lock_down(connection, *([self.path.parent] if is_shown(self.path) else []))
                return connection
            except DatabaseBusy:
                if time.monotonic() > deadline:
                    raise
                time.sleep(RETRY_SECONDS)

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        """Turn DuckDB's errors about its file into a sentence that says what to do. Any other error is a bug and passes through."""
        try:
            yield
        except duckdb.Error as error:
            name, said = self.path.name, str(error)
            if _LOCKED.search(said):
                holder = _HOLDER.search(said)
                who = f"process {holder.group(1)}" if holder else "another process"
                raise DatabaseBusy(f"{name} is in use by {who}. Wait for it to finish, or stop it.") from error
            if isinstance(error, duckdb.OutOfMemoryException):
                raise UsageError(f"There isn't enough memory to work on {name}. Close other programs and try again.") from error
            if _FAILED.search(said):
                raise UsageError(f"The disk failed while {name} was being written. Check the disk, then try again.") from error
            if _FULL.search(said):
                raise UsageError(
                    f"There isn't enough room to write {name}. Free some space on that disk and try again."
                ) from error
            if _FORBIDDEN.search(said):
                advice = "check that you can read and write it, or choose another with --db."
                raise BadRequest(f"{name} can't be opened; {advice}") from error
            if isinstance(error, (duckdb.IOException, *_BROKEN)) or _DAMAGED.search(said):
                advice = "move it away and import your exports again, or restore a backup."
                raise DatabaseDamaged(f"{name} can't be read as a database; {advice}") from error
            raise

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


def settle(connection: duckdb.DuckDBPyConnection) -> None:
    """Checkpoint: fold the log into the file. If there is no room, the commit is kept and the next writer tries again."""
    try:
        connection.execute("checkpoint")
    except duckdb.Error as error:
        if not _FULL.search(str(error)):
            raise


def _lock_down(connection: duckdb.DuckDBPyConnection, *folders: Path) -> None:
    """Restrict the connection: no files outside the named folders, no network, no changes of settings."""
    if folders:
        connection.execute("set allowed_directories = $folders", {"folders": [f"{folder}/" for folder in folders]})
    connection.execute("set enable_progress_bar = false")  # it is drawn on standard output, among what programs read
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
