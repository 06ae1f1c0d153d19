"""How the database follows the archive: it loads imports that only the ledger has, and removes imports that the ledger says were undone.

A database without an archive, or beside one that lacks some of its imports, writes those to the archive. So both end up with the
same content, whatever was killed, copied back or merged before.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import duckdb

from usage_analytics.archive import Archive, Entry, Ledger, Line
from usage_analytics.archive.parts import fault, write_parts
from usage_analytics.events import TABLES
from usage_analytics.store.derivation import derive, load, run, statements, touch
from usage_analytics.store.lease import settle
from usage_analytics.store.schema import newest

ENTRY: Final = """
select
    uid as id, import_id as number, batch, name, format, imported_at, lines, events_new, events_duplicate, lines_other, salvaged,
    rejected, digest, first_event_at, last_event_at, path, inode, size, modified_ns, start_offset, end_offset, mark
from import
where import_id in (select unnest($ids))
order by import_id
"""


@dataclass(frozen=True, slots=True)
class Followed:
    """What following the archive did: how many imports were loaded, removed and written out, and what of the archive could not be read."""

    loaded: int = 0
    removed: int = 0
    written: int = 0
    left_out: tuple[str, ...] = ()


def is_behind(connection: duckdb.DuckDBPyConnection, archive: Archive, *, writing: bool) -> bool:
    """Return whether the database has to catch up with the archive; before a write, also if it has imports but no archive."""
    ((noted,),) = connection.execute("select mark from archive_mark").fetchall()
    now = archive.mark
    return bool(now != noted and (now or writing)) or (writing and not now)


def follow(connection: duckdb.DuckDBPyConnection, archive: Archive) -> Followed:
    """Bring the database and the archive to the same content, in one transaction. The caller has locked the archive."""
    known = archive.read()
    there: dict[str, int] = dict(connection.execute("select uid, import_id from import").fetchall())
    undone = [there[one] for one in known.undone if one in there]
    fresh = [one for one in known.entries().values() if one.id not in there]
    connection.execute("begin")
    if undone:
        touch(connection, undone)
        run(connection, "remove")
        derive(connection, everything=False)
    left_out = tuple(f"ledger.jsonl, line {number} is damaged" for number in known.damaged)
    if fresh:
        left_out += _load(connection, archive, known, fresh)
    strange = [number for uid, number in there.items() if uid not in known.known]
    line = _exported(connection, archive, strange) if strange else None
    with archive.entering(line) if line else nullcontext():
        finish(connection, archive)
    settle(connection)
    return Followed(len(fresh), len(undone), len(strange), left_out)


def catch_up(connection: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    """Catch up with the archive if needed, before a write to the database."""
    if archive.kept and is_behind(connection, archive, writing=True):
        follow(connection, archive)


def finish(connection: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    """Note how far the archive was followed, and commit."""
    connection.execute("update archive_mark set mark = $mark", {"mark": archive.mark})
    connection.execute("commit")


def entries(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> tuple[Entry, ...]:
    """The imports of these numbers as the archive's ledger has them."""
    rejects: dict[int, list[tuple[int | None, str]]] = {}
    given = {"ids": list(ids)}
    for number, line, reason in connection.execute(
        "select import_id, line, reason from reject where import_id in (select unnest($ids)) order by all", given
    ).fetchall():
        rejects.setdefault(number, []).append((line, reason))
    found = connection.execute(ENTRY, given)
    names = [column[0] for column in found.description or ()]
    rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return tuple(Entry(**row, rejects=tuple(rejects.get(row["number"], ()))) for row in rows)


def note_imports(
    connection: duckdb.DuckDBPyConnection, known: Ledger, fresh: Sequence[Entry]
) -> tuple[dict[str, int], dict[str, str]]:
    """Enter imports as the archive's ledger has them, and note them in table `followed`; return number and line of each, by identity."""
    numbers = _numbers(connection, known, fresh)
    home = {one.id: known.homes[known.named_by[one.id]] for one in fresh}
    connection.execute("create or replace temp table followed (uid varchar, line varchar, import_id integer)")
    with_numbers, imports, rejects = (connection.appender(name) for name in ("followed", "import", "reject"))
    for one in fresh:
        number = numbers[one.id]
        with_numbers.append_row(one.id, home[one.id], number)
        counts = (one.lines, one.events_new, one.events_duplicate, one.lines_other, one.salvaged, one.rejected)
        position = (one.path, one.inode, one.size, one.modified_ns, one.start_offset, one.end_offset, one.mark)
        extent = (one.first_event_at, one.last_event_at)
        named = (number, one.batch, one.name, one.format, one.digest, one.imported_at)
        imports.append_row(*named, *counts, *extent, *position, one.id)
        for line, reason in one.rejects:
            rejects.append_row(number, line, reason)
    for appender in (with_numbers, imports, rejects):
        appender.flush()
    return numbers, home


def _load(connection: duckdb.DuckDBPyConnection, archive: Archive, known: Ledger, fresh: Sequence[Entry]) -> tuple[str, ...]:
    """Load imports and derive what follows; return the parts that had to be left out."""
    _, home = note_imports(connection, known, fresh)
    lines = {home[one.id] for one in fresh}
    parts = [part for line in known.lines if line.id in lines for part in line.parts]
    faults = {part.file: wrong for part in parts if (wrong := fault(archive.folder, part))}
    sound = sorted((part.table, str(archive.folder / part.file)) for part in parts if part.file not in faults)
    load(connection, "archived", {table: [file for of, file in sound if of == table] for table in TABLES})
    return tuple(f"{file} {wrong}" for file, wrong in faults.items())


def _numbers(connection: duckdb.DuckDBPyConnection, known: Ledger, fresh: Sequence[Entry]) -> dict[str, int]:
    """Return the number of each import: the ledger's, or a new one if this database already uses that number."""
    taken = {row[0] for row in connection.execute("select import_id from import").fetchall()}
    ((following,),) = connection.execute("select next_id from import_number").fetchall()
    following = max(following, known.next_number())
    numbers = {}
    for one in fresh:
        numbers[one.id] = following if one.number in taken else one.number
        following += one.number in taken
        taken.add(one.number)
    connection.execute("update import_number set next_id = $next", {"next": following})
    return numbers


def _exported(connection: duckdb.DuckDBPyConnection, archive: Archive, ids: Sequence[int]) -> Line:
    """Write imports of this database as parts; return the line for the ledger."""
    line = uuid.uuid4().hex
    connection.execute(
        "create or replace temp table exported as select import_id, uid, format from import where import_id in (select unnest($ids))",
        {"ids": list(ids)},
    )
    given = dict(zip(TABLES, statements("exported"), strict=True))
    parts = write_parts(connection, archive.pending(line), line, given)
    moment = datetime.now(UTC).replace(tzinfo=None)
    return Line(line, moment, newest(), imports=entries(connection, ids), parts=parts)
