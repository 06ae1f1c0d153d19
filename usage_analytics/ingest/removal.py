"""Delete everything that this program keeps beside a database, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usage_analytics.archive import archive_beside
from usage_analytics.control import Control
from usage_analytics.errors import UsageError
from usage_analytics.store.authority import NAME as CLAIMS
from usage_analytics.store.location import STAGING, TELEMETRY
from usage_analytics.store.own_rates import NAME as OWN_PRICES

if TYPE_CHECKING:
    from usage_analytics.store import Store

KEYS: Final = "keys.json"  # of channels and shares; drafts of it begin with a point


def kept_beside(database: Path) -> tuple[Path, ...]:
    """What belongs to a database: archive, file, log, spill and backups; decisions; own prices; keys; staged files that were left."""
    control = Control.beside(database).path.name
    names = (database.name, archive_beside(database).name, control, OWN_PRICES, CLAIMS, KEYS, TELEMETRY)
    begins = tuple(f"{name}{mark}" for name in names for mark in (".", "-"))
    if not database.parent.is_dir():
        return ()
    return tuple(
        sorted(
            path
            for path in database.parent.iterdir()
            if path.name in names or path.name.startswith((*begins, STAGING, f".{KEYS}.", f"{control}-"))
        )
    )


def remove_everything(store: Store) -> tuple[str, ...]:
    """Remove the database and all that belongs to it; the names of what was removed. Raises UsageError for what cannot be."""
    store.close()
    removed = []
    for path in kept_beside(store.path):
        try:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(f"{path.name} cannot be removed ({error.strerror}). Close what uses it and try again.") from error
        removed.append(path.name)
    return tuple(removed)
