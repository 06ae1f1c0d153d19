"""Live telemetry: documents wait in files beside the database and are imported like any other file.

A document is on disk before its sender gets an answer. A file belongs to one process while it is written; if that process dies, the
next one imports what is left. Importing a file twice adds nothing.
"""

from __future__ import annotations

import os
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from usage_analytics.errors import UsageError
from usage_analytics.importers.json_lines import Document
from usage_analytics.ingest import Receipt, commit
from usage_analytics.ingest.staging import is_running
from usage_analytics.ingest.uploads import Upload, stage_uploads
from usage_analytics.store import Store
from usage_analytics.store.location import TELEMETRY
from usage_analytics.store.own_rates import rates_for

OPEN, WAITING = ".open.jsonl", ".jsonl"
MOST_BYTES: Final = 256 << 20  # that may wait, should imports fail
OWNER_ONLY: Final = 0o600


class Full(UsageError):
    """Too much waits to be imported; the sender may try again later."""


class Spool:
    """The documents that were received for one database and are not imported yet."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._folder = database.with_name(TELEMETRY)
        self._lock = threading.Lock()
        self._file: Path | None = None
        self._size = 0

    def add(self, document: Document) -> None:
        """Write a document down; it is on the disk when this returns. Raises Full, and OSError for a disk that takes no more."""
        line = msgspec.json.encode(document) + b"\n"
        with self._lock:
            if self._size + len(line) > MOST_BYTES:
                raise Full("Too much telemetry is waiting to be imported. See Imports for the reason.")
            if self._file is None:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                stamp = datetime.now(UTC).strftime("%Y-%m-%d %H.%M.%S.%f")
                self._file = self._folder / f"telemetry {stamp} {os.getpid()}{OPEN}"
            with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY), "ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            self._size += len(line)

    def bring_in(self) -> Receipt | None:
        """Import what waits, also what other processes left; None when nothing does. Raises UsageError; what waits stays then."""
        with self._lock:
            self._finish()
        waiting = [path for path in sorted(self._folder.glob(f"*{WAITING}")) if not path.name.endswith(OPEN)]
        if not waiting:
            return None
        with closing(Store(self._database, rates_for(self._database))) as store:
            files = [path.open("rb") for path in waiting]
            try:
                receipt = commit(
                    store, stage_uploads(store, [Upload(path.name, file) for path, file in zip(waiting, files, strict=True)])
                )
            finally:
                for file in files:
                    file.close()
        unread = {one.name for one in receipt.unread}
        for path in waiting:
            if path.name in unread:  # it stays for the person, and is not tried again and again
                path.replace(path.with_suffix(".unread"))
            else:
                path.unlink()
        with self._lock:
            self._size = sum(path.stat().st_size for path in self._folder.glob(f"*{OPEN}"))
        return receipt

    def _finish(self) -> None:
        """Close this process's file, and those of processes that are gone."""
        for path in self._folder.glob(f"*{OPEN}"):
            owner = path.name.removesuffix(OPEN).rpartition(" ")[2]
            if path == self._file or not (owner.isdigit() and is_running(int(owner))):
                path.replace(path.with_name(path.name.removesuffix(OPEN) + WAITING))
        self._file = None
