"""The store keeps what happened, and answers in SQL. It decides nothing.

`observation` holds what each import reported, `call` the calls derived from that, and the roll-ups what pages read. Everything but the
observations can be derived again, so an import and an undo are exact, in any order.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from usage_analytics.archive import Archive, Line, NoArchive, archive_beside
from usage_analytics.archive.joining import join
from usage_analytics.errors import BadRequest, DatabaseDamaged, UsageError
from usage_analytics.events import TABLES
from usage_analytics.filters import Filters
from usage_analytics.pricing.assumed import with_assumed
from usage_analytics.pricing.rates import Rate, list_rates
from usage_analytics.store import undone
from usage_analytics.store.authority import Rules, rules_for
from usage_analytics.store.derivation import derive, load, run, touch
from usage_analytics.store.following import Followed, catch_up, entries, finish, is_behind
from usage_analytics.store.lease import lease_on, settle
from usage_analytics.store.ledger import Batch, Import, SyncPosition
from usage_analytics.store.opening import Opening, rebuild
from usage_analytics.store.schema import newest
from usage_analytics.store.shown import is_shown, refuse_changes

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection as Connection

T = TypeVar("T")
Tell = Callable[[str], None]
EVERYTHING: Final = Filters()


class Store:
    """One database file and the archive that it follows: read by queries with filters, changed by imports and undos."""

    def __init__(
        self, path: Path, rates: tuple[Rate, ...] | None = None, *, tell: Tell = lambda _: None, archived: bool = True
    ) -> None:
        """Open a store at `path`; the file is created at first use. `rates` are the person's own, in place of the list prices.

        `tell` gets a sentence if the database had to be rebuilt. A throw-away database doesn't need to be `archived`.
        """
        self.path = path
        self.archive = Archive(archive_beside(path)) if archived else NoArchive(path.parent)
        self._rates = rates
        self._tell = tell
        self._lease = lease_on(path)
        self._ready: tuple[Rules, str] | None = None
        self._positions: tuple[str, dict[str, SyncPosition]] | None = None

    @property
    def revision(self) -> str:
        """Return a token that changes whenever the content may have changed; reading it costs one `stat` of the file."""
        known = []
        for file in (self.path, self.path.with_name(self.path.name + ".wal")):
            try:
                found = file.stat()
                known.append(f"{found.st_ino}.{found.st_size}.{found.st_mtime_ns}")
            except FileNotFoundError:
                known.append("-")
        return "/".join(known)

    def frame(self, query: str, filters: Filters, **parameters: object) -> pd.DataFrame:
        """Return the rows of `queries/<query>.sql` as a frame."""
        return self._asked(query, filters, parameters, lambda found: found.df())

    def rows(self, query: str, filters: Filters = EVERYTHING, **parameters: object) -> list[dict[str, Any]]:
        """Return the rows of `queries/<query>.sql` as dictionaries."""
        return self._asked(query, filters, parameters, _dictionaries)

    def columns(self, query: str, filters: Filters, **parameters: object) -> dict[str, Any]:
        """Return the columns of `queries/<query>.sql` as arrays (a tenth of a second faster than a frame); missing values are masked."""
        return self._asked(query, filters, parameters, lambda found: _shared_words(found.fetchnumpy()))

    def add(self, batch: Batch, moment: datetime) -> tuple[Import, ...]:
        """Commit staged files in one transaction, all or nothing. Return their lines of the ledger."""
        refuse_changes(self.path)
        added = self._despite_damage(lambda: self._add(batch, moment))
        known = {one.import_id: one for one in self.imports()}
        return tuple(known[number] for number in added)

    def undo(self, import_ids: list[int], *, redoable: bool = False) -> None:
        """Undo imports exactly; what other imports also observed stays. Raise BadRequest if an ID is unknown.

        What is `redoable` is kept for a month, beside the database.
        """
        refuse_changes(self.path)
        self._despite_damage(lambda: self._undo(import_ids, redoable=redoable))

    def undone(self) -> tuple[Line, ...]:
        """Return what can be redone, newest undo first: its imports, and when they were undone (naive UTC)."""
        return undone.undone(self.path, self.archive, _now())

    def redo(self, line: Line) -> tuple[Import, ...]:
        """Undo an undo: add its imports again. Raise BadRequest if their files were imported again since."""
        added = self.add(undone.batch(self.path, line, self.imports()), _now())
        undone.forget(self.path, line.id)
        return added

    def forget_undone(self, line: Line) -> None:
        """Delete what is kept of an undo, so that it can't be redone."""
        undone.forget(self.path, line.id)

    def imports(self) -> tuple[Import, ...]:
        """Return the ledger, newest import first."""
        rows = self.rows("imports")
        return tuple(Import(**row) for row in rows)

    def rejects(self, import_id: int) -> tuple[tuple[int | None, str], ...]:
        """Return the rejected lines of an import, as (line number, reason)."""
        rows = self.rows("rejects", import_id=import_id)
        return tuple((row["line"], row["reason"]) for row in rows)

    def sync_positions(self) -> dict[str, SyncPosition]:
        """Return how far each file was read, for every file that a sync reads in place."""
        known = self.revision  # asked for twice in a sync, of which most find nothing new
        if self._positions is None or self._positions[0] != known:
            rows = self._asked("sync_position", EVERYTHING, {}, lambda found: found.fetchall())
            self._positions = self.revision, {row[0]: SyncPosition(*row) for row in rows}
        return self._positions[1]

    def close(self) -> None:
        """Close the file now."""
        self._lease.close()

    def rebuild(self) -> Followed:
        """Rebuild the database from the archive in a temporary file, and move it into place once it is complete."""
        refuse_changes(self.path)
        followed = rebuild(self._opening())
        self._ready = None
        return followed

    def write_archive(self) -> None:
        """Write the imports that the archive lacks to it, as the first change to a database without an archive does."""
        self._prepare()
        with self._lease.reading() as cursor:
            due = is_behind(cursor, self.archive, writing=True) and cursor.execute("select exists (from import)").fetchall()[0][0]
        if due:
            with self.archive.locked(), self._lease.writing(self.archive.folder) as connection:
                catch_up(connection, self.archive)

    def _opening(self) -> Opening:
        return Opening(self._lease, self.archive, self._rates or with_assumed(list_rates()), self._tell, rules_for(self.path))

    def _prepare(self) -> None:
        """Prepare the database for use: once per process, and again if the rules changed or the archive got a new line.

        A process killed right after it wrote to the archive could not report it, but its import still counts.
        """
        if is_shown(self.path):
            return
        now = rules_for(self.path), self.archive.mark
        if self._ready != now or not self.path.exists():
            self._opening().prepare()
            self._ready = now

    def _asked(self, query: str, filters: Filters, parameters: dict[str, object], read: Callable[[Connection], T]) -> T:
        """Run a query and return what `read` makes of its rows."""

        def work() -> T:
            with self._lease.reading() as cursor:
                return read(cursor.execute(*_bound(query, filters, parameters)))

        return self._despite_damage(work)

    def _add(self, batch: Batch, moment: datetime) -> list[int]:
        """Write parts and ledger first, then the database: if killed in between, it catches up with the archive at the next open."""
        line = batch.line or uuid.uuid4().hex
        with self.archive.locked():
            named = [(one.import_no, f"{line}-{one.import_no}", one.format) for one in batch.imports]
            parts = self.archive.draft(line, batch.folder, named)
            with self._lease.writing(self.archive.folder, work_bytes=sum(part.bytes for part in parts)) as connection:
                catch_up(connection, self.archive)
                connection.execute("begin")
                # No id is given twice, so that an old receipt cannot undo a new import.
                count = max(one.import_no for one in batch.imports) + 1
                first_id = int(connection.execute("select next_id from import_number").fetchall()[0][0])
                connection.execute("update import_number set next_id = next_id + $count", {"count": count})
                connection.execute("create or replace temp table followed (uid varchar, line varchar, import_id integer)")
                numbers = connection.appender("followed")
                for number, uid, _ in named:
                    numbers.append_row(uid, line, first_id + number)
                numbers.flush()
                found = [(part.table, str(self.archive.pending(line) / part.file)) for part in parts]
                load(connection, "load", {table: [file for of, file in found if of == table] for table in TABLES})
                added = [first_id + one.import_no for one in batch.imports]
                # The lines of the ledger, after the calls were derived
                connection.execute("create or replace temp table entry as select * from import limit 0")
                number = connection.execute("select coalesce(max(batch), 0) + 1 from import").fetchall()[0][0]
                rows, rejects = connection.appender("entry"), connection.appender("reject")
                for one, (_, uid, _) in zip(batch.imports, named, strict=True):
                    counts = (one.lines, 0, 0, one.other, one.salvaged, one.rejected, None, None)
                    position = one.sync_position or (None,) * len(SyncPosition._fields)
                    number_and_name = (first_id + one.import_no, number, one.name, one.format, one.digest, moment)
                    rows.append_row(*number_and_name, *counts, *position, uid)
                    for place, reason in one.rejects:
                        rejects.append_row(first_id + one.import_no, place, reason)
                rows.flush()
                rejects.flush()
                run(connection, "ledger")
                entry = Line(line, moment, newest(), imports=entries(connection, added), parts=parts)
                with self.archive.entering(entry):
                    finish(connection, self.archive)
                with suppress(UsageError):  # no room: the import is done, and joining can wait
                    if join(self.archive, parts, newest(), moment):
                        connection.execute("begin")
                        finish(connection, self.archive)
                settle(connection)
        return added

    def _undo(self, import_ids: list[int], *, redoable: bool) -> None:
        with self.archive.locked():
            with self._lease.writing(self.archive.folder) as connection:
                catch_up(connection, self.archive)
                known = dict(connection.execute("select import_id, uid from import").fetchall())
                for unknown in set(import_ids) - set(known):
                    raise BadRequest(f"There is no import {unknown}. List your imports with `usage-analytics imports`.")
                if not import_ids:
                    return
                if redoable and self.archive.kept:
                    with suppress(UsageError):  # no room to keep them, and an undo may be what makes room
                        undone.set_aside(connection, self.path, self.archive, sorted(set(import_ids)), _now())
                connection.execute("begin")
                touch(connection, import_ids)
                run(connection, "remove")
                derive(connection, everything=False)
                removed = tuple(known[number] for number in sorted(set(import_ids)))
                line = Line(uuid.uuid4().hex, _now(), newest(), undone=removed)
                with self.archive.entering(line):
                    finish(connection, self.archive)
                settle(connection)
            self.archive.forget_unneeded()

    def _despite_damage(self, work: Callable[[], T]) -> T:
        """Run a piece of work on the database, and run it again if the database was damaged and could be rebuilt."""
        self._prepare()
        try:
            return work()
        except DatabaseDamaged:
            if not self._opening().replace_damaged():
                raise
            return work()


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@cache
def _query(name: str) -> str:
    file = files("usage_analytics.store.queries") / f"{name}.sql"
    return file.read_text("utf-8")


def _bound(query: str, filters: Filters, parameters: dict[str, object]) -> tuple[str, dict[str, object]]:
    """Return the query and only the parameters that it names."""
    sql = _query(query)
    given = filters.parameters() | parameters
    return sql, {name: value for name, value in given.items() if f"${name}" in sql}


def _shared_words(columns: dict[str, Any]) -> dict[str, Any]:
    """Return columns in which equal words are one object: a million calls have few accounts, and each came as an object of its own."""
    import numpy as np  # here: a verb that reads no arrays starts faster without it

    for column in columns.values():
        if column.dtype.kind == "O":
            known: dict[object, object] = {}
            words = np.ma.getdata(column)
            words[:] = list(map(known.setdefault, words, words))
    return columns


def _dictionaries(found: Connection) -> list[dict[str, Any]]:
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
