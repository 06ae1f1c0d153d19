"""Imports that were undone, kept beside the database for a month, so that an undo can be undone without the files.

usage.duckdb.undone/<line>/line.json                                  what was undone, as the ledger would name it
usage.duckdb.undone/<line>/parts/source=…/month=…/<line>-….parquet    its rows, as the archive keeps them
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from usage_analytics.archive import Archive, Entry, Line
from usage_analytics.archive.parts import keep, room_is_needed, write_parts
from usage_analytics.errors import BadRequest
from usage_analytics.events import TABLES
from usage_analytics.store.derivation import statements
from usage_analytics.store.following import entries
from usage_analytics.store.ledger import Batch, Import, NewImport, SyncPosition
from usage_analytics.store.schema import newest

if TYPE_CHECKING:
    import duckdb

KEPT: Final = timedelta(days=30)
_LINE: Final = "line.json"


def folder_of(database: Path) -> Path:
    """Where the undone imports of a database are kept."""
    return database.with_name(f"{database.name}.undone")


def set_aside(
    connection: duckdb.DuckDBPyConnection, database: Path, archive: Archive, import_ids: Sequence[int], moment: datetime
) -> None:
    """Write the rows of imports that are about to be undone, and remove what was kept for long enough. Raises UsageError without room."""
    for one in _written(database):
        if one.at < moment - KEPT:
            forget(database, one.id)
    line = uuid.uuid4().hex
    place = folder_of(database) / line
    connection.execute(
        """
        create or replace temp table exported as
        select import_id, $line || '-' || (row_number() over (order by import_id) - 1) as uid, format
        from import
        where import_id in (select unnest($ids))
        """,
        {"line": line, "ids": list(import_ids)},
    )
    draft = archive.pending(line)  # the connection may write nowhere else
    try:
        with room_is_needed():
            parts = write_parts(connection, draft, line, dict(zip(TABLES, statements("exported"), strict=True)))
            place.mkdir(parents=True)
            draft.rename(place / "parts")
            known = entries(connection, import_ids)
            named = tuple(msgspec.structs.replace(one, id=f"{line}-{number}") for number, one in enumerate(known))
            written = Line(line, moment, newest(), imports=named, undone=tuple(one.id for one in known), parts=parts)
            (place / _LINE).write_bytes(msgspec.json.encode(written))
            keep(place / _LINE)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(place, ignore_errors=True)
        raise


def undone(database: Path, archive: Archive, moment: datetime) -> tuple[Line, ...]:
    """What can be redone at a moment, newest first: one line per undo."""
    known = archive.read()
    lines = {line.id for line in known.lines}
    found = [
        one for one in _written(database) if set(one.undone) <= known.undone and one.id not in lines and one.at >= moment - KEPT
    ]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def batch(database: Path, line: Line, there: Iterable[Import]) -> Batch:
    """The undone imports, ready to be committed again. Raises BadRequest if one of their files was imported again since."""
    known = [(one.digest, one.path, one.start_offset) for one in there]
    digests, places = {digest for digest, _, _ in known if digest}, {(path, start) for _, path, start in known if path}
    if any(one.digest in digests or (one.path, one.start_offset) in places for one in line.imports):
        raise BadRequest("These files were imported again after the undo. There is nothing to redo.")
    return Batch(folder_of(database) / line.id, tuple(map(_again, range(len(line.imports)), line.imports)), line=line.id)


def forget(database: Path, line: str) -> None:
    """Delete what was kept of an undo."""
    shutil.rmtree(folder_of(database) / line, ignore_errors=True)
    with suppress(OSError):  # others are still there
        folder_of(database).rmdir()


def _written(database: Path) -> list[Line]:
    found = []
    for file in sorted(folder_of(database).glob(f"*/{_LINE}")):
        with suppress(OSError, msgspec.MsgspecError):  # cut short, or from a newer program
            found.append(msgspec.json.decode(file.read_bytes(), type=Line))
    return found


def _again(number: int, one: Entry) -> NewImport:
    position = (one.path, one.inode, one.size, one.modified_ns, one.start_offset, one.end_offset, one.mark)
    return NewImport(
        import_no=number,
        name=one.name,
        format=one.format,
        lines=one.lines,
        other=one.lines_other,
        salvaged=one.salvaged,
        rejected=one.rejected,
        rejects=one.rejects,
        digest=one.digest,
        sync_position=None if one.path is None else SyncPosition(*position),  # type: ignore[arg-type]  # all or none are there
    )
