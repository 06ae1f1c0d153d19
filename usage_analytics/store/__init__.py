"""The store keeps what happened, and answers in SQL. It decides nothing.

`observation` holds what each import says; `call` what the observations come to; the roll-ups what pages read. Everything but the
observations can be derived again, so an import and an undo are exact, in any order.
"""

from __future__ import annotations

import shutil
from dataclasses import astuple
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from usage_analytics.errors import BadRequest
from usage_analytics.events import TABLES
from usage_analytics.filters import Filters
from usage_analytics.pricing.rates import Rate, list_rates, rates_digest
from usage_analytics.store.derivation import derive, run, statements, touch
from usage_analytics.store.lease import Lease, lease_on, settle
from usage_analytics.store.ledger import Batch, Import, SyncPosition
from usage_analytics.store.location import put_in_place, staging_folder
from usage_analytics.store.schema import migrate, newest, version
from usage_analytics.store.views import digest as views_digest
from usage_analytics.store.views import replace_views

if TYPE_CHECKING:
    import pandas as pd

EVERYTHING: Final = Filters()


class Store:
    """One database file: read by queries with filters, changed by imports and undos."""

    def __init__(self, path: Path, rates: tuple[Rate, ...] | None = None) -> None:
        """A store at `path`; the file is made at the first use. `rates` are the person's own instead of the list prices."""
        self.path = path
        self._rates = rates
        self._lease = lease_on(path)
        self._ready = False

    @property
    def revision(self) -> str:
        """A word that changes whenever the content may have; it costs a look at the file."""
        known = []
        for file in (self.path, self.path.with_name(self.path.name + ".wal")):
            try:
                found = file.stat()
                known.append(f"{found.st_ino}.{found.st_size}.{found.st_mtime_ns}")
            except FileNotFoundError:
                known.append("-")
        return "/".join(known)

    def frame(self, query: str, filters: Filters, **parameters: object) -> pd.DataFrame:
        """The rows of `queries/<query>.sql` as a frame."""
        self._prepare()
        with self._lease.reading() as cursor:
            return cursor.execute(*_bound(query, filters, parameters)).df()

    def rows(self, query: str, filters: Filters = EVERYTHING, **parameters: object) -> list[dict[str, Any]]:
        """The rows of `queries/<query>.sql` as dictionaries."""
        self._prepare()
        with self._lease.reading() as cursor:
            found = cursor.execute(*_bound(query, filters, parameters))
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def columns(self, query: str, filters: Filters, **parameters: object) -> dict[str, Any]:
        """The columns of `queries/<query>.sql` as arrays, a tenth of a second faster than a frame; missing values are masked."""
        self._prepare()
        with self._lease.reading() as cursor:
            return cast("dict[str, Any]", cursor.execute(*_bound(query, filters, parameters)).fetchnumpy())

    def add(self, batch: Batch, moment: datetime) -> tuple[Import, ...]:
        """Commit staged files in one transaction; all of it or nothing. Returns their lines of the ledger."""
        self._prepare()
        staged = sum(part.stat().st_size for part in batch.folder.glob("**/*.parquet"))
        with self._lease.writing(batch.folder, work_bytes=staged) as connection:
            connection.execute("begin")
            # No id is given twice, so that an old receipt cannot undo a new import.
            count = max(one.import_no for one in batch.imports) + 1
            first_id = int(connection.execute("select next_id from import_number").fetchall()[0][0])
            connection.execute("update import_number set next_id = next_id + $count", {"count": count})
            empty = not connection.execute("select exists (select 1 from observation)").fetchall()[0][0]
            numbers = {"numbers": [one.import_no for one in batch.imports]}
            connection.execute("create or replace temp table staged_import as select unnest($numbers) as import_no", numbers)
            for table, statement in zip(TABLES, statements("load"), strict=True):
                if parts := [str(part) for part in sorted(batch.folder.glob(f"**/{table}-*.parquet"))]:
                    connection.execute(statement, {"parts": parts, "first_id": first_id})
            added = [first_id + one.import_no for one in batch.imports]
            if not empty:
                touch(connection, added)
            derive(connection, everything=empty)
            # The lines of the ledger, after the calls were derived
            connection.execute("create or replace temp table entry as select * from import limit 0")
            number = connection.execute("select coalesce(max(batch), 0) + 1 from import").fetchall()[0][0]
            entries = connection.appender("entry")
            rejects = connection.appender("reject")
            for one in batch.imports:
                counts = (one.lines, 0, 0, one.other, one.salvaged, one.rejected, None, None)
                position = astuple(one.sync_position) if one.sync_position else (None,) * 7
                entries.append_row(first_id + one.import_no, number, one.name, one.format, one.digest, moment, *counts, *position)
                for line, reason in one.rejects:
                    rejects.append_row(first_id + one.import_no, line, reason)
            entries.flush()
            rejects.flush()
            run(connection, "ledger")
            connection.execute("commit")
            settle(connection)
        known = {one.import_id: one for one in self.imports()}
        return tuple(known[number] for number in added)

    def undo(self, import_ids: list[int]) -> None:
        """Take imports back, exactly; what other imports also observed stays. Raises BadRequest for an unknown id."""
        self._prepare()
        with self._lease.writing() as connection:
            known = {row[0] for row in connection.execute("select import_id from import").fetchall()}
            for unknown in set(import_ids) - known:
                raise BadRequest(f"There is no import {unknown}; `usage-analytics imports` lists those that there are.")
            connection.execute("begin")
            touch(connection, import_ids)
            run(connection, "remove")
            derive(connection, everything=False)
            connection.execute("commit")
            settle(connection)

    def imports(self) -> tuple[Import, ...]:
        """The ledger, newest first."""
        rows = self.rows("imports")
        return tuple(Import(**row) for row in rows)

    def rejects(self, import_id: int) -> tuple[tuple[int | None, str], ...]:
        """The lines of an import that could not be read: (line, reason)."""
        rows = self.rows("rejects", import_id=import_id)
        return tuple((row["line"], row["reason"]) for row in rows)

    def sync_positions(self) -> dict[str, SyncPosition]:
        """For every file that was read in place: how far."""
        rows = self.rows("sync_position")
        return {row["path"]: SyncPosition(**row) for row in rows}

    def close(self) -> None:
        """Let go of the file now."""
        self._lease.close()

    def _prepare(self) -> None:
        """Make or migrate the database, and make its views or price it anew where those changed; once a process."""
        if self._ready and self.path.exists():
            return
        rates = self._rates or list_rates()
        digest = rates_digest(rates)
        if not self.path.exists():
            self._make(rates, digest)
        with self._lease.reading() as cursor:
            current = version(cursor) == newest()
            if current:
                known = {"rates": digest, "views": views_digest()}
                (found,) = cursor.execute(
                    "select exists (from rate_table where digest = $rates) and exists (from view_set where digest = $views)",
                    known,
                ).fetchall()
                current = bool(found[0])
        if not current:
            _bring_up_to_date(self._lease, rates, digest)
        self._ready = True

    def _make(self, rates: tuple[Rate, ...], digest: str) -> None:
        """Make the database beside its place and put it there when it is whole: whoever is killed meanwhile leaves none."""
        folder = staging_folder(self.path)
        try:
            draft = Lease(folder / self.path.name)
            _bring_up_to_date(draft, rates, digest)
            put_in_place(draft.path, self.path)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _bring_up_to_date(lease: Lease, rates: tuple[Rate, ...], digest: str) -> None:
    with lease.writing() as connection:
        migrate(connection, lease.path)
        replace_views(connection)
        if not connection.execute("select exists (from rate_table where digest = $digest)", {"digest": digest}).fetchall()[0][0]:
            connection.execute("begin")
            run(connection, "forget_prices")
            rows = connection.appender("rate")
            for rate in rates:
                rows.append_row(*astuple(rate))
            rows.flush()
            connection.execute("insert into rate_table values ($digest)", {"digest": digest})
            derive(connection, everything=True)
            connection.execute("commit")
            settle(connection)


@cache
def _query(name: str) -> str:
    file = files("usage_analytics.store.queries") / f"{name}.sql"
    return file.read_text("utf-8")


def _bound(query: str, filters: Filters, parameters: dict[str, object]) -> tuple[str, dict[str, object]]:
    """The query and those of the parameters that it names."""
    sql = _query(query)
    given = filters.parameters() | parameters
    return sql, {name: value for name, value in given.items() if f"${name}" in sql}
