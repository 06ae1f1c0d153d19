"""The rows that a balance is computed from, as arrays and dictionaries: importing pandas would take half a second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = Mapping[str, Any]
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Data:
    """`calls` holds columns of the query `credit_calls`, `hours` those of `spend_hours`, `said` rows of `balances` by time."""

    calls: Columns
    said: Rows
    hours: Columns

    def of(self, account: str | None, others: Sequence[str]) -> Data:
        """Return the rows of one account; for None, the rows of every account not in `others`."""
        whose = np.asarray([one if isinstance(one, str) else None for one in filled(self.calls["account"])], dtype=object)
        mine = ~np.isin(whose, others) if account is None else whose == account
        said = [row for row in self.said if (row["account"] not in others if account is None else row["account"] == account)]
        return replace(self, calls={name: np.ma.getdata(column)[mine] for name, column in self.calls.items()}, said=said)


def filled(column: Any) -> Any:
    """Return a column of names as objects, with None for missing values."""
    return column.filled(None) if isinstance(column, np.ma.MaskedArray) else column


def moments(column: Any) -> NDArray[np.datetime64]:
    """Return a column of times as datetime64[us], naive UTC."""
    return np.asarray(column).astype("datetime64[us]")


def spent_between(calls: Columns, start: datetime, end: datetime | None = None) -> int:
    """Return what calls cost in the half-open span, in nanos; with `end` None, everything from `start` on."""
    at = moments(calls["occurred_at"])
    within = at >= np.datetime64(start, "us")
    if end is not None:
        within &= at < np.datetime64(end, "us")
    return int(np.asarray(calls["nanos"], dtype=np.int64)[within].sum())


def expires_next(said: Rows, now: datetime) -> Mapping[str, Any] | None:
    """Return the row that last reported an amount to expire and when; None if nothing expires after `now`."""
    stated = (row for row in said if row["document"] in ("prepaid", "grant") and row["seen_at"] <= now)
    later = [row for row in stated if row["expires_at"] is not None and row["expires_at"] > now]
    return later[-1] if later else None
