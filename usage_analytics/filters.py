"""What part of the data a question is about: a half-open span of time, and what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from usage_analytics.errors import BadRequest
from usage_analytics.weeks import WeekStart, days_before_monday

TimeGrain = Literal["hour", "day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Filters:
    """A span `[start, end)` in naive UTC (None is open), and the values that are kept (an empty tuple keeps all).

    The empty string among the kept values stands for rows that have none. `zone` is where days begin, `week_start`
    the day on which weeks do. "As of" a moment is an `end` at that moment: an event at or after it is not seen.
    """

    start: datetime | None = None
    end: datetime | None = None
    models: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    grain: TimeGrain = "day"
    zone: str = "UTC"
    week_start: WeekStart = "Monday"

    def parameters(self) -> dict[str, object]:
        """The bound parameters that every query may name."""
        return {
            "start": self.start or datetime(1970, 1, 1),
            "end": self.end or datetime(9000, 1, 1),
            "models": list(self.models),
            "apps": list(self.apps),
            "projects": list(self.projects),
            "accounts": list(self.accounts),
            "grain": self.grain,
            "zone": self.zone,
            "week_shift": days_before_monday(self.week_start) if self.grain == "week" else 0,
        }


def instant(text: str) -> datetime:
    """Read an ISO 8601 date or time as naive UTC; without an offset it is UTC. Raises BadRequest."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadRequest(f"“{text}” is not a date or time. Write it like 2026-11-01 or 2026-11-01T09:30+01:00.") from None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
