"""The digest: the numbers of a week or of a month in one message, the same as in a report on it; each channel hears of each span once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from usage_analytics import format as fmt
from usage_analytics import periods
from usage_analytics.alerts.alert import DASHBOARD, Alert
from usage_analytics.alerts.delivery import Told, tell
from usage_analytics.alerts.plain import plain
from usage_analytics.control import Control, digests
from usage_analytics.control.alerts import Channel, channels
from usage_analytics.control.deliveries import is_wanted
from usage_analytics.control.digests import Digest, Span
from usage_analytics.errors import BadRequest, UsageError
from usage_analytics.question.ask import ask

if TYPE_CHECKING:
    from usage_analytics.reports import Report
    from usage_analytics.store import Store

_SECTIONS: Final = ("spend", "balance", "background", "models", "apps")
_TOLD: Final = ("balance", "background", "apps")  # their answers are lines of the message
_MODELS: Final = 4
_LONGEST: Final = 600
_SETTLED: Final = ("sent", "unsure")


def send_due(store: Store, control: Control, now: datetime) -> tuple[Told, ...]:
    """Send the digests that are due; what came of each."""
    waiting = [(digest, span) for digest in digests.digests(control) if (span := digests.due(digest, now)) is not None]
    done: list[Told] = []
    for digest, span in waiting:
        try:
            told = _send(store, control, digest, span, now)
        except UsageError as problem:  # it keeps no other digest from being sent
            told = Told(_channel(control, digest.channel_id).label, f"Digest of {span.name}", "failed", str(problem))
        if told is not None:
            done.append(told)
    return tuple(done)


def send_now(store: Store, control: Control, digest: Digest, now: datetime) -> Told | None:
    """Send the digest of the last whole week or month without waiting for its hour; None if that channel already got it."""
    return _send(store, control, digest, digests.last_span(digest, now), now)


def of_report(report: Report, span: Span, cadence: str, link: str, change: str = "") -> Alert:
    """The message: the headline, what each model cost, what the report says of balance, drains and apps, and a setting to change."""
    leads = [section.lead for key in _TOLD if (section := report.section(key)) is not None and section.enough]
    drains = report.section("background")
    drained = drains is not None and drains.enough and any(table.key == "flags" and table.rows for table in drains.tables)
    todo = ["See what was flagged under Background drain."] * drained + ["Change the setting; Auto-reload has the steps."] * bool(
        change
    )
    return Alert(
        episode=_episode(cadence, span),
        level="notify",
        subject="digest",
        title=plain(report.headline, _LONGEST),
        lines=tuple(plain(line, _LONGEST) for line in (*_models(report), *leads, *filter(None, (change,)))),
        what_to_do=" ".join(todo) or "Nothing needs your attention.",
        link=link,
        facts=(("from", f"{span.start.isoformat()}Z"), ("to", f"{span.end.isoformat()}Z"), ("span", span.name)),
    )


def _send(store: Store, control: Control, digest: Digest, span: Span, now: datetime) -> Told | None:
    if not is_wanted(control, digest.channel_id, _episode(digest.cadence, span), now):
        return None
    from usage_analytics import reports
    from usage_analytics.answers import auto_reload  # here, as reports: they need numpy

    asked = ask(store, control, now=now, dates=periods.between(span.start, span.end), zone=digest.zone)
    report = reports.make(asked, sections=_SECTIONS, redaction=digest.redaction)
    address = control.setting("public_url") or DASHBOARD
    change = auto_reload.answer(asked).worth_changing if asked.decisions.policy else ""
    alert = of_report(report, span, digest.cadence, address if digest.with_link else "", change)
    done = tell(control, _channel(control, digest.channel_id), alert, now)
    if done is not None and done.state in _SETTLED:
        digests.told(control, digest.channel_id, span)
    return done


def _channel(control: Control, channel_id: int) -> Channel:
    found = next((one for one in channels(control) if one.id == channel_id), None)
    if found is None:
        raise BadRequest(f"There is no channel {channel_id} for the digest. List the channels with: usage-analytics alerts")
    return found


def _episode(cadence: str, span: Span) -> str:
    return f"digest {cadence} {span.name}"


def _models(report: Report) -> list[str]:
    """The most expensive models and their cost, in one line."""
    section = report.section("models")
    table = next((table for table in section.tables if table.key == "models"), None) if section else None
    if table is None:
        return []
    places = {column.kind: place for place, column in reversed(list(enumerate(table.columns)))}
    if not {"text", "dollars"} <= set(places):
        return []
    named = []
    for row in table.rows[:_MODELS]:
        cost = row[places["dollars"]]
        named.append(f"{row[places['text']]} {fmt.dollars(float(cost) if isinstance(cost, int | float) else None)}")
    return [" · ".join(named)]
