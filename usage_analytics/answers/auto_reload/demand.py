"""What was spent from credits and when: the demand that a balance has to meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MS_A_MINUTE: Final = 60_000
MS_AN_HOUR: Final = 3_600_000
MS_A_DAY: Final = 86_400_000
MS_A_WEEK: Final = 7 * MS_A_DAY
PACE_DAYS: Final = 28
MONTH_DAYS: Final = 28
SPAN: Final = 40 * 86_400.0  # seconds from the beginning of one drawn month to that of the next, on their common clock

# A bucket does not say when in it the calls fell: it is spread over this many equal calls, in the middle of its hour or of the day's work.
BUCKETS: Final[
    dict[str, tuple[int, int, int]]
] = {  # grain: (calls, milliseconds from the bucket's start to the first, between two)
    "hour": (6, 5 * MS_A_MINUTE, 10 * MS_A_MINUTE),
    "day": (32, 9 * MS_AN_HOUR, 15 * MS_A_MINUTE),
}


@dataclass(frozen=True, slots=True)
class Demand:
    """Credit spend in order of time: `moments` in milliseconds of naive UTC since 1970 and `nanos` for each, both int64 of one length."""

    moments: NDArray[np.int64]
    nanos: NDArray[np.int64]
    spread_share: float = 0.0  # of the spend, known by the hour or day only

    @property
    def events(self) -> int:
        return len(self.moments)

    @property
    def total_nanos(self) -> int:
        return int(self.nanos.sum())

    @property
    def first_at(self) -> datetime | None:
        return naive(int(self.moments[0])) if self.events else None

    @property
    def last_at(self) -> datetime | None:
        return naive(int(self.moments[-1])) if self.events else None

    def between(self, start_ms: int, end_ms: int) -> Demand:
        """Return the part within a half-open span."""
        first, last = np.searchsorted(self.moments, (start_ms, end_ms))
        return Demand(self.moments[first:last], self.nanos[first:last], self.spread_share)

    def before(self, moment: datetime) -> Demand:
        """Return the part before `moment`."""
        return self.between(np.iinfo(np.int64).min, milliseconds(moment))


def per_day(demand: Demand, now: datetime) -> float:
    """Return the pace: nanos a day over the last four weeks, or since the first call if that is later."""
    recent = demand.between(milliseconds(now - timedelta(days=PACE_DAYS)), milliseconds(now))
    if not recent.events:
        return 0.0
    days = (milliseconds(now) - int(demand.moments[0])) / MS_A_DAY
    return recent.total_nanos / min(max(days, 1.0), PACE_DAYS)


def per_week(demand: Demand, now: datetime) -> float:
    """Return the same pace for a week, in nanos."""
    return 7 * per_day(demand, now)


def milliseconds(moment: datetime) -> int:
    """Return naive UTC as milliseconds since 1970."""
    return (moment - datetime(1970, 1, 1)) // timedelta(milliseconds=1)


def naive(ms: int) -> datetime:
    """Return milliseconds since 1970 as naive UTC."""
    return datetime(1970, 1, 1) + timedelta(milliseconds=ms)


def demand(moments: Any, nanos: Any, grains: Any = None) -> Demand:
    """Return the demand of calls in any order: moments as datetime64 or milliseconds. The order of imports doesn't matter."""
    at = np.asarray(moments)
    if at.dtype.kind == "M":
        at = at.astype("datetime64[ms]")
    at = at.astype(np.int64)
    spent = np.asarray(nanos, dtype=np.int64)
    spread = 0.0
    if grains is not None and len(at):
        # Buckets as the calls that they may have been
        kinds = np.asarray(grains, dtype=object)
        of_grain = {grain: kinds == grain for grain in BUCKETS}
        known = ~np.logical_or.reduce(list(of_grain.values()))
        parts, total = [(at[known], spent[known])], int(spent.sum())
        for grain, (calls, first, step) in BUCKETS.items():
            here = of_grain[grain]
            each = spent[here] // calls
            laid_out = at[here][:, None] + first + step * np.arange(calls)
            amounts = np.repeat(each[:, None], calls, axis=1)
            amounts[:, 0] += spent[here] - each * calls
            parts.append((laid_out.ravel(), amounts.ravel()))
        spread = 1 - int(spent[known].sum()) / total if total else 0.0
        at, spent = (np.concatenate([part[place] for part in parts]) for place in (0, 1))
    kept = spent > 0
    at, spent = at[kept], spent[kept]
    order = np.lexsort((spent, at))
    return Demand(at[order], spent[order], spread)


def from_columns(columns: Mapping[str, Any]) -> Demand:
    """Return the demand in columns of the query `credit_calls`, all accounts together."""
    return demand(columns["occurred_at"], columns["nanos"], columns.get("grain"))


def by_account(columns: Mapping[str, Any]) -> dict[str, Demand]:
    """Return the demand of each named account, highest spend first."""
    numbers: defaultdict[Any, int] = defaultdict(count().__next__)
    values = columns["account"]  # what is missing is masked from the store, None or NaN from a frame
    plain = values.filled("") if isinstance(values, np.ma.MaskedArray) else values
    which = np.fromiter(map(numbers.__getitem__, plain), dtype=np.int64, count=len(plain))
    found = {}
    for account, place in numbers.items():
        if not account or not isinstance(account, str):
            continue
        own = which == place
        found[account] = from_columns({name: np.asarray(columns[name])[own] for name in ("occurred_at", "nanos", "grain")})
    return dict(sorted(found.items(), key=lambda one: (-one[1].total_nanos, one[0])))
