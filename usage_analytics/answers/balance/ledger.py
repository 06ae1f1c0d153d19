"""The balance between readings: what was spent and added according to the log, and how far the next reading is from that.

A reading is a fact; the log may be incomplete, since other machines, the web, taxes and refunds leave no line in it. So the ledger
starts over at each reading and shows the drift there instead of spreading it out. Amounts are nanos of the account's currency;
calls are priced in US dollars and count only if the exchange rate is set. Times are naive UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics.answers.balance.data import moments as moments_of

if TYPE_CHECKING:
    from usage_analytics.answers.balance.data import Columns
    from usage_analytics.control.balances import Reading
    from usage_analytics.control.decisions import Decisions
    from usage_analytics.control.settings import AutoReload

MOST_RELOADS: Final = 10_000  # in one stretch; beyond it, a setting does not fit the log
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time from one reading to the next, or to the moment of asking, where `reading` is None.

    `expected_nanos` is the opening reading, less spend, plus top-ups and reloads. `drift_nanos` is the next reading less
    `expected_nanos`: below zero, the account spent more than the log shows. None means unknown: no exchange rate, or no reading
    yet.
    """

    start: datetime
    end: datetime
    opening_nanos: int
    spent_nanos: int | None
    put_on_nanos: int
    reloads: int  # that follow from the setting of auto-reload; nobody typed them
    reloaded_nanos: int
    expected_nanos: int | None
    reading: Reading | None
    drift_nanos: int | None

    @property
    def drift_per_day_nanos(self) -> int | None:
        """Return the drift per day, in nanos; None if the stretch is shorter than a minute."""
        days = (self.end - self.start) / DAY
        return None if self.drift_nanos is None or days * 1440 < 1 else round(self.drift_nanos / days)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The stretches in order of time, and the balance now in nanos of the account's currency; None means unknown."""

    currency: str
    stretches: tuple[Stretch, ...]
    balance_nanos: int | None
    read_at: datetime | None  # the reading that it starts from
    notes: tuple[str, ...]

    @property
    def drifts(self) -> tuple[Stretch, ...]:
        """Return the stretches that end with a reading."""
        return tuple(one for one in self.stretches if one.drift_nanos is not None)


@dataclass(frozen=True, slots=True)
class _Spend:
    """Credit spend in order of time: times in microseconds, running totals in nanos of the account's currency."""

    moments: np.ndarray
    totals: np.ndarray  # of one more row than `moments`: 0 first

    def between(self, start: datetime, end: datetime) -> tuple[int, int]:
        """Return the index range of the calls within `[start, end)`."""
        low, high = np.searchsorted(self.moments, [_micros(start), _micros(end)])
        return int(low), int(high)


def run(known: Decisions, calls: Columns, now: datetime) -> Ledger:
    """Return the ledger at `now`. `calls` holds `occurred_at` and `nanos` (of US dollars) from the query `credit_calls`.

    Readings and top-ups in a currency other than the account's are left out; a note in the ledger says so.
    """
    currency = known.currency
    readings = [one for one in known.readings if one.currency == currency.code and one.read_at <= now]
    top_ups = [one for one in known.top_ups if one.currency == currency.code]
    policy = known.policy if known.policy and known.policy.enabled and known.policy.currency == currency.code else None
    spend = None  # the calls in the account's currency; unknown where the rate is not stated
    if currency.usd_rate is not None or currency.code == "USD":
        rate = Decimal(1) if currency.usd_rate is None else currency.usd_rate
        moments = moments_of(calls["occurred_at"]).astype("int64")
        order = np.argsort(moments, kind="stable")
        nanos = np.asarray(calls["nanos"], dtype="int64")[order]
        if rate != 1:
            nanos = np.rint(nanos / float(rate)).astype("int64")
        spend = _Spend(moments[order], np.concatenate([[0], np.cumsum(nanos)]))
    found = []
    for before, after in pairwise((*readings, None)):
        assert before is not None
        end = after.read_at if after else max(now, before.read_at)
        put_on = [one.credited_nanos for one in top_ups if before.read_at <= one.paid_at < end]
        found.append(_stretch(before, after, end, put_on, spend=spend, policy=policy))
    stretches = tuple(found)
    return Ledger(
        currency.code,
        stretches,
        stretches[-1].expected_nanos if stretches else None,
        readings[-1].read_at if readings else None,
        tuple(_notes(known, readings, stretches)),
    )


def _stretch(
    before: Reading, after: Reading | None, end: datetime, put_on: list[int], *, spend: _Spend | None, policy: AutoReload | None
) -> Stretch:
    opening, added = before.nanos, sum(put_on)
    if spend is None:
        return Stretch(before.read_at, end, opening, None, added, 0, 0, None, after, None)
    low, high = spend.between(before.read_at, end)
    spent = int(spend.totals[high] - spend.totals[low])
    plain = opening - spent + added
    # Where top-ups were typed, they are all there were. A reading decides whether the setting was already in force.
    reloads, reloaded = (0, 0) if put_on or policy is None else _reloads(opening, spend.totals[low : high + 1], policy)
    if after is not None and abs(after.nanos - plain) <= abs(after.nanos - plain - reloaded):
        reloads, reloaded = 0, 0
    expected = plain + reloaded
    drift = None if after is None else after.nanos - expected
    return Stretch(before.read_at, end, opening, spent, added, reloads, reloaded, expected, after, drift)


def _reloads(opening: int, totals: np.ndarray, policy: AutoReload) -> tuple[int, int]:
    """Return how many reloads the setting has made and their total in nanos: below the threshold, the balance is filled up."""
    count, added, place = 0, 0, 0
    spent = totals - totals[0]
    while count < MOST_RELOADS:
        # the first call after which less than the threshold is left
        place = max(place, int(np.searchsorted(spent, opening + added - policy.threshold_nanos, side="right")))
        if place >= len(spent):
            break
        added += policy.reload_to_nanos - (opening + added - int(spent[place]))
        count += 1
    return count, added


def _notes(known: Decisions, readings: Sequence[Reading], stretches: Sequence[Stretch]) -> Iterator[str]:
    code = known.currency.code
    if not known.readings:
        yield "Balance unknown. Enter it, or paste it from claude.ai."
    if known.currency.usd_rate is None and code != "USD":
        yield f"Your account is in {code}, but calls are priced in US dollars. Enter the exchange rate in Settings, under Account."
    if known.currency_from == "assumed" and readings:
        yield "We assume your account is in US dollars. If not, choose the currency in Settings, under Account."
    if others := sorted(({one.currency for one in known.readings} | {one.currency for one in known.top_ups}) - {code}):
        yield f"We left out amounts in {' and '.join(others)}, because the account is in {code}."
    if any(one.reloads for one in stretches):
        yield "We work out reloads that you didn't enter from your auto-reload setting."


def _micros(moment: datetime) -> int:
    return int(np.datetime64(moment, "us").astype("int64"))
