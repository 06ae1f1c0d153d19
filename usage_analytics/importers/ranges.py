"""Tables with totals for a date range instead of days; the range is only in the file's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.cells import Cells, Row, add_rows, numbered, read_cells
from usage_analytics.importers.sink import Opened, Sink

_DATES: Final = re.compile(r"(?P<start>20\d\d([-_])\d\d\2\d\d)[-_ ]*to[-_ ]*(?P<last>20\d\d\2\d\d\2\d\d)", re.IGNORECASE)


def read_totals(opened: Opened, sink: Sink, source: str, total: Callable[[Cells], Row]) -> None:
    """One total for each row: the columns that `total` gives, whose `of` says what it is a total of. Raises UnreadableFile."""
    starts_at, ends_at = dates_in(opened.name)
    dates = f"{starts_at:%Y-%m-%d}/{ends_at:%Y-%m-%d}"
    rows = []
    for batch in read_cells(opened, sink, total):
        for row in batch:
            words = (dates, *filter(None, row.pop("of")))
            rows.append({"event_id": " ".join(words), "source": source, "starts_at": starts_at, "ends_at": ends_at} | row)
    ranked = numbered(rows, lambda row: row["reported_cost_nanos"] or 0)
    add_rows("range_total", [{"total_id": row.pop("event_id"), **row} for row in ranked], sink)


def dates_in(file_name: str) -> tuple[datetime, datetime]:
    """The dates of an export as its name states them, the second exclusive. Raises UnreadableFile."""
    found = _DATES.search(file_name)
    try:
        if found:
            start, last = (datetime.fromisoformat(found[part].replace("_", "-")) for part in ("start", "last"))
            if start <= last:
                return start, last + timedelta(days=1)
    except ValueError:
        pass
    raise UnreadableFile(
        f"The name of {file_name} doesn't say which dates it covers. Add them to it, as in “report-2026-08-01-to-2026-08-31.csv”, "
        "and import it again."
    )
