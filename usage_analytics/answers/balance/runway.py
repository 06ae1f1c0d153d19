"""When the balance, the monthly limit and the plan's windows run out at the present burn rate: a range, as weeks differ.

We draw the coming days from the last four weeks, working days from working days and weekends from weekends, in short runs so that a
burst stays a burst. A day here is 24 hours counted back from the moment of asking, so none is incomplete. For a window of the plan,
we follow the same hours of past days instead. The same data always give the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from usage_analytics.answers.balance.data import expires_next, moments, spent_between

if TYPE_CHECKING:
    from usage_analytics.answers.balance.data import Columns, Data, Rows
    from usage_analytics.answers.balance.ledger import Ledger
    from usage_analytics.control.decisions import Decisions

Gauge = Literal["balance", "monthly_limit", "session", "weekly"]

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
LOOKED_BACK: Final = 28  # days
HORIZON: Final = 180  # days; what lasts longer is said to
ENOUGH_DAYS: Final = 7  # of history
ENOUGH_SPENT: Final = 3  # days on which anything was spent
PATHS: Final = 500
RUN: Final = 3  # days that stay together
LIKELY: Final = (10, 50, 90)  # percent: low, middle and high of a range
WINDOWS: Final[dict[Gauge, timedelta]] = {"session": timedelta(hours=5), "weekly": timedelta(days=7)}
FULL: Final = 100.0  # percent
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Runway:
    """When a gauge runs out, in naive UTC.

    `low`, `middle` and `high` are None if that is after `until` (a horizon, a month's end or a reset).

    `chance` is the chance that it runs out before `until`. With too little data all are None and `why` gives the reason.
    """

    gauge: Gauge
    until: datetime
    low: datetime | None = None
    middle: datetime | None = None
    high: datetime | None = None
    chance: float | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Expiring:
    """The part of a balance, in nanos of US dollars, that is lost at a given time unless spent by then. It is spent first."""

    nanos: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """How full a window was, when that was reported, and when the window resets."""

    percent: float
    seen_at: datetime
    resets_at: datetime


def gauges(known: Decisions, book: Ledger, data: Data, now: datetime) -> tuple[Runway, ...]:
    """Return the runway of every gauge we know something about. Calls from the last four weeks are enough."""
    calls, rate = data.calls, known.currency.usd_rate
    found = []
    if book.balance_nanos is not None and rate is not None:
        expiring, row = None, expires_next(data.said, now)
        if row is not None and row["expiring_nanos"] is not None and row["currency"] == book.currency:
            left = round(row["expiring_nanos"] * rate) - spent_between(calls, row["seen_at"], now)
            expiring = Expiring(max(left, 0), row["expires_at"])
        found.append(balance(calls, round(book.balance_nanos * rate), now, expiring))
    limit = known.policy.monthly_limit_nanos if known.policy else None
    if limit is not None and rate is not None:
        # What the account has used this month: as it last said, and the calls since; None when it has not said so
        start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        stated = [row for row in data.said if row["used_nanos"] is not None and start <= row["seen_at"] <= now]
        used = None
        if stated:
            last = stated[-1]
            used = round(int(last["used_nanos"]) * rate) + spent_between(calls, last["seen_at"], now)
        found.append(monthly_limit(calls, round(limit * rate), used, now))
    return (*found, *windows(data.said, data.hours, now))


def balance(calls: Columns, balance_nanos: int | None, now: datetime, expiring: Expiring | None = None) -> Runway:
    """Return when the balance runs out. `calls` holds columns of the query `credit_calls`; `balance_nanos` is in US dollars too."""
    until = now + HORIZON * DAY
    if balance_nanos is None:
        return Runway("balance", until, why="Balance unknown.")
    return _after("balance", calls, balance_nanos, now, until, expiring=expiring)


def monthly_limit(calls: Columns, limit_nanos: int | None, used_nanos: int | None, now: datetime) -> Runway:
    """Return when the monthly limit is reached. `used_nanos` is what the account reports as used; None: we add up the calls."""
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    until = (start + 32 * DAY).replace(day=1)
    if limit_nanos is None:
        return Runway("monthly_limit", until, why="Monthly limit unknown.")
    if used_nanos is None:
        used_nanos = spent_between(calls, start, now)
    return _after("monthly_limit", calls, limit_nanos - used_nanos, now, until)


def windows(rows: Rows, hours: Columns, now: datetime) -> tuple[Runway, ...]:
    """Return when the plan's windows run out, from what the account last reported in rows of the query `balances`."""
    found = []
    for gauge in WINDOWS:
        percent, resets_at = f"{gauge}_percent", f"{gauge}_resets_at"
        said = [row for row in rows if row[percent] is not None and row[resets_at] is not None and row["seen_at"] <= now]
        if said:
            last = said[-1]
            found.append(window(gauge, hours, Seen(float(last[percent]), last["seen_at"], last[resets_at]), now))
    return tuple(found)


def window(gauge: Gauge, hours: Columns, seen: Seen, now: datetime) -> Runway:
    """Return when a window of the plan runs out. `hours` holds columns of the query `spend_hours`."""
    percent, seen_at, resets_at = seen.percent, seen.seen_at, seen.resets_at
    if resets_at <= now:
        return Runway(gauge, resets_at, why="This window has reset since the account last reported it.")
    if percent >= FULL:
        return Runway(gauge, resets_at, seen_at, seen_at, seen_at, 1.0)
    at = moments(hours["hour"])
    before = at < np.datetime64(now, "us")
    at, nanos = at[before], np.asarray(hours["nanos"], dtype="float64")[before]
    first = max(at.min().item(), now.replace(minute=0) - (LOOKED_BACK + 8) * DAY) if len(at) else now
    first = first.replace(minute=0, second=0, microsecond=0)
    places = (at - np.datetime64(first, "us")) // np.timedelta64(1, "h")
    count = int((now - first) / HOUR) + 1
    spent = np.bincount(places[places >= 0], weights=nanos[places >= 0], minlength=count)
    spend = _Hourly(first, np.concatenate([[0.0], np.cumsum(spent)]), int((now - first) / DAY))
    begun = resets_at - WINDOWS[gauge]
    used = spend.between(begun, seen_at)
    if spend.days < ENOUGH_DAYS or used <= 0 or percent <= 0:
        return Runway(gauge, resets_at, why="Not enough data to estimate how fast this fills up.")
    left = used / percent * (FULL - percent) - spend.between(seen_at, now)
    span = resets_at - now
    ends = [
        spend.reaches(now - back * DAY, left, span) for back in range(1, min(spend.days, LOOKED_BACK) + 1) if back * DAY >= span
    ]
    if len(ends) < ENOUGH_DAYS:
        return Runway(gauge, resets_at, why="Not enough data to estimate how fast this fills up.")
    return _range(gauge, np.array(ends) / 24, now, resets_at)


def _after(
    gauge: Gauge, calls: Columns, left_nanos: int, now: datetime, until: datetime, *, expiring: Expiring | None = None
) -> Runway:
    if left_nanos <= 0:
        return Runway(gauge, until, now, now, now, 1.0)
    # What each of the last days cost, the latest first; only days since the first call
    at, daily = moments(calls["occurred_at"]), np.zeros(0, dtype=np.int64)
    before = at < np.datetime64(now, "us")
    if before.any():
        age = (np.datetime64(now, "us") - at[before]).astype("int64") // (86_400 * 10**6)
        known = min(int(age.max()) + 1, LOOKED_BACK)
        kept = age < known
        daily = np.bincount(age[kept], weights=np.asarray(calls["nanos"], dtype="float64")[before][kept], minlength=known)
    if len(daily) < ENOUGH_DAYS or np.count_nonzero(daily) < ENOUGH_SPENT:
        return Runway(gauge, until, why="Too little spend on credits in the last four weeks for an estimate.")
    # Days to come, a row a path: runs of past days of the same kind, as they followed each other
    days = int(np.ceil((until - now) / DAY))
    past = daily[::-1]  # the oldest first
    oldest = now - len(past) * DAY
    kinds = np.array([(oldest + day * DAY).weekday() >= _SATURDAY for day in range(len(past))])
    chance = np.random.default_rng(len(past))
    paths = np.empty((PATHS, days))
    picked = np.zeros(PATHS, dtype=np.int64)
    for day in range(days):
        weekend = (now + day * DAY).weekday() >= _SATURDAY
        alike = np.flatnonzero(kinds == weekend)
        alike = alike if len(alike) else np.arange(len(past))
        drawn = chance.choice(alike, PATHS)
        following = np.minimum(picked + 1, len(past) - 1)
        goes_on = (chance.random(PATHS) < 1 - 1 / RUN) & (kinds[following] == weekend) & (picked + 1 < len(past)) & (day > 0)
        picked = np.where(goes_on, following, drawn)
        paths[:, day] = past[picked]
    totals = np.cumsum(paths, axis=1)
    if expiring is not None and expiring.at < until:  # what isn't spent by then is gone as if it were
        gone, part = divmod((expiring.at - now) / DAY, 1)
        spent = totals[:, int(gone)] - (1 - part) * paths[:, int(gone)]
        totals[:, int(gone) :] += np.maximum(expiring.nanos - spent, 0.0)[:, None]
    return _range(gauge, np.array([_crosses(path, left_nanos) for path in totals]), now, until)


def _crosses(totals: np.ndarray, left: float) -> float:
    """Return after how many days a running total reaches `left`; infinity if it never does."""
    place = int(np.searchsorted(totals, left))
    if place == len(totals):
        return np.inf
    before = totals[place - 1] if place else 0.0
    return float(place + (left - before) / (totals[place] - before))


def _range(gauge: Gauge, days: np.ndarray, now: datetime, until: datetime) -> Runway:
    most = (until - now) / DAY
    days = np.where(days > most, np.inf, days)
    likely = [float(one) for one in np.percentile(days, LIKELY, method="inverted_cdf")]
    low, middle, high = (now + one * DAY if one <= most else None for one in likely)
    return Runway(gauge, until, low, middle, high, float(np.isfinite(days).mean()))


@dataclass(frozen=True, slots=True)
class _Hourly:
    """Spend by the hour, from the first hour to the moment of asking."""

    first: datetime
    totals: np.ndarray  # running, from `first` on, one more than hours
    days: int

    def between(self, start: datetime, end: datetime) -> float:
        """Return what was spent within a span; an hour's spend is spread evenly."""
        return max(0.0, self._at(end) - self._at(start))

    def reaches(self, start: datetime, left: float, span: timedelta) -> float:
        """Return after how many hours from `start` so much was spent; infinity if not within the span."""
        places = (start - self.first) / HOUR + np.arange(0, span / HOUR + 1)
        spent = np.interp(places, np.arange(len(self.totals)), self.totals)
        found = int(np.searchsorted(spent - spent[0], left))
        return np.inf if found == len(spent) else float(found)

    def _at(self, moment: datetime) -> float:
        return float(np.interp((moment - self.first) / HOUR, np.arange(len(self.totals)), self.totals))
