"""Small parts are joined into larger ones: a watch that syncs every minute adds a few parts each time.

The parts of several lines of the ledger become those of one new line, which names the lines that it joins. So the ledger only grows, every
import keeps its own line and its identity in each row, and an undo or a rebuild finds the same rows as before.
"""

from __future__ import annotations

import shutil
import uuid
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from usage_analytics.archive import Archive
from usage_analytics.archive.ledger import Ledger, Line, Part
from usage_analytics.archive.parts import MEGABYTES, described, room_is_needed, statements
from usage_analytics.events import MOMENTS

FEW: Final = 32  # lines with small parts; as many as that are joined
SMALL_BYTES: Final = 4 << 20  # a line's parts; joined ones are joined again until they have come to that


def join(archive: Archive, added: tuple[Part, ...], schema: int, at: datetime) -> bool:
    """Join small parts if there are many; return whether it did. Raise UsageError if there is no room."""
    places = {(archive.folder / part.file).parent for part in added} if archive.kept else ()
    if all(sum(1 for _ in place.iterdir()) <= FEW for place in places):
        return False  # without a look at the ledger
    known = archive.read()
    small = [one for one in known.holders() if one.parts and sum(part.bytes for part in one.parts) < SMALL_BYTES]
    if len(small) < FEW:
        return False
    line = uuid.uuid4().hex
    pending = archive.pending(line)
    try:
        parts = _written(known, small, archive.folder, pending, line)
        with archive.entering(Line(line, at, schema, parts=parts, joined=tuple(one.id for one in small))):
            pass
    finally:
        shutil.rmtree(pending, ignore_errors=True)
    archive.forget_unneeded()
    return True


def _written(known: Ledger, small: Sequence[Line], folder: Path, pending: Path, line: str) -> tuple[Part, ...]:
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for part in (part for one in small for part in one.parts):
        together[part.file.rpartition("/")[0], part.table].append(str(folder / part.file))
    kept = [(one, known.homes[known.named_by[one]]) for one in known.entries()]
    copy = statements("joined")
    written = []
    spill: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{MEGABYTES}MB",
        "temp_directory": str(pending / "spill"),
    }
    with room_is_needed(), closing(duckdb.connect(config=spill)) as connection:
        connection.execute("create temp table kept (uid varchar, line varchar)")
        rows = connection.appender("kept")
        for row in kept:
            rows.append_row(*row)
        rows.flush()
        for (place, table), files in sorted(together.items()):
            name = f"{place}/{line}-{table}.parquet"
            (pending / place).mkdir(parents=True, exist_ok=True)
            connection.execute(copy[0], {"files": files})
            ((count,),) = connection.execute(copy[1], {"moment": MOMENTS[table], "file": str(pending / name)}).fetchall()
            written.append(described(pending, table, name, count))
    return tuple(written)
