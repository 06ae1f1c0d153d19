"""An alert about one episode in plain words, before a channel formats it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from usage_analytics import format as fmt
from usage_analytics.alerts.plain import plain
from usage_analytics.control.alerts import Level, Thresholds
from usage_analytics.control.episodes import Span

if TYPE_CHECKING:
    from usage_analytics.answers.auto_reload import AutoReload
    from usage_analytics.answers.background import Flag
    from usage_analytics.answers.balance import Low
    from usage_analytics.answers.blocks import Block

Subject = Literal["background", "blocked", "balance", "auto_reload", "digest", "test"]

DASHBOARD: Final = "http://localhost:8501"
PROGRAMS: Final = ("headless", "scheduled", "ci")  # the run types without a person; their drains are separate
EVIDENCE: Final = 5  # reasons that fit into a message


WAYS_BACK: Final = {
    "session": "Wait for the reset, or continue on usage credits (claude.ai/settings/usage).",
    "weekly": "Wait for the weekly reset, or continue on usage credits (claude.ai/settings/usage).",
    "model": "Switch to another model, or wait for this one to reset.",
    "balance": "Add funds at claude.ai/settings/usage. Auto-reload prevents this in the future.",
    "monthly_limit": "Raise the monthly spend limit at claude.ai/settings/usage. Buying credits doesn't raise it.",
    "organisation": "Ask an owner of your organization to raise its limit or add funds.",
    "unknown": "Before you buy, check at claude.ai/settings/usage whether your plan, balance or spend limit is used up.",
}


@dataclass(frozen=True, slots=True)
class Alert:
    """What there is to say about one episode. `level` is None where it is below the person's thresholds.

    No `link` is "". `facts` are for programs: names, amounts as decimal strings in US dollars, times in ISO 8601 UTC; unknown is None.
    """

    episode: str
    level: Level | None
    subject: Subject
    title: str
    lines: tuple[str, ...]
    what_to_do: str
    link: str
    facts: tuple[tuple[str, str | None], ...] = ()
    span: Span | None = None  # by which an episode is known again; None where its name is enough

    @property
    def text(self) -> str:
        """All of it, line by line."""
        return "\n".join((self.title, *self.lines, self.what_to_do))

    @property
    def document(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "subject": self.subject,
            "episode": self.episode,
            "level": self.level,
            "title": self.title,
            "lines": list(self.lines),
            "what_to_do": self.what_to_do,
            "link": self.link,
            **dict(self.facts),
        }


def of_flag(flag: Flag, thresholds: Thresholds, zone: str, dashboard: str = DASHBOARD) -> Alert:
    """The alert about a source that drains in the background."""
    at_stake = max(flag.spent_nanos, flag.projected_nanos or 0)  # the latter by the person's next usual hour
    app, spent = plain(flag.app), fmt.dollars(flag.spent_nanos)
    fans_out = flag.kind == "fan_out"  # a person who is there may have started many subagents at once
    if flag.over:
        how = "at once" if fans_out else "unattended"
        headline = f"{app} spent {spent} {how}, until {clock(flag.last_seen_at, zone)}"
    else:
        how = "fans out" if fans_out else "spends unattended"
        headline = f"{app} {how}: {spent} since {clock(flag.started_at, zone)}"
    return Alert(
        episode=f"background {flag.key}",
        level=level(at_stake, thresholds),
        subject="background",
        title=headline,
        lines=(_pace(flag, zone), *(plain(reason.evidence, 300) for reason in flag.reasons[:EVIDENCE])),
        what_to_do=plain(flag.what_to_do, 600),
        link=f"{dashboard}/background?flag={flag.key}",
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
        span=Span(
            f"background {flag.account} {flag.app} {flag.run in PROGRAMS} {flag.project or ''}".rstrip(),
            flag.started_at,
            flag.last_seen_at,
        ),
    )


def of_block(block: Block, now: datetime, zone: str, dashboard: str = DASHBOARD) -> Alert:
    """The alert about work that is refused because a gauge is empty."""
    whose = f" for {plain(block.account)}" if block.account else ""
    where = f" in {plain(block.app)}" if block.app else ""
    tries = fmt.plural(block.tries, "refused call")
    return Alert(
        episode=f"blocked {block.account or ''} {block.gauge} {block.start.isoformat()}",
        level="act",
        subject="blocked",
        title=f"Work has been blocked{whose} since {clock(block.start, zone)}: {block.what} used up",
        lines=(f"{tries}{where}, and no answer since.",),
        what_to_do=WAYS_BACK.get(block.gauge, WAYS_BACK["unknown"]),
        link=f"{dashboard}/",
        facts=(
            ("app", _known(block.app)),
            ("account", _known(block.account)),
            ("gauge", block.gauge),
            ("started_at", _time(block.start)),
        ),
        span=Span(f"blocked {block.account} {block.gauge}", block.start, now),
    )


def of_balance(balance: Low, zone: str, dashboard: str = DASHBOARD) -> Alert:
    """The alert about a prepaid balance that is used up, or soon will be."""
    left, pace = fmt.money(balance.nanos, balance.currency), fmt.money(balance.nanos_per_day, balance.currency)
    gone = balance.nanos <= 0
    whose = f" for {plain(balance.account)}" if balance.account else ""
    lasts = "" if balance.lasts is None else f", which lasts {fmt.span(balance.lasts.total_seconds())}"
    return Alert(
        episode=f"balance{f' {balance.account}' if balance.account else ''} {balance.since.isoformat()}",
        level="act" if gone else "notify",
        subject="balance",
        title=f"Your usage credits{whose} are used up" if gone else f"About {left} of usage credits left{whose}{lasts}",
        lines=(
            f"Based on the reading of {clock(balance.read_at, zone)} and what was spent since. In the last 7 days, you spent {pace} a day.",
        ),
        what_to_do="Add funds at claude.ai/settings/usage, or turn on auto-reload. Then enter the new balance in Settings.",
        link=f"{dashboard}/auto_reload",
        facts=(
            ("account", _known(balance.account)),
            ("balance", _usd(balance.nanos)),
            ("currency", plain(balance.currency)),
            ("spent_per_day", _usd(balance.nanos_per_day)),
            ("read_at", _time(balance.read_at)),
        ),
    )


def of_changed_habits(found: AutoReload, dashboard: str = DASHBOARD) -> Alert:
    """The alert about an auto-reload setting that no longer fits, because habits have changed."""
    changed, policy = found.advice.changed, found.advice.policy
    assert changed is not None
    assert policy is not None
    limit = policy.monthly_limit_nanos
    return Alert(
        episode=f"auto_reload {changed.since.isoformat()}",
        level="notify",
        subject="auto_reload",
        title=f"{found.since}: update your auto-reload",
        lines=(found.worth_changing,),
        what_to_do="Change it at claude.ai/settings/usage, then enter the new setting in Settings.",
        link=f"{dashboard}/auto_reload",
        facts=(
            ("since", _time(changed.since)),
            ("times", f"{changed.times:.2f}"),
            ("threshold_usd", _usd(policy.threshold_nanos)),
            ("reload_to_usd", _usd(policy.reload_to_nanos)),
            ("monthly_limit_usd", _usd(limit)),
        ),
        # The day of a change is judged anew every day and may move: what overlaps is the same change
        span=Span("auto_reload", changed.since, found.settled),
    )


def of_test(token: str, now: datetime) -> Alert:
    """A message that says nothing but that it arrives."""
    return Alert(
        episode=f"test {token}",
        level="act",
        subject="test",
        title="Test: alerts will arrive here",
        lines=("This is a test of usage-analytics. Nothing is draining your balance.",),
        what_to_do="You don't need to do anything.",
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


def _pace(flag: Flag, zone: str) -> str:
    """What it is, how fast it spends, and what that comes to."""
    project = f" in {plain(flag.project)}" if flag.project else ""
    flagged = f"{flag.kind_said}{project}, flagged {clock(flag.flagged_at, zone)}"
    words = f"{flagged}; it {'spent' if flag.over else 'spends'} {fmt.per_hour(flag.pace_nanos_per_hour)}"
    if flag.projected_nanos is None or flag.projected_until is None:
        return f"{words}."
    return f"{words} and will reach {fmt.dollars(flag.projected_nanos)} by {clock(flag.projected_until, zone)}."


def _known(name: str | None) -> str | None:
    return None if name is None else plain(name)


def _usd(nanos: int | None) -> str | None:
    return None if nanos is None else f"{Decimal(nanos).scaleb(-9).normalize():f}"


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.isoformat()}Z"
