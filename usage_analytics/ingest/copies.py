"""Backup and restore of what can't be imported again: the archive, decisions and own prices. Both work while the dashboard is open.

The database isn't copied: it is rebuilt from the archive. Neither are the secrets of alert channels and shared links.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from usage_analytics.archive import archive_beside
from usage_analytics.archive.copies import Copied, archive_in, copy_archive, put_in_place
from usage_analytics.archive.parts import room_is_needed
from usage_analytics.control import Control
from usage_analytics.errors import BadRequest
from usage_analytics.store.authority import NAME as CLAIMS
from usage_analytics.store.location import staging_folder
from usage_analytics.store.own_rates import NAME as OWN_PRICES

if TYPE_CHECKING:
    from usage_analytics.store import Store


def backup(store: Store, to: Path) -> Copied:
    """Copy archive, decisions and own prices to a folder; a second backup adds only what's new. Raise BadRequest."""
    if to.resolve() == store.path.parent.resolve():
        raise BadRequest("A backup beside the database doesn't protect you. Choose a folder on another disk.")
    store.write_archive()
    if not store.archive.mark:
        raise BadRequest("There is nothing to back up yet. Import something first.")
    with room_is_needed():
        to.mkdir(parents=True, exist_ok=True)
        Control.beside(store.path).copy_to(to / "control.sqlite")
        for name in (OWN_PRICES, CLAIMS):
            own = store.path.with_name(name)
            if own.exists():
                shutil.copyfile(own, to / f"{name}.draft")
                (to / f"{name}.draft").replace(to / name)
            else:
                (to / name).unlink(missing_ok=True)
    return copy_archive(store.archive, to / "archive")


def restore(store: Store, source: Path, *, force: bool = False) -> tuple[Copied, Path | None]:
    """Restore a backup; the database is rebuilt at its next use. Raise BadRequest if there is data already, unless `force` is set.

    Existing data moves to a folder beside the database; return that folder too.
    """
    archive = archive_in(source)
    database, kept = store.path, archive_beside(store.path)
    control = Control.beside(database).path
    files = [database, database.with_name(f"{database.name}.wal"), control, *map(database.with_name, (OWN_PRICES, CLAIMS))]
    there = [path.name for path in [*files, kept] if path.exists()]
    if there and not force:
        raise BadRequest(
            f"There is data already ({', '.join(there)}); --force moves it to a folder beside the database and restores the backup."
        )
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = database.with_name(f"{database.name}.replaced-{stamp}")
    draft = staging_folder(database)
    try:
        copied = copy_archive(archive, draft / "archive")
        brought = [path for path in (source / "control.sqlite", source / OWN_PRICES, source / CLAIMS) if path.exists()]
        for path in brought:
            shutil.copyfile(path, draft / path.name)
        store.close()
        with room_is_needed():
            for path in files:
                if path.exists():
                    aside.mkdir(exist_ok=True)
                    path.replace(aside / path.name)
            put_in_place(store.archive, draft / "archive", aside / "archive")
            for path in brought:
                (draft / path.name).replace(control if path.name == "control.sqlite" else database.with_name(path.name))
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return copied, aside if aside.exists() else None
