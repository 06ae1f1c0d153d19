"""The shape of the database, as numbered migrations that are only ever added to."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from usage_analytics.errors import BadRequest, UsageError


@cache
def migrations() -> tuple[tuple[int, str], ...]:
    """Every migration as (number, SQL), in order."""
    folder = files("usage_analytics.store") / "migrations"
    found = [(int(file.name[:3]), file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".sql")]
    return tuple(sorted(found))


def newest() -> int:
    """The version that this program writes."""
    return migrations()[-1][0]


def version(connection: duckdb.DuckDBPyConnection) -> int:
    """The version of an open database; 0 when it is empty."""
    known = connection.execute("select count(*) from duckdb_tables() where table_name = 'schema_version'").fetchall()[0][0]
    if not known:
        return 0
    return int(connection.execute("select max(version) from schema_version").fetchall()[0][0])


def migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Migrate the database to the newest version, after saving a copy of the old one beside it."""
    found = version(connection)
    if found > newest():
        raise BadRequest(f"{path.name} was written by a newer usage-analytics (version {found}). Update the program to open it.")
    if found == newest():
        return
    if found:
        connection.execute("checkpoint")
        _back_up(path, path.with_name(f"{path.name}.version-{found}.backup"))
    connection.execute("begin")
    connection.execute("create table if not exists schema_version (version integer not null)")
    for number, sql in migrations():
        if number > found:
            connection.execute(sql)
            connection.execute("insert into schema_version values ($number)", {"number": number})
    connection.execute("commit")
    connection.execute("checkpoint")


def _back_up(path: Path, copy: Path) -> None:
    """Copy the file atomically in a separate process: a process that closes a file drops every lock it holds on that file."""
    draft = copy.with_name(f"{copy.name}.draft")
    command = "import shutil, sys; shutil.copy2(sys.argv[1], sys.argv[2])"
    done = subprocess.run([sys.executable, "-c", command, str(path), str(draft)], capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        draft.unlink(missing_ok=True)
        raise UsageError(
            f"There isn't enough room for a copy of {path.name}, which has to be updated. Free some space and try again."
        )
    draft.replace(copy)
