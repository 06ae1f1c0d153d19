"""An alert: what somebody is told about one episode, in plain words, before any channel gives it a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from usage_analytics import format as fmt
from usage_analytics.alerts.plain import plain
from usage_analytics.analysis.background.flags import KINDS, Flag
from usage_analytics.control.alerts import Level, Thresholds

Subject = Literal["background", "blocked", "balance", "test"]

DASHBOARD: Final = "http://localhost:8501"
EVIDENCE: Final = 5  # reasons that fit into a message


@dataclass(frozen=True, slots=True)
class Alert:
    """What there is to say about one episode. `level` is None where it is below the person's thresholds.

    `facts` are for programs: names, amounts as decimal strings in US dollars, times in ISO 8601 UTC; unknown is None.
    """

    episode: str
    level: Level | None
    subject: Subject
    title: str
    lines: tuple[str, ...]
    what_to_do: str
    link: str
    facts: tuple[tuple[str, str | None], ...] = ()

    @property
    def text(self) -> str:
        """All of it, line by line."""
        return "\n".join((self.title, *self.lines, self.what_to_do))


def of_flag(flag: Flag, thresholds: Thresholds, zone: str) -> Alert:
    """The alert about a source that drains in the background."""
    return Alert(
        episode=f"background {flag.key}",
        level=level(_at_stake(flag), thresholds),
        subject="background",
        title=f"{plain(flag.app)} spends with nobody there: {fmt.dollars(flag.spent_nanos)} since {clock(flag.started_at, zone)}",
        lines=(_pace(flag, zone), *(plain(reason.evidence, 300) for reason in flag.reasons[:EVIDENCE])),
        what_to_do=plain(flag.what_to_do, 600),
        link=f"{DASHBOARD}/background",
        facts=(
            ("app", plain(flag.app)),
            ("account", _known(flag.account)),
            ("project", _known(flag.project)),
            ("kind", flag.kind),
            ("severity", flag.severity),
            ("started_at", _time(flag.started_at)),
            ("flagged_at", _time(flag.flagged_at)),
            ("last_seen_at", _time(flag.last_seen_at)),
            ("spent_before_flag_usd", _usd(flag.spent_before_flag_nanos)),
            ("spent_usd", _usd(flag.spent_nanos)),
            ("pace_usd_per_hour", _usd(flag.pace_nanos_per_hour)),
            ("projected_usd", _usd(flag.projected_nanos)),
        ),
    )


def of_test(token: str, now: datetime) -> Alert:
    """A message that says nothing but that it arrives."""
    return Alert(
        episode=f"test {token}",
        level="act",
        subject="test",
        title="This is a test: alerts arrive here",
        lines=("Nothing drains your balance; somebody pressed the test button of usage-analytics.",),
        what_to_do="There is nothing to do.",
        link=DASHBOARD,
        facts=(("sent_at", _time(now)),),
    )


def level(nanos: int | None, thresholds: Thresholds) -> Level | None:
    """How loud so much money is; None when it is below both thresholds. What is not known is worth a notice."""
    if nanos is not None and nanos >= thresholds.act_nanos:
        return "act"
    return "notify" if nanos is None or nanos >= thresholds.notify_nanos else None


def clock(moment: datetime, zone: str) -> str:
    """A time in a message, which people in several zones may read."""
    return f"{fmt.moment(moment, zone)} ({zone})"


def _at_stake(flag: Flag) -> int:
    """What it has spent, or what it will have spent by the person's next usual hour."""
    return max(flag.spent_nanos, flag.projected_nanos or 0)


def _pace(flag: Flag, zone: str) -> str:
    """What it is, how fast it spends, and what that comes to."""
    project = f" in {plain(flag.project)}" if flag.project else ""
    words = (
        f"{KINDS[flag.kind]}{project}, flagged {clock(flag.flagged_at, zone)}; it spends {fmt.per_hour(flag.pace_nanos_per_hour)}"
    )
    if flag.projected_nanos is None or flag.projected_until is None:
        return f"{words}."
    return f"{words} and comes to {fmt.dollars(flag.projected_nanos)} by {clock(flag.projected_until, zone)}."


def _known(name: str | None) -> str | None:
    return None if name is None else plain(name)


def _usd(nanos: int | None) -> str | None:
    return None if nanos is None else f"{Decimal(nanos).scaleb(-9).normalize():f}"


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.isoformat()}Z"
