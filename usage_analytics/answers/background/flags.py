"""The results: flags, spend by source, and notes. Money is in nano-dollars, times are naive UTC, None is unknown."""

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
    """A signal in a word or two, and the numbers behind it in a sentence."""

    signal: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Flag:
    """One episode of unattended spend.

    What it says stays as it was raised, except for `last_seen_at`, `spent_nanos`, the burn rate, the projection, the severity and `over`.
    """

    key: str  # 12 hexadecimal digits, always the same for this flag
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
    pace_nanos_per_hour: int  # burn rate over its last six hours
    projected_nanos: int | None  # what it will have spent by `projected_until`; None if it is over
    projected_until: datetime | None  # the next hour at which the person is usually there
    severity: Severity
    found_by: FoundBy  # the test that raised it
    reasons: tuple[Reason, ...]
    what_to_do: str
    sees_prompts: bool  # whether the app logs prompts
    over: bool  # whether it has stopped

    @property
    def saved_nanos(self) -> int | None:
        """What stopping it now saves by `projected_until`, or None if it is over."""
        return None if self.projected_nanos is None else max(self.projected_nanos - self.spent_nanos, 0)

    @property
    def kind_said(self) -> str:
        """The kind of drain, in words."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class SourceSpend:
    """What one source spent in the date range, attended and unattended."""

    app: str
    account: str | None
    project: str | None
    run: str | None
    calls: int
    attended_nanos: int
    unattended_nanos: int
    expected_nanos: int
    fires: int  # unattended runs
    cost_per_fire_nanos: int | None
    empty_fire_share: float | None  # share of unattended runs with almost no output, 0 to 1; None if tokens are unknown
    overnight_nanos: int  # unattended spend at hours when the person is usually away
    since_last_human_nanos: int | None  # spend after the last prompt; None if no prompt is known
    last_human_at: datetime | None
    sees_prompts: bool

    @property
    def total_nanos(self) -> int:
        """All that it spent."""
        return self.attended_nanos + self.unattended_nanos + self.expected_nanos


@dataclass(frozen=True, slots=True)
class Found:
    """Flags, newest first; sources, highest unattended spend first; notes on what limits the answer."""

    flags: tuple[Flag, ...] = ()
    sources: tuple[SourceSpend, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of a flag's app, starting at `start`: attended, unattended and expected spend."""

    start: datetime
    attended_nanos: int
    unattended_nanos: int
    expected_nanos: int
