"""Recognize an episode that was alerted before.

The log of a past moment may still grow: Claude Code writes a call bit by bit, a file arrives late. The episode then starts at another
time, under another name. We recognize it by its source and its time span.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from usage_analytics.control import Control

_OF: Final = "select episode, start_at, end_at from alert_episode where whose = :whose order by start_at"


@dataclass(frozen=True, slots=True)
class Span:
    """Whose episode it is, and the time that it takes: both ends belong to it."""

    whose: str
    start: datetime
    end: datetime


def known_as(control: Control, episode: str, span: Span) -> str:
    """The name under which this episode was first alerted; its own if it is new. Ask before sending."""
    known = _overlapping(control.rows(_OF, {"whose": span.whose}), span)
    if known is not None and known["start_at"] <= span.start.isoformat() and span.end.isoformat() <= known["end_at"]:
        return str(known["episode"])
    with control.deciding() as connection:
        known = _overlapping(connection.execute(_OF, {"whose": span.whose}).fetchall(), span)
        name = episode if known is None else str(known["episode"])
        connection.execute(
            """
            insert into alert_episode (episode, whose, start_at, end_at) values (:episode, :whose, :start, :end)
            on conflict do update set start_at = min(start_at, :start), end_at = max(end_at, :end)
            """,
            {"episode": name, "whose": span.whose, "start": span.start.isoformat(), "end": span.end.isoformat()},
        )
    return name


def _overlapping(rows: Iterable[Any], span: Span) -> Any:
    start, end = span.start.isoformat(), span.end.isoformat()
    return next((row for row in rows if row["start_at"] <= end and start <= row["end_at"]), None)
