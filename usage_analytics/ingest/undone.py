"""Imports that a person undid: for 30 days they can be redone without their files, or deleted for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from usage_analytics.errors import BadRequest
from usage_analytics.store.undone import KEPT

if TYPE_CHECKING:
    from usage_analytics.archive import Line
    from usage_analytics.store import Store
    from usage_analytics.store.ledger import Import


@dataclass(frozen=True, slots=True)
class Undone:
    """Imports that were undone together: the IDs they had, their files' names, their calls, and two times in naive UTC."""

    ids: tuple[int, ...]
    names: tuple[str, ...]
    calls: int
    undone_at: datetime
    kept_until: datetime


def undone(store: Store) -> tuple[Undone, ...]:
    """Return what can be redone, newest undo first."""
    return tuple(
        Undone(
            tuple(one.number for one in line.imports),
            tuple(one.name for one in line.imports),
            sum(one.events_new + one.events_duplicate for one in line.imports),
            line.at,
            line.at + KEPT,
        )
        for line in store.undone()
    )


def redo(store: Store, import_ids: Sequence[int]) -> tuple[Import, ...]:
    """Redo the undone imports of these IDs, with all that were undone together with them. Raise BadRequest if there's nothing to redo."""
    return tuple(one for line in _meant(store, import_ids) for one in store.redo(line))


def delete_undone(store: Store, import_ids: Sequence[int]) -> None:
    """Delete what is kept of undone imports. Raise BadRequest if an ID is unknown."""
    for line in _meant(store, import_ids):
        store.forget_undone(line)


def _meant(store: Store, import_ids: Sequence[int]) -> list[Line]:
    meant = [line for line in store.undone() if any(one.number in import_ids for one in line.imports)]
    found = {one.number for line in meant for one in line.imports}
    for unknown in set(import_ids) - found:
        raise BadRequest(
            f"Import {unknown} can't be redone. Import its files again; undone imports are kept for {KEPT.days} days."
        )
    return meant
