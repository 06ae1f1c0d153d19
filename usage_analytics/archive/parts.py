"""How rows become Parquet parts: one for each source, month and table, sorted by time, compressed, with a checksum.

DuckDB writes them, not Arrow: it sorts what does not fit into memory, and it is loaded anyway when something is imported.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final
from urllib.parse import quote

import duckdb

from usage_analytics.archive.ledger import Part
from usage_analytics.errors import UsageError
from usage_analytics.events import TABLES

MEGABYTES: Final = 400
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL: Final = re.compile(r"no space left|file too large|disk quota|could not write", re.IGNORECASE)


@cache
def statements(name: str) -> tuple[str, ...]:
    """The statements of one of the SQL files here."""
    text = (files("usage_analytics.archive") / f"{name}.sql").read_text("utf-8")
    return tuple(statement for statement in text.split(";\n") if statement.strip())


def write_parts(connection: duckdb.DuckDBPyConnection, folder: Path, line: str, given: Mapping[str, str]) -> tuple[Part, ...]:
    """Write the rows of each table into `folder`, and wait until the disk has them. Raises UsageError where there is no room.

    `given` makes, table by table, the view of that name: import, format, and the columns of the table.
    """
    written = []
    for table, place in zip(TABLES, statements("placed"), strict=True):
        if table not in given:
            continue
        with room_is_needed():
            connection.execute(given[table])
            connection.execute(place)
            found = connection.execute("select in_source, in_month from placed group by all order by all").fetchall()
            for source, month in found:
                name = f"source={quote(source, safe='')}/month={month}/{line}-{table}.parquet"
                written.append(_write_part(connection, folder, table, name, (source, month)))
            connection.execute("drop table placed")
    return tuple(written)


def write_staged(folder: Path, line: str, staged: Path, imports: Sequence[tuple[int, str, str]]) -> tuple[Part, ...]:
    """Write what importers staged: `imports` are (import_no, identity, format) of the files that were read to their end."""
    found = {table: [str(part) for part in sorted(staged.glob(f"**/{table}-*.parquet"))] for table in TABLES}
    (view,) = statements("staged")
    with closing(
        duckdb.connect(config={"memory_limit": f"{MEGABYTES}MB", "temp_directory": str(folder / "spill")})
    ) as connection:
        connection.execute("create temp table staged (import_no integer, id varchar, format varchar)")
        rows = connection.appender("staged")
        for one in imports:
            rows.append_row(*one)
        rows.flush()
        written: list[Part] = []
        for table, parts in found.items():
            if parts:
                connection.execute("set variable parts = $parts", {"parts": parts})
                written += write_parts(connection, folder, line, {table: view})
        return tuple(written)


def take_staged(folder: Path, staged: Path) -> tuple[Part, ...]:
    """Take parts that importers wrote as the archive keeps them into `folder`, and wait until the disk has them; none where they didn't."""
    found = {path.relative_to(path.parents[2]).as_posix(): path for path in sorted(staged.glob("*/source=*/month=*/*.parquet"))}
    if not found:
        return ()
    with closing(duckdb.connect()) as connection:
        asked = {"files": [str(path) for path in found.values()]}
        counted = connection.execute("select file_name, num_rows from parquet_file_metadata($files)", asked).fetchall()
    rows: dict[str, int] = dict(counted)
    taken = []
    with room_is_needed():
        for name, path in found.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(path, place)
            except OSError:  # a file system without links, or another one
                shutil.copyfile(path, place)
            taken.append(described(folder, place.stem.rpartition("-")[2], name, rows[str(path)]))
    return tuple(taken)


def fault(folder: Path, part: Part) -> str | None:
    """Return what is wrong with a part; None if it is sound."""
    path = folder / part.file
    try:
        if path.stat().st_size != part.bytes:
            return "has another size"
        with path.open("rb") as file:
            return None if hashlib.file_digest(file, "sha256").hexdigest() == part.sha256 else "is damaged"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def keep(path: Path) -> None:
    """Flush a file, or the names in a folder, to disk."""
    with suppress(PermissionError):  # folders, on Windows
        handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def room_is_needed() -> Iterator[None]:
    """Turn disk errors of the block into a sentence that says what to do."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        if isinstance(error, OSError) and error.errno not in _NO_ROOM:
            raise UsageError(
                f"The archive can't be written ({error.strerror}). Check its disk and folder, then try again."
            ) from error
        if isinstance(error, duckdb.Error) and not _FULL.search(str(error)):
            raise
        raise UsageError("There isn't enough room to write the archive. Free some space on that disk and try again.") from error


def _write_part(connection: duckdb.DuckDBPyConnection, folder: Path, table: str, name: str, of: tuple[str, str]) -> Part:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    (copy,) = statements("part")
    ((rows,),) = connection.execute(copy, {"source": of[0], "month": of[1], "file": str(path)}).fetchall()
    return described(folder, table, name, rows)


def described(folder: Path, table: str, name: str, rows: int) -> Part:
    """Return how the ledger describes a part, once it is on disk."""
    path = folder / name
    keep(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Part(name, table, rows, path.stat().st_size, digest)
