"""Whether a database only shows what `derive` wrote elsewhere: such a database is read-only and follows no archive."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from usage_analytics.errors import BadRequest

NAME: Final = "shown.json"  # beside the database: the `derived.json` of what it shows


def is_shown(database: Path) -> bool:
    """Return whether the database only shows derived roll-ups."""
    return database.with_name(NAME).exists()


def refuse_changes(database: Path) -> None:
    """Raise BadRequest if the database only shows derived roll-ups: nothing can be imported or undone there."""
    if is_shown(database):
        raise BadRequest(
            "This dashboard only shows roll-ups. Import where their archive is, then run “usage-analytics derive” again."
        )
