"""The rows that a balance is judged by, as arrays and dictionaries: a frame would bring a package that takes half a second to load."""

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
    """`calls` are columns of the query `credit_calls`, `hours` of `spend_hours`; `said` are rows of `balances`, in the order of time."""

    calls: Columns
    said: Rows
    hours: Columns

    def of(self, account: str | None, others: Sequence[str]) -> Data:
        """The rows of one account; of None, all that are not of the `others`."""
        whose = np.asarray([one if isinstance(one, str) else None for one in filled(self.calls["account"])], dtype=object)
        mine = ~np.isin(whose, others) if account is None else whose == account
        said = [row for row in self.said if (row["account"] not in others if account is None else row["account"] == account)]
        return replace(self, calls={name: np.ma.getdata(column)[mine] for name, column in self.calls.items()}, said=said)


def filled(column: Any) -> Any:
    """A column of names, with None for what is missing."""
    return column.filled(None) if isinstance(column, np.ma.MaskedArray) else column


def moments(column: Any) -> NDArray[np.datetime64]:
    """A column of moments, in microseconds of naive UTC."""
    return np.asarray(column).astype("datetime64[us]")


def spent_between(calls: Columns, start: datetime, end: datetime | None = None) -> int:
    """The nanos of the calls from `start` on, and before `end` if there is one."""
    at = moments(calls["occurred_at"])
    within = at >= np.datetime64(start, "us")
    if end is not None:
        within &= at < np.datetime64(end, "us")
    return int(np.asarray(calls["nanos"], dtype=np.int64)[within].sum())


def expires_next(said: Rows, now: datetime) -> Mapping[str, Any] | None:
    """The row in which the account last said what of the balance expires, and when; None where nothing does."""
    stated = (row for row in said if row["document"] in ("prepaid", "grant") and row["seen_at"] <= now)
    later = [row for row in stated if row["expires_at"] is not None and row["expires_at"] > now]
    return later[-1] if later else None
