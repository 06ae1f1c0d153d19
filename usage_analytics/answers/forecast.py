"""What the billing cycle will come to: spend so far, and the days to come drawn from past days, as a range.

A weekday is drawn from weekdays and a day of a weekend from weekends, of the last eight weeks. The same data give the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from usage_analytics import format, periods
from usage_analytics.answers.headline import Headline
from usage_analytics.question import Question

DAYS_BACK: Final = 56
ENOUGH_DAYS: Final = 14
PATHS: Final = 1000
LIKELY: Final = (10, 50, 90)  # percent: low, middle and high of the range
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Forecast:
    """Spend of the cycle added up by day, in nano-dollars: `spent` to today, and from today on the range to the cycle's last day.

    `days` are all days of the cycle. The ranges begin with today, and are empty where there is too little data.
    """

    headline: Headline
    days: tuple[date, ...]
    spent: tuple[int, ...]
    low: tuple[int, ...] = ()
    middle: tuple[int, ...] = ()
    high: tuple[int, ...] = ()


def answer(question: Question) -> Forecast:
    """The forecast for what the filters keep, whatever the date range."""

    def judged() -> Forecast:
        zone = question.filters.zone
        today, day = format.local(question.as_of, zone).date(), question.decisions.cycle_day
        first, over = periods.cycle_start(today, day), periods.cycle_end(today, day)
        since = min(first, today - timedelta(days=DAYS_BACK))
        start = datetime.combine(since, time(), ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
        within = replace(question.filters, start=start, end=periods.next_hour(question.as_of), grain="day")
        rows = question.read("spend_by_time", within).groupby("period")["cost_nanos"].sum()
        spent = {moment.date(): int(nanos) for moment, nanos in rows.items()}
        begun = None if question.first_at is None else format.local(question.first_at, zone).date()
        return judge(spent, begun, today, (first, over))

    return question.kept("forecast", judged)


def judge(spent: dict[date, int], begun: date | None, today: date, cycle: tuple[date, date]) -> Forecast:
    """`spent` is what each day came to, `begun` the first day of any data, `cycle` its first day and the first of the next."""
    first, over = cycle
    days = tuple(first + timedelta(days=place) for place in range((over - first).days))
    so_far = tuple(np.cumsum([spent.get(day, 0) for day in days if day <= today]).tolist())
    past = [today - timedelta(days=back) for back in range(1, DAYS_BACK + 1)]
    known = [day for day in past if begun is not None and day >= begun]
    said = f"{format.dollars(so_far[-1])} so far this cycle"
    if len(known) < ENOUGH_DAYS:
        need = f"A forecast needs {ENOUGH_DAYS} complete days of data; there are {len(known)}."
        return Forecast(Headline(f"{said}.", need, enough=False), days, so_far)
    ahead = [day for day in days if day >= today]
    drawn = np.zeros((PATHS, len(ahead)))
    dice = np.random.default_rng(len(known))
    for place, day in enumerate(ahead):
        alike = [spent.get(one, 0) for one in known if (one.weekday() >= _SATURDAY) == (day.weekday() >= _SATURDAY)]
        drawn[:, place] = dice.choice(alike or [0], PATHS)
    drawn[:, 0] = np.maximum(drawn[:, 0], spent.get(today, 0))  # today comes to what it has cost already, at least
    base = so_far[-1] - spent.get(today, 0)
    low, middle, high = (
        tuple(round(one) for one in line) for line in base + np.percentile(np.cumsum(drawn, axis=1), LIKELY, axis=0)
    )
    last = format.day(over - timedelta(days=1))
    lead = f"On track for {format.dollars(middle[-1])} by {last}, likely {format.between(low[-1], high[-1])}."
    return Forecast(Headline(lead, f"{said}, since {format.day(first)}."), days, so_far, low, middle, high)
