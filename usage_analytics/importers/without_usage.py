"""Exports of a team that hold no usage: what they are, and which export to import instead."""

from __future__ import annotations

from typing import Final

from usage_analytics.importers.delimited import header
from usage_analytics.importers.json_objects import keys
from usage_analytics.importers.sink import Head

_INSTEAD: Final = "It holds no usage; import the spend report from claude.ai/analytics instead."
_KINDS: Final = (
    ({"email", "role", "status", "seat_tier"}, "a list of members"),
    ({"created_at", "actor_info", "event", "entity_info"}, "an audit log"),
)


def reason(head: Head) -> str | None:
    """Why a file that no importer claims is none of theirs; None where nothing is known about it."""
    columns = set(header(head.start)) or keys(head.start)
    what = next((what for signs, what in _KINDS if columns >= signs), None)
    return f"{head.name} is {what}. {_INSTEAD}" if what else None
