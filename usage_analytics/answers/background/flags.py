"""What the analysis of background spend says: flags, the sources that were looked at, and notes. Money in nano-dollars, times naive UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from usage_analytics.answers.background.found_by import FoundBy

Kind = Literal[
    "scheduled_loop",
    "retry_loop",
    "overnight_run",
    "slow_leak",
    "new_integration",
    "fan_out",
    "no_op_polling",
]
Severity = Literal["watch", "drain", "stop"]

KINDS: Final[dict[Kind, str]] = {
    "scheduled_loop": "Loop on a schedule",
    "retry_loop": "Failing call, retried again and again",
    "overnight_run": "Run that continued after you left",
    "slow_leak": "Slow leak",
    "new_integration": "New app that no one uses by hand",
    "fan_out": "Fan-out of subagents",
    "no_op_polling": "Polling that finds nothing to do",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal in a word, and its arithmetic in a sentence."""

    signal: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Flag:
    """One episode of unattended spend. All but `last_seen_at`, `spent_nanos`, the pace, the projection and the severity stays as raised."""

    key: str  # the episode's own; the same whenever it is looked at
    app: str
    account: str | None
    project: str | None
    run: str | None
    source: str  # the source in words: app, project, account
    kind: Kind
    started_at: datetime
    flagged_at: datetime  # the first moment at which the calls before it sufficed
    last_seen_at: datetime
    spent_before_flag_nanos: int
    spent_nanos: int
    pace_nanos_per_hour: int  # of the last hours in which it was seen
    projected_nanos: int | None  # what it comes to by `projected_until`, where it is still running; None where it is over
    projected_until: datetime | None  # the next hour at which a person is usually there
    severity: Severity
    found_by: FoundBy  # the test that raised it
    reasons: tuple[Reason, ...]
    what_to_do: str
    sees_prompts: bool  # whether the source says which calls a person led to
    over: bool  # whether it has stopped

    @property
    def saved_nanos(self) -> int | None:
        """What stopping it now saves by the person's next usual hour; None where it is over or not known."""
        return None if self.projected_nanos is None else max(self.projected_nanos - self.spent_nanos, 0)

    @property
    def kind_said(self) -> str:
        """What kind of drain it is, in words."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class SourceSpend:
    """What one source spent within the span that was asked for, by whether somebody was there; None is unknown."""

    app: str
    account: str | None
    project: str | None
    run: str | None
    calls: int
    attended_nanos: int
    unattended_nanos: int
    expected_nanos: int
    fires: int  # starts of work that no person led to
    cost_per_fire_nanos: int | None
    empty_fire_share: float | None  # of the fires: with next to no output; None where tokens are unknown
    overnight_nanos: int  # unattended, in the hours at which nobody is usually there
    since_last_human_nanos: int | None  # after the last human action on it; None where none is known
    last_human_at: datetime | None
    sees_prompts: bool

    @property
    def total_nanos(self) -> int:
        """All that it spent."""
        return self.attended_nanos + self.unattended_nanos + self.expected_nanos


@dataclass(frozen=True, slots=True)
class Found:
    """Flags, the newest first; sources, the one with most unattended spend first; what limits the answer, in sentences."""

    flags: tuple[Flag, ...] = ()
    sources: tuple[SourceSpend, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of a flag's own source: what was spent while somebody was there, and while nobody was."""

    start: datetime
    attended_nanos: int
    unattended_nanos: int
    expected_nanos: int
