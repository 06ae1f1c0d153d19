"""Where the money went: the first sentence of the dashboard, its four figures, the bars over time and who spent it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Final

import pandas as pd

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi, changes, timeline
from usage_analytics.answers import burn as burning
from usage_analytics.answers.blocks import limits
from usage_analytics.answers.blocks.limits import Stop
from usage_analytics.answers.burn import Burn
from usage_analytics.answers.timeline import Timeline
from usage_analytics.control.settings import Currency
from usage_analytics.filters import Filters
from usage_analytics.periods import Period
from usage_analytics.question import Question

Frames = Mapping[str, pd.DataFrame]

QUERIES: Final[dict[str, dict[str, object]]] = {
    "spend_by_part": {},
    "spend_by_time": {},
    "active_by_time": {},
    "limits": {},
    "burn": {"short_to": burning.SHORT_TO, "long_from": burning.LONG_FROM},
}


@dataclass(frozen=True, slots=True)
class Overview:
    """The answer. `over_time` are the rows behind `bars`; `parts` has the spend by model, app, project and account."""

    headline: Headline
    figures: tuple[Kpi, ...]
    bars: Timeline
    stops: tuple[Stop, ...]
    burn: Burn
    spent_nanos: int
    pace: str
    is_compared: bool
    over_time: pd.DataFrame = field(compare=False)
    parts: Mapping[str, pd.DataFrame] = field(compare=False)
    notes: tuple[tuple[datetime, str], ...] = ()  # the days that the person has a note on, on their own clock


def answer(question: Question) -> Overview:
    """What was spent in the date range, on what, against the range before it, and what drove the change."""

    def judged() -> Overview:
        now, before = question.load(QUERIES), question.load_before(QUERIES)
        found = judge(now, before, question.period, question.filters, question.as_of)
        first, last, period, pace = question.first_at, question.last_at, question.period, ""
        if first is not None and last is not None:
            span = min(last, period.end or last) - max(first, period.start or first)
            per_day = burning.drain(0, found.spent_nanos, span).nanos_per_day
            pace = f"There's too little data in {period.name} to estimate your spend per day."
            if per_day is not None:
                pace = f"You spend {format.dollars(per_day)} a day on average over {period.name}, plan and credits together."
        notes = tuple((datetime.combine(note.day, time()), note.text) for note in question.decisions.notes)
        in_own = in_currency(found.spent_nanos, question.decisions.currency)
        said = replace(found.headline, detail=" ".join(filter(None, (found.headline.detail, in_own))))
        return replace(found, pace=pace, notes=notes, headline=said)

    return question.kept("overview", judged)


def in_currency(nanos: int, known: Currency) -> str:
    """What US dollars come to in the account's own currency, with the rate and its day; "" where that is dollars or there is no rate."""
    if known.code == "USD" or not known.usd_rate or nanos <= 0:
        return ""
    since = f", entered {format.day(known.stated_on)}" if known.stated_on else ""
    return f"That is {format.money(nanos / known.usd_rate, known.code)} (1 {known.code} = ${known.usd_rate}{since})."


def judge(now: Frames, before: Frames | None, period: Period, filters: Filters, moment: datetime) -> Overview:
    """Judge the rows of `QUERIES` for the period, and for the one before where it is known."""
    sources, then = now["spend_by_part"], before["spend_by_part"] if before else None
    bars = timeline.timeline(now["spend_by_time"], period, filters, moment)
    return Overview(
        headline(sources, then, period),
        figures(now, before, bars, zone=filters.zone),
        bars,
        limits.stops(now["limits"]),
        burning.burn(now["burn"]),
        int(changes.whole(sources).sum()),
        "",
        before is not None,
        now["spend_by_time"],
        {dimension: changes.by_part(sources, then, dimension) for dimension in changes.DIMENSIONS},
    )


def headline(sources: pd.DataFrame, before: pd.DataFrame | None, period: Period) -> Headline:
    """What was spent, against the period before, and what drove it. `sources` are rows of `spend_by_part`."""
    spent = changes.whole(sources).sum(min_count=1)
    if pd.isna(spent):
        return Headline(
            f"All usage in {period.name} is unpriced, so there's no spend to show.",
            "Calls and tokens are counted below. Set the missing prices on Models.",
            enough=False,
        )
    grew = format.change(spent, changes.whole(before).sum()) if before is not None else None
    compared = f", {format.more_or_less(grew)} in {period.matched}" if grew is not None else ""
    moved = before is not None and grew is not None and abs(grew) >= 0.02
    found = changes.driver(sources, before) if moved and before is not None else None
    if found:
        other = f", while {_moved(found.dimension, *found.against)}" if found.against else ""
        said = _moved(found.dimension, found.label, found.nanos)
        cause = f"{said if found.dimension == 'model' else said[0].upper() + said[1:]}{other}."
    else:
        top = changes.by_part(sources, None, "model").iloc[0]
        cause = f"{top['label']} made up {format.percent(top['share'])}." if top["cost_nanos"] > 0 else ""
    return Headline(f"You spent {format.dollars(spent)} in {period.name}{compared}.", cause)


def figures(now: Frames, before: Frames | None, bars: Timeline, *, zone: str) -> tuple[Kpi, ...]:
    """Spend, active time, what an active hour costs, and how often work was stopped."""
    spent = changes.whole(now["spend_by_part"]).sum(min_count=1)
    spent_then = changes.whole(before["spend_by_part"]).sum() if before else None
    rates, then = burning.burn(now["burn"]), burning.burn(before["burn"]) if before else None
    stops = [stop for stop in limits.stops(now["limits"]) if stop.blocks]
    stopped_then = sum(stop.blocks for stop in limits.stops(before["limits"])) if before else None
    by_day = now["active_by_time"].iloc[: 0 if bars.grain == "hour" else None]  # conversations are known by the day
    hours, nanos = (bars.along(by_day, column) for column in ("active_seconds", "cost_nanos"))
    return (
        Kpi("Spend", format.dollars(spent), format.change(spent, spent_then), tuple(one / 1e9 for one in bars.totals), "bad"),
        Kpi(
            "Active time",
            format.hours(rates.active_hours) if rates.active_hours or not spent else format.UNKNOWN,
            format.change(rates.active_hours, then.active_hours) if then else None,
            tuple(seconds / 3600 for seconds in hours),
            help="Time between a conversation's calls, counting at most ten minutes per gap.",
        ),
        Kpi(
            "Per active hour",
            format.dollars(rates.per_hour) if rates.per_hour is not None else format.UNKNOWN,
            format.change(rates.per_hour, then.per_hour) if then else None,
            tuple(cost * 3.6e-6 / seconds for cost, seconds in zip(nanos, hours, strict=True) if seconds),
            "bad",
            help="Spend of conversations with active time, divided by that time.",
        ),
        Kpi(
            "Blocked",
            format.plural(len(stops), "time"),
            format.change(len(stops), stopped_then),
            bars.counted([format.local(stop.at, zone) for stop in stops]),
            "bad",
            help="Times a plan limit, a spend limit or an empty balance blocked work. Retries within an hour count once.",
        ),
    )


def _moved(dimension: str, label: str, nanos: int) -> str:
    """In a sentence: "Opus 5.5 spend rose by $3.00", "spend by the app nightly fell by $2.00"."""
    what = f"{label} spend" if dimension == "model" else f"spend {'by' if dimension == 'app' else 'on'} the {dimension} {label}"
    return f"{what} {'rose' if nanos > 0 else 'fell'} by {format.dollars(abs(nanos))}"
