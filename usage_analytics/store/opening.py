"""What happens before a database is first used: it is created, migrated, or rebuilt if it is lost or damaged."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

import duckdb

from usage_analytics.archive import Archive
from usage_analytics.errors import DatabaseDamaged, UsageError
from usage_analytics.pricing.rates import Rate, rates_digest
from usage_analytics.store.authority import Rules, write_rules
from usage_analytics.store.derivation import derive, run, touch
from usage_analytics.store.following import Followed, follow, is_behind
from usage_analytics.store.lease import Lease, settle
from usage_analytics.store.location import put_in_place, staging_folder
from usage_analytics.store.schema import migrate, newest, version
from usage_analytics.store.views import digest as views_digest
from usage_analytics.store.views import replace_views


@dataclass(frozen=True)
class Opening:
    """A database, the archive it follows and the rates that price it; `tell` gets a sentence if it had to be rebuilt."""

    lease: Lease
    archive: Archive
    rates: tuple[Rate, ...]
    tell: Callable[[str], None]
    rules: Rules

    def prepare(self) -> None:
        """Create or migrate the database, follow the archive, and recreate views or prices if those changed."""
        path, lost = self.lease.path, bool(self.archive.mark)
        if not path.exists():
            if lost:
                with self.archive.locked():
                    if not path.exists():
                        self._say(f"{path.name} is missing", self.make(), "")
            else:
                self.make()
        try:
            current, later = self._state()
        except DatabaseDamaged:
            if not self.replace_damaged():
                raise
            current, later = self._state()
        if later and lost:
            with self.archive.locked():
                self._set_aside(f"{path.name} is from another version", "version")
        elif not current:
            with self.archive.locked() if lost else nullcontext():
                for one in bring_up_to_date(self.lease, self.archive, self.rates, self.rules).left_out:
                    self.tell(f"Left out of the archive: {one}.")

    def make(self, *, over: bool = False) -> Followed:
        """Build the database in a temporary file and move it into place once complete: a kill in between leaves the old one."""
        path = self.lease.path
        folder = staging_folder(path)
        try:
            draft = Lease(folder / path.name)
            followed = bring_up_to_date(draft, self.archive, self.rates, self.rules)
            if over:
                self.lease.close()
                path.with_name(f"{path.name}.wal").unlink(missing_ok=True)  # what it held is in the archive too
                draft.path.replace(path)
            else:
                put_in_place(draft.path, path)
            return followed
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def replace_damaged(self) -> bool:
        """Rebuild a damaged database from the archive and keep the damaged file; return False if there is no archive.

        Another process may have done so in the meantime: a database that is sound by now is left alone, and the caller can retry.
        """
        if not self.archive.mark:
            return False
        self.lease.close()
        with self.archive.locked():
            if not self._is_sound():
                self._set_aside(f"{self.lease.path.name} is damaged", "damaged")
        return True

    def _state(self) -> tuple[bool, bool]:
        """Return whether nothing is left to do, and whether a newer program wrote the database."""
        with self.lease.reading() as cursor:
            found = version(cursor)
            if found != newest():
                ((tables,),) = cursor.execute("select count(*) from duckdb_tables()").fetchall()
                return False, found > newest() or bool(tables and not found)
            known = {"rates": rates_digest(self.rates), "views": views_digest(), "rules": self.rules.digest}
            ((current,),) = cursor.execute(
                "select exists (from rate_table where digest = $rates) and exists (from view_set where digest = $views)"
                " and exists (from claim_rule where digest = $rules)",
                known,
            ).fetchall()
            return current and not is_behind(cursor, self.archive, writing=False), False

    def _is_sound(self) -> bool:
        """Return whether every row of every table can be read."""
        with closing(
            Lease(self.lease.path)
        ) as probe:  # closed at once: a second connection of this process would share its settings
            try:
                with probe.reading() as cursor:
                    for (table,) in cursor.execute("select table_name from duckdb_tables()").fetchall():
                        cursor.execute("select bit_xor(hash(t)) from query_table($table) as t", {"table": table}).fetchall()
            except (DatabaseDamaged, duckdb.Error):
                return False
        return True

    def _set_aside(self, why: str, word: str) -> None:
        path = self.lease.path
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        self.lease.close()
        for file in (path.with_name(f"{path.name}.wal"), path):  # should this be killed in between, the archive still has both
            kept = path.with_name(file.name.replace(path.name, f"{path.name}.{word}-{stamp}", 1))
            if file.exists():
                file.replace(kept)
        self._say(why, self.make(), f" The earlier file is kept as {kept.name}.")

    def _say(self, why: str, followed: Followed, more: str) -> None:
        left_out = "".join(f" Left out: {one}." for one in followed.left_out)
        self.tell(f"{why}; we rebuilt it from the archive ({followed.loaded} imports).{more}{left_out}")


def bring_up_to_date(lease: Lease, archive: Archive, rates: tuple[Rate, ...], rules: Rules) -> Followed:
    """Migrate a database, make its views, price it, settle what counts, and follow the archive."""
    digest, followed = rates_digest(rates), Followed()
    parts = sum(part.bytes for part in archive.read().parts()) if archive.mark else 0
    with lease.writing(archive.folder, work_bytes=parts) as connection:
        migrate(connection, lease.path)
        replace_views(connection)
        ((priced, settled, ever),) = connection.execute(
            "select exists (from rate_table where digest = $rates), exists (from claim_rule where digest = $rules),"
            " exists (from claim_rule)",
            {"rates": digest, "rules": rules.digest},
        ).fetchall()
        if not (priced and settled):
            connection.execute("begin")
            write_rules(connection, rules)
            if not (priced and ever):  # a database from before claims has its buckets where calls are
                run(connection, "forget_prices")
                rows = connection.appender("rate")
                for rate in rates:
                    rows.append_row(*astuple(rate))
                rows.flush()
                connection.execute("insert into rate_table values ($digest)", {"digest": digest})
            else:
                touch(connection, [])
            if connection.execute("select exists (from observation)").fetchall()[0][0]:  # of nothing follows nothing
                derive(connection, everything=not (priced and ever))
            connection.execute("insert into claim_rule values ($digest)", {"digest": rules.digest})
            connection.execute("commit")
            settle(connection)
        if is_behind(connection, archive, writing=False):
            followed = follow(connection, archive)
    return followed


def rebuild(opening: Opening) -> Followed:
    """Rebuild the database from the archive and replace the current one. Raise UsageError if there is no archive."""
    if not opening.archive.mark:
        raise UsageError("There is no archive to rebuild from. Import something first.")
    with opening.archive.locked():
        return opening.make(over=True)
