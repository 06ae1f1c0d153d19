"""What drains while nobody is watching: flags on unattended spend, source by source, using nothing later than the moment of each flag."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from usage_analytics.analysis.background.flags import Flag, Found, Hour
from usage_analytics.control.expected import ExpectedRun

Columns = Mapping[str, Any]
Rows = Mapping[str, Columns]

# The queries that `judge` and `timeline` are given the columns of.
QUERIES: Final = ("background_sources", "background_calls")


def judge(
    rows: Rows, now: datetime, *, expected: Sequence[ExpectedRun] = (), dismissed: Collection[str] = (), zone: str = "UTC"
) -> Found:
    """Flags, sources and notes at `now`, from the columns of `QUERIES`; no call at or after `now` is looked at."""
    return Found()


def timeline(
    rows: Rows, flag: Flag, now: datetime, *, expected: Sequence[ExpectedRun] = (), zone: str = "UTC"
) -> tuple[Hour, ...]:
    """The hours about a flag, from a day before it began to a day after it was last seen, of the flag's own source."""
    return ()
