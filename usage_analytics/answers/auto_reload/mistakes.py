"""The article's pitfalls, each checked against the person's own data: a finding with its figure, a clear "not you", or "not known"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from usage_analytics import format
from usage_analytics.answers.auto_reload.advice import USD, Policy
from usage_analytics.answers.auto_reload.demand import MS_A_DAY, PACE_DAYS, Demand, milliseconds, per_day

OWN_APPS: Final = (
    "claude.ai",
    "Claude Code",
    "claude -p",
    "Claude",
    "Cowork",
)  # what Anthropic makes; everything else is a third party
COVERS_DAYS: Final = 7  # the article: a load should last a week at least
USUAL_LOAD_NANOS: Final = 10 * USD  # what the form buys as it stands: from $5 to $15
MATTERS: Final = 0.05  # of the spend


@dataclass(frozen=True, slots=True)
class Finding:
    """One pitfall. `yours` is None if the data can't tell."""

    title: str
    yours: bool | None
    said: str


@dataclass(frozen=True, slots=True)
class Stops:
    """How often the balance was empty, how many hours of work that cost, and when it last was."""

    times: int
    hours: float | None = None
    last_at: datetime | None = None


def pitfalls(
    demand: Demand,
    now: datetime,
    *,
    current: Policy | None,
    stops: Stops,
    known_nanos: int,
    by_app: Sequence[tuple[str, int]],
    hour_usd: float,
) -> tuple[Finding, ...]:
    """Return the four pitfalls. `known_nanos` is spend whose pool is known; `by_app` is what each app drew from credits, highest first."""
    return (
        _ignoring(stops, hour_usd, demand, now, current),
        _allowance(demand, now, known_nanos),
        _third_parties(by_app),
        _too_little(demand, now, current),
    )


def _ignoring(stops: Stops, hour_usd: float, demand: Demand, now: datetime, current: Policy | None) -> Finding:
    title = "Ignoring auto-reload"
    if not stops.times:
        if not demand.events:
            return Finding(title, None, "No calls paid from credits yet.")
        return Finding(title, False, f"You haven't run out of credits in the {_days(demand, now)} since you first used them.")
    lost = ""
    if stops.hours is not None:
        worth = format.dollars(stops.hours * hour_usd * USD)
        lost = f", which cost {format.hours(stops.hours)} of work: {worth} at {format.dollars(hour_usd * USD)} an hour"
    ran_out = f"ran out of credits {format.plural(stops.times, 'time')}{lost}"
    if current is None or stops.last_at is None or now - stops.last_at < timedelta(days=PACE_DAYS):
        return Finding(title, True, f"You {ran_out}.")
    since = format.span((now - stops.last_at).total_seconds())
    return Finding(title, False, f"Auto-reload is on, and you haven't run out for {since}. Before that you {ran_out}.")


def _allowance(demand: Demand, now: datetime, known_nanos: int) -> Finding:
    title = "Relying on the plan allowance alone"
    if not known_nanos:
        return Finding(title, None, "Your data doesn't say which calls the plan paid for.")
    share = demand.total_nanos / known_nanos
    if share < MATTERS:
        covered = f"the plan or your API key covered all but {format.dollars(demand.total_nanos)}"
        return Finding(title, False, f"Of the spend whose payer we know, {covered}.")
    days = len({int(moment) // MS_A_DAY for moment in demand.moments})
    drawn = f"{format.dollars(demand.total_nanos)}, {format.percent(share)} of the spend whose payer we know"
    return Finding(title, True, f"Credits paid for {drawn}, on {format.count(days)} of {_days(demand, now)}.")


def _third_parties(by_app: Sequence[tuple[str, int]]) -> Finding:
    title = "Not checking what connected apps spend"
    total = sum(nanos for _, nanos in by_app)
    if not total:
        return Finding(title, None, "No calls paid from credits yet.")
    others = [(app, nanos) for app, nanos in by_app if app not in OWN_APPS and nanos]
    spent = sum(nanos for _, nanos in others)
    if spent < MATTERS * total:
        return Finding(title, False, "Your credits go to Claude's own apps.")
    names = format.listed([format.name(app, 30) for app, _ in others], most=2)
    drew = f"{names} used {format.dollars(spent)} of your credits ({format.percent(spent / total)})"
    return Finding(title, True, f"{drew}.")


def _too_little(demand: Demand, now: datetime, current: Policy | None) -> Finding:
    title = "Reloading too little"
    pace = per_day(demand, now)
    if not pace:
        return Finding(title, None, "You used no credits in the last four weeks, so there is no burn rate.")
    load = current.gap_nanos if current else USUAL_LOAD_NANOS
    whose = f"{'Your reload' if current else 'The claude.ai default'} of {format.dollars(load)}"
    lasts = load / pace
    lasting = format.span(lasts * 86_400) if not 1 <= lasts < 2 else f"{lasts:.1f} days"  # as a pace is one of days
    said = f"{whose} lasts {lasting} at your spend of {format.dollars(pace)} a day"
    if lasts >= COVERS_DAYS:
        return Finding(title, False, f"{said}.")
    return Finding(title, True, f"{said}; a week costs {format.dollars(pace * COVERS_DAYS)}.")


def _days(demand: Demand, now: datetime) -> str:
    return format.plural(max(1, round((milliseconds(now) - int(demand.moments[0])) / MS_A_DAY)), "day")
