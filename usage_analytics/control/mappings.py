"""Mappings that people kept: what the columns of a table mean that has no importer. The next table with the same columns is read by it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.control import Control
    from usage_analytics.importers.mapped.mapping import Mapping


def kept(control: Control) -> list[Mapping]:
    """All of them, the newest first; one that a later version wrote is left out."""
    rows = control.rows("select content from mapping order by kept_at desc, name")
    if not rows:
        return []
    from usage_analytics.importers.mapped.checks import decoded  # here: without mappings it is never needed

    found = []
    for row in rows:
        try:
            found.append(decoded(row["content"]))
        except BadRequest:
            continue
    return found


def find(control: Control, name: str) -> Mapping:
    """The mapping of that name. Raises BadRequest."""
    known = {one.name: one for one in kept(control)}
    if name not in known:
        there = f" there are {', '.join(f'“{one}”' for one in known)}." if known else " none is saved yet."
        raise BadRequest(f"There is no mapping “{name}”;{there}")
    return known[name]


def keep(control: Control, mapping: Mapping) -> Mapping:
    """Keep a mapping under its name, in place of one that had it. Raises BadRequest."""
    from usage_analytics.importers.mapped.checks import checked, checked_name, encoded, renamed

    sound = checked(renamed(mapping, checked_name(mapping.name)))
    values = {"name": sound.name, "content": encoded(sound), "kept_at": datetime.now(UTC).replace(tzinfo=None).isoformat()}
    with control.deciding() as connection:
        connection.execute("insert or replace into mapping values (:name, :content, :kept_at)", values)
    return sound


def forget(control: Control, name: str) -> None:
    """Forget a mapping; what was imported with it stays. Raises BadRequest."""
    find(control, name)
    with control.deciding() as connection:
        connection.execute("delete from mapping where name = :name", {"name": name})
