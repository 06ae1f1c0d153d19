"""Building a question: the one place where the moment, the date range, the zone, the filters and the decisions are put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from usage_analytics import periods
from usage_analytics.control import Control
from usage_analytics.control.decisions import decisions
from usage_analytics.filters import Filters, TimeGrain
from usage_analytics.periods import Period
from usage_analytics.question import Question
from usage_analytics.question.names import RENAMED, Names, Redaction
from usage_analytics.weeks import WeekStart

if TYPE_CHECKING:
    from usage_analytics.store import Store

Range = Callable[[datetime, str], Period]  # what a choice of dates means at a moment, on the clock of a zone
ALL: Final = Filters()


def ask(
    store: Store,
    control: Control,
    *,
    now: datetime,
    as_of: datetime | None = None,
    dates: Range = periods.default,
    kept: Filters = ALL,
    grain: TimeGrain | None = None,
    zone: str | None = None,
    week_start: WeekStart | None = None,
    redaction: Redaction | None = None,
    sample: bool = False,
) -> Question:
    """The question at `now`, or as of another moment, after which nothing is used.

    `kept` brings the values to keep. Without a `grain` it is the one that gives the range 24 to 100 bars. Without a `zone` it is the
    person's own, as set, else UTC. `week_start` is what a browser says of weeks, for a person who hasn't set one. `redaction` is for
    what is shared: names are replaced before anything is worked out, so that no sentence ever holds them.
    """
    moment, state = as_of or now, f"{store.path} {store.revision}"
    known = decisions(control, store.rows("balances", Filters(end=as_of)), before=as_of)
    clock = zone or known.zone or "UTC"
    period = periods.clipped(dates(moment, clock), as_of)
    if as_of is None:
        found = store.rows("extent")[0]
        extent = found["first_at"], found["last_at"]
    else:
        seen = store.rows("apps_seen", Filters(end=as_of), by="app")
        extent = (min(row["first_at"] for row in seen), min(max(row["last_at"] for row in seen), as_of)) if seen else (None, None)
    chosen = grain or periods.grain(period.start or extent[0], period.end or extent[1])
    week = known.week_start or week_start or "Monday"
    filters = replace(kept, start=period.start, end=period.end, grain=chosen, zone=clock, week_start=week)
    question = Question(
        as_of=moment,
        until=as_of,
        period=period,
        filters=filters,
        before=replace(filters, start=period.before[0], end=period.before[1]) if period.before else None,
        decisions=known,
        first_at=extent[0],
        last_at=extent[1],
        state=state,
        sample=sample,
        store=store,
    )
    return question if redaction is None else redacted(question, redaction)


def redacted(question: Question, redaction: Redaction) -> Question:
    """The same question for what leaves: each name has a stand-in, numbered by when the name was first seen, in every report the same."""
    seen = {dimension: question.store.rows("apps_seen", Filters(end=question.until), by=dimension) for dimension in RENAMED}
    names = Names(
        redaction,
        {
            dimension: [
                row["value"] for row in sorted(rows, key=lambda row: (row["first_at"], row["value"] or "")) if row["value"]
            ]
            for dimension, rows in seen.items()
        },
    )
    return replace(question, names=names if names.replaces else None)  # else the answers on screen serve the report too
