"""What a flag's card shows: its hours as bars, its figures, and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from usage_analytics import format
from usage_analytics.answers import Kpi

if TYPE_CHECKING:
    from usage_analytics.answers.background.flags import Flag, Hour, Severity

MOST_BARS: Final = 84
STEPS: Final = (1, 2, 3, 6, 12, 24)  # hours of a bar
SEVERITIES: Final[dict[Severity, str]] = {"stop": "Stop it now", "drain": "Drains", "watch": "Worth a look"}


@dataclass(frozen=True, slots=True)
class Hours:
    """The bars about a flag, on the person's clock: each starts at `starts[n]` and lasts `step`."""

    starts: tuple[datetime, ...]
    step: timedelta
    attended_nanos: tuple[int, ...]
    unattended_nanos: tuple[int, ...]
    expected_nanos: tuple[int, ...]
    started_at: datetime
    flagged_at: datetime
    last_seen_at: datetime

    @property
    def top_usd(self) -> float:
        """The highest bar."""
        sums = map(sum, zip(self.attended_nanos, self.unattended_nanos, self.expected_nanos, strict=True))
        return max(max(sums, default=0) / 1e9, 0.01)


def hours(found: Sequence[Hour], flag: Flag, zone: str) -> Hours | None:
    """The timeline of a flag as few enough bars to be seen; None where there is none."""
    if not found:
        return None
    size = next((step for step in STEPS if len(found) / step <= MOST_BARS), STEPS[-1])
    starts = tuple(found[place].start for place in range(0, len(found), size))

    def summed(part: str) -> tuple[int, ...]:
        values = [int(getattr(hour, part)) for hour in found]
        return tuple(sum(values[place : place + size]) for place in range(0, len(values), size))

    return Hours(
        tuple(format.local(start, zone) for start in starts),
        timedelta(hours=size),
        summed("attended_nanos"),
        summed("unattended_nanos"),
        summed("expected_nanos"),
        format.local(flag.started_at, zone),
        format.local(flag.flagged_at, zone),
        format.local(flag.last_seen_at, zone),
    )


def title(flag: Flag) -> str:
    """Who it is, in words."""
    return f"{format.name(flag.source, 60)}: {flag.kind_said[:1].lower()}{flag.kind_said[1:]}"


def kpis(flag: Flag, now: datetime, zone: str) -> tuple[Kpi, ...]:
    """Since when, how much, how fast, and what it would come to; or how long it went on."""
    flagged = f"Flagged at {format.moment(flag.flagged_at, zone)}, after {format.dollars(flag.spent_before_flag_nanos)}."
    since = Kpi("Since", _clock(flag.started_at, now, zone), help=f"{format.moment(flag.started_at, zone)}. {flagged}")
    spent = Kpi("Unattended", format.dollars(flag.spent_nanos), help=f"Unattended spend in {_lasted(flag)}.")
    pace = Kpi("Burn rate", format.per_hour(flag.pace_nanos_per_hour), help="Over its last hours.")
    if flag.projected_nanos is None:
        return since, spent, pace
    until = f"At this rate, by {_clock(flag.projected_until, now, zone)}" if flag.projected_until else "If it continues"
    return since, spent, pace, Kpi(until, format.dollars(flag.projected_nanos), help="Total by the time you're usually back.")


def course(flag: Flag, zone: str) -> str:
    """How a drain went that is over, in a sentence."""
    spent, seen = format.dollars(flag.spent_nanos), format.moment(flag.last_seen_at, zone)
    flagged = f"flagged after {format.dollars(flag.spent_before_flag_nanos)} and {format.span(_seconds(flag.flagged_at, flag.started_at))}"
    return f"It spent {spent} unattended in {_lasted(flag)}, until {seen}; {flagged}."


def _clock(moment: datetime, now: datetime, zone: str) -> str:
    """As short as it is clear: Wed 21:10 within the week, else Nov 19."""
    local = format.local(moment, zone)
    return f"{local:%a %H:%M}" if abs(now - moment) < timedelta(days=6) else f"{local:%b} {local.day}"


def _lasted(flag: Flag) -> str:
    return format.span(_seconds(flag.last_seen_at, flag.started_at))


def _seconds(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds()
