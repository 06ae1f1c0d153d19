"""The archive: what every import observed, as Parquet parts beside the database, and a ledger that says which part is whose.

It is the source of truth, and the database follows from it: an import's parts and its line in the ledger are on disk before the import is
acknowledged, so the database can always be rebuilt. Nothing here knows what the database derives.

    archive/ledger.jsonl                                          one line an import or undo
    archive/source=claude_code/month=2026-11/<line>-<number>-observation.parquet

A change is complete or absent, whenever a process is killed: parts are written under `pending-…` and flushed to disk, then renamed into
place, then the ledger gets its line, then the database commits. If killed before the line, the next change removes parts without a line;
if killed after it, the database lacks what the ledger says, and catches up at the next open.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from usage_analytics.archive import ledger
from usage_analytics.archive.ledger import Entry, Ledger, Line, Part
from usage_analytics.archive.parts import keep, room_is_needed, take_staged, write_staged
from usage_analytics.errors import BadRequest, DatabaseBusy, UsageError

__all__ = ["Archive", "Entry", "Ledger", "Line", "NoArchive", "Part", "archive_beside"]

PATIENCE_SECONDS: Final = 300.0
PENDING: Final = "pending-"
LOCK: Final = "lock"
TAIL_BYTES: Final = 4096
NEEDED_BYTES: Final = 64 << 10  # for the lock; with less, SQLite's error would be unclear


def archive_beside(database: Path) -> Path:
    """Return the folder of a database's archive; no two databases share one."""
    return database.with_name("archive" if database.name == "usage.duckdb" else f"{database.name}.archive")


class Archive:
    """One archive. Reading needs no lock; changing it, or a database that follows it, needs it `locked`."""

    kept = True

    def __init__(self, folder: Path) -> None:
        """The archive in `folder`, which is made by the first change."""
        self.folder = folder
        self._ledger = folder / ledger.NAME

    @property
    def mark(self) -> str:
        """Return a mark of the ledger's current state, which a database notes once it has caught up; empty without a ledger."""
        try:
            with self._ledger.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(max(0, size - TAIL_BYTES))
                return f"{size}-{hashlib.sha256(file.read()).hexdigest()[:16]}"
        except FileNotFoundError:
            return ""

    def read(self) -> Ledger:
        """Return the ledger. Raise BadRequest if a newer program wrote it."""
        return ledger.read(self.content())

    def content(self) -> bytes:
        """Return the ledger's bytes; empty without a ledger."""
        try:
            return self._ledger.read_bytes()
        except FileNotFoundError:
            return b""

    @contextmanager
    def locked(self, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
        """Allow one change at a time, across all processes. Raise DatabaseBusy."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = sqlite3.connect(self.folder / LOCK, timeout=patience, isolation_level=None)
        except OSError as error:
            raise BadRequest(f"The archive can't be kept there ({error.strerror}). Choose another place with --db.") from error
        with closing(lock):
            try:
                lock.execute("begin immediate")
            except sqlite3.OperationalError as error:
                if "locked" in str(error):
                    raise DatabaseBusy("Another process is changing the archive. Wait for it to finish, or stop it.") from error
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL or shutil.disk_usage(self.folder).free < NEEDED_BYTES:
                    raise UsageError(
                        "There isn't enough room to write the archive. Free some space on that disk and try again."
                    ) from error
                raise BadRequest("The archive can't be written. Check that you can write to its folder.") from error
            self._sweep()
            yield

    def draft(self, line: str, staged: Path, imports: Sequence[tuple[int, str, str]]) -> tuple[Part, ...]:
        """Turn what importers staged into the parts of the next line; the staged files stay where they are."""
        pending = self.pending(line)
        try:
            return take_staged(pending, staged) or write_staged(pending, line, staged, imports)
        except BaseException:
            shutil.rmtree(pending, ignore_errors=True)
            raise

    def pending(self, line: str) -> Path:
        """Return the folder for the parts of the next line."""
        folder = self.folder / f"{PENDING}{line}"
        with room_is_needed():
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def entering(self, line: Line) -> Iterator[None]:
        """Put the parts and the line of a change in place; remove both if the block, which commits, fails."""
        before = self.read_size()
        with room_is_needed():
            try:
                self._place(line)
                self._append(line)
            except BaseException:
                self._take_back(line, before)
                raise
        try:
            yield
        except BaseException:
            self._take_back(line, before)
            raise
        finally:
            shutil.rmtree(self.folder / f"{PENDING}{line.id}", ignore_errors=True)

    def forget_unneeded(self) -> None:
        """Remove the parts of lines whose imports were all undone, and of lines that were joined into others."""
        known = self.read()
        needed = {part.file for part in known.parts()}
        for line in known.lines:
            for part in line.parts:
                if part.file not in needed:
                    (self.folder / part.file).unlink(missing_ok=True)

    def read_size(self) -> int:
        """The bytes of the ledger."""
        try:
            return self._ledger.stat().st_size
        except FileNotFoundError:
            return 0

    def _place(self, line: Line) -> None:
        folders = {self.folder}
        for part in line.parts:
            place = self.folder / part.file
            place.parent.mkdir(parents=True, exist_ok=True)
            (self.folder / f"{PENDING}{line.id}" / part.file).replace(place)
            folders |= {place.parent, place.parent.parent}
        for folder in folders:
            keep(folder)

    def _append(self, line: Line) -> None:
        with self._ledger.open("ab") as file:
            file.truncate(self.read().whole if file.tell() and not _ends_a_line(self._ledger) else file.tell())
            file.write(ledger.written(line))
        keep(self._ledger)
        keep(self.folder)

    def _take_back(self, line: Line, size: int) -> None:
        with suppress(OSError), self._ledger.open("ab") as file:
            file.truncate(size)
        for part in line.parts:
            (self.folder / part.file).unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove what a killed change left behind: its drafts, and its parts if the ledger doesn't name them."""
        left = list(self.folder.glob(f"{PENDING}*"))
        if not left:
            return
        known = {line.id for line in self.read().lines}
        for draft in left:
            line = draft.name.removeprefix(PENDING)
            if line not in known:
                for part in self.folder.glob(f"source=*/month=*/{line}-*.parquet"):
                    part.unlink(missing_ok=True)
            shutil.rmtree(draft, ignore_errors=True)


class NoArchive(Archive):
    """The archive of a temporary database: it keeps nothing."""

    kept = False
    mark = ""

    @contextmanager
    def locked(self, patience: float = PATIENCE_SECONDS) -> Iterator[None]:  # noqa: ARG002
        """Do nothing: no other process knows of it."""
        yield

    @contextmanager
    def entering(self, line: Line) -> Iterator[None]:
        """Write no line, and remove the parts at the end of the block."""
        try:
            yield
        finally:
            shutil.rmtree(self.folder / f"{PENDING}{line.id}", ignore_errors=True)


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read() == b"\n"
