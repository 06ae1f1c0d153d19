"""Times at which work was refused or moved to credits: which gauge was empty, in words, and how often."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

ONE_STOP: Final = timedelta(hours=1)  # the same gauge again within this is the same stop, tried again

GAUGES: Final = {
    "session": "Plan's 5-hour limit",
    "weekly": "Plan's weekly limit",
    "balance": "Usage credits (extra usage)",
    "monthly_limit": "Monthly spend limit",
    "organisation": "Organization limit",
    "model": "Model limit",
    "credits_started": "Moved from the plan to usage credits",
    "unknown": "Unnamed limit",
}
_GOES_ON: Final = "credits_started"


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop, however often the call was retried. Times are naive UTC."""

    at: datetime
    gauge: str
    what: str
    app: str | None
    tries: int
    resets_at: datetime | None
    blocks: bool  # False: work went on, but on credits


def stops(rows: pd.DataFrame, *, one_stop: timedelta = ONE_STOP) -> tuple[Stop, ...]:
    """Return the stops in rows of the query `limits` (in order of time), newest first. Refusals within `one_stop` count once."""
    import pandas as pd  # here, as below: blocks need no frame

    found: list[Stop] = []
    latest: dict[tuple[str, str | None], tuple[int, datetime]] = {}
    for row in rows.itertuples():
        at, key = row.occurred_at.to_pydatetime(), (row.gauge, row.account if isinstance(row.account, str) else None)
        place, seen = latest.get(key, (len(found), at))
        if place < len(found) and at - seen <= one_stop:
            found[place] = replace(found[place], tries=found[place].tries + 1)
        else:
            place = len(found)
            known, app = row.gauge if row.gauge in GAUGES else "unknown", row.app if isinstance(row.app, str) else None
            resets = None if pd.isna(row.resets_at) else row.resets_at.to_pydatetime()
            found.append(Stop(at, known, GAUGES[known], app, 1, resets, known != _GOES_ON))
        latest[key] = place, at
    return tuple(sorted(found, key=lambda stop: stop.at, reverse=True))


def as_rows(found: tuple[Stop, ...]) -> pd.DataFrame:
    """Return the stops as a table."""
    import pandas as pd

    columns = ["at", "what", "app", "tries", "resets_at"]
    return pd.DataFrame([[getattr(stop, column) for column in columns] for stop in found], columns=columns)
