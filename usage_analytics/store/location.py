"""Where the database is by default."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from usage_analytics.errors import BadRequest

VARIABLE = "USAGE_ANALYTICS_DB"
STAGING = ".staging-"  # begins the name of what a process keeps beside the database; its number follows, so that it can be swept
TELEMETRY = "telemetry"  # the folder of what streamed in and is not imported yet
PROJECT = Path(__file__).resolve().parents[2]


def default_database() -> Path:
    """Return the file named by USAGE_ANALYTICS_DB, else `usage.duckdb` in the data folder."""
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else data_folder() / "usage.duckdb"


def is_named() -> bool:
    """Return whether the environment names a database."""
    return bool(os.environ.get(VARIABLE))


def demo_database() -> Path:
    """The database of the sample data; its folder holds nothing else."""
    return data_folder() / "demo" / "usage.duckdb"


def data_folder() -> Path:
    """`data/` in a checkout, else the platform's folder for user data; it may not exist yet."""
    if is_checkout():
        return PROJECT / "data"
    home = Path.home()
    if sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return folder / "usage-analytics"


def is_checkout() -> bool:
    """Whether this package runs from its own repository, not from an installed wheel."""
    return (PROJECT / "pyproject.toml").is_file() and (PROJECT / "app.py").is_file()


def staging_folder(database: Path) -> Path:
    """Create a folder beside the database. The caller removes it; if the process dies, a later one does. Raise BadRequest if it can't."""
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f"{STAGING}{os.getpid()}-", dir=database.parent))
    except OSError as error:
        raise BadRequest(f"{database.name} can't be kept there ({error.strerror}). Choose another place with --db.") from error


def put_in_place(draft: Path, path: Path) -> None:
    """Rename a complete file into place, unless a file of that name already exists."""
    path.with_name(f"{path.name}.wal").unlink(
        missing_ok=True
    )  # of a database that is gone; DuckDB would not open this one with it
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        if not path.exists():
            draft.rename(path)
