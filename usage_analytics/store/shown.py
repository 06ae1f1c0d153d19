"""Whether a database shows what `derive` wrote elsewhere: it is for reading only then, and follows no archive."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from usage_analytics.errors import BadRequest

NAME: Final = "shown.json"  # beside the database: the `derived.json` of what it shows


def is_shown(database: Path) -> bool:
    """Whether it is such a one."""
    return database.with_name(NAME).exists()


def refuse_changes(database: Path) -> None:
    """Raise BadRequest where nothing can be added or taken back."""
    if is_shown(database):
        raise BadRequest(
            "This dashboard only shows roll-ups. Import where their archive is, then run “usage-analytics derive” again."
        )
