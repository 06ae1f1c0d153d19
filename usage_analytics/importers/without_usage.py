"""Exports that hold no usage of their own: what they are, and which export to import instead."""

from __future__ import annotations

from typing import Final

from usage_analytics.importers.records import columns
from usage_analytics.importers.sink import Head

_INSTEAD: Final = "It holds no usage; import the spend report from claude.ai/analytics instead."
_KINDS: Final = (  # what its columns are at least, what it is, and what to do
    ({"email", "role", "status", "seat_tier"}, "a list of members", _INSTEAD),
    (
        {"id", "timestamp", "bookmarked", "totalcost"},
        "an export of traces",
        "Export the observations from Langfuse, which say what each call used, and import those.",
    ),
    ({"created_at", "actor_info", "event", "entity_info"}, "an audit log", _INSTEAD),
)


def reason(head: Head) -> str | None:
    """Why a file that no importer claims is none of theirs; None where nothing is known about it."""
    found = columns(head)
    return next((f"{head.name} is {what}. {advice}" for signs, what, advice in _KINDS if found >= signs), None)
