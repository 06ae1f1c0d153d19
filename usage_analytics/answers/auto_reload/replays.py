"""The last weeks replayed under a setting, ready to draw and describe: which reloads and stops there would have been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from usage_analytics import format
from usage_analytics.answers.auto_reload.advice import SMALLEST_GAP_NANOS, USD, Economics, Policy
from usage_analytics.answers.auto_reload.demand import Demand, milliseconds
from usage_analytics.answers.auto_reload.replay import replay

WEEKS: Final = 8
TOLD_APART: Final = 400  # points across a figure
LATE_SEED: Final = 20  # the same late and declined reloads for every setting
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Lane:
    """One setting on the person's own calls, in their time zone; in the spans of `limited` the monthly limit stopped work."""

    name: str
    policy: Policy
    start: datetime
    end: datetime
    points: tuple[tuple[datetime, int], ...]
    reloads: tuple[tuple[datetime, int], ...]
    blocks: tuple[Span, ...]
    limited: tuple[Span, ...]
    blocked_hours: float
    mean_balance_nanos: int
    refused_nanos: int

    @property
    def top_usd(self) -> float:
        """Return the highest balance, in dollars."""
        return max((nanos for _, nanos in self.points), default=self.policy.reload_to_nanos) / 1e9

    @property
    def bottom_usd(self) -> float:
        """Return the lowest balance in dollars; 0 if it never goes below."""
        return min(0.0, *(nanos / 1e9 for _, nanos in self.points)) if self.points else 0.0

    @property
    def said(self) -> str:
        """Return what happened, in a sentence."""
        return said(self)

    @property
    def events(self) -> list[tuple[datetime, str, int | None, float | None]]:
        """Return what happened: when, what, how much money (nanos), how many seconds."""
        return as_events(self)


def lane(
    name: str, demand: Demand, policy: Policy, economics: Economics, now: datetime, *, zone: str, late: bool, weeks: int = WEEKS
) -> Lane:
    """Replay the last `weeks` before `now` from a full balance. With `late`, some reloads come late or are declined."""
    start = now - timedelta(weeks=weeks)
    first = demand.first_at or start
    past = demand.between(milliseconds(max(start, first)), milliseconds(now))
    lived = replay(past, policy, economics, seed=LATE_SEED if late else None)
    from_, to = format.local(max(start, first), zone), format.local(now, zone)

    def at(moment: datetime) -> datetime:
        return format.local(moment, zone)

    path = kept = lived.path
    if len(path) > 2:  # as many points as can be told apart: both sides of every reload, and the last one of each little while
        began, while_ = path[0][0], max((path[-1][0] - path[0][0]) / TOLD_APART, timedelta(seconds=1))
        between = tuple(
            point
            for before, point, after in zip(path, path[1:], path[2:], strict=False)
            if point[1] > before[1] or after[1] > point[1] or (after[0] - began) // while_ > (point[0] - began) // while_
        )
        kept = (path[0], *between, path[-1])
    points = tuple((at(moment), nanos) for moment, nanos in kept)
    last = points[-1][1] if points else policy.reload_to_nanos
    months = [(hit, hit.replace(day=1, hour=0, minute=0, second=0, microsecond=0)) for hit in map(at, lived.limit_hits)]
    limited = tuple((hit, min((month + timedelta(days=32)).replace(day=1), to)) for hit, month in months)
    return Lane(
        name,
        policy,
        from_,
        to,
        ((from_, points[0][1] if points else last), *points, (to, last)),
        tuple((at(moment), nanos) for moment, nanos in lived.reloads),
        tuple((at(begun), at(ended)) for begun, ended in lived.blocks),
        limited,
        lived.blocked_hours,
        lived.mean_balance_nanos,
        lived.refused_nanos,
    )


def said(lane: Lane) -> str:
    """Return what happened in a lane, in a sentence."""
    reloads = len(lane.reloads)
    mean = sum(nanos for _, nanos in lane.reloads) / reloads if reloads else 0
    bought = (
        f"{format.plural(reloads, 'reload')} of {'about ' if reloads > 1 else ''}{format.dollars(mean)}"
        if reloads
        else "no reload"
    )
    hours = f", {format.hours(lane.blocked_hours)} of work lost" if lane.blocked_hours >= 1 / 60 else ""
    empty = f"out of credits {format.plural(len(lane.blocks), 'time')}{hours}" if lane.blocks else "never out of credits"
    limited = f", stopped at the monthly limit {format.plural(len(lane.limited), 'time')}" if lane.limited else ""
    return f"{bought}, {empty}{limited}, {format.dollars(lane.mean_balance_nanos)} idle on average"


def allowed(threshold_usd: float, reload_to_usd: float) -> float:
    """Return the lowest reload-to amount (dollars), from the one asked for, that the product's form accepts with this threshold."""
    return max(reload_to_usd, threshold_usd + SMALLEST_GAP_NANOS / USD)


def as_events(lane: Lane) -> list[tuple[datetime, str, int | None, float | None]]:
    """Return what happened as rows: when, what, how much money (nanos), how many seconds."""
    found: list[tuple[datetime, str, int | None, float | None]] = [
        (moment, "Reload", nanos, None) for moment, nanos in lane.reloads
    ]
    found += [(begun, "Out of credits", None, (ended - begun).total_seconds()) for begun, ended in lane.blocks]
    found += [(begun, "Stopped at the monthly limit", None, (ended - begun).total_seconds()) for begun, ended in lane.limited]
    return sorted(found)
