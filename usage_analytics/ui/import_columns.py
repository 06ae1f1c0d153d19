"""What the columns of the tables about imports and bills are called and how they are shown."""

from __future__ import annotations

from typing import Final

from usage_analytics.ui.tables import Column

COUNT_AGAIN: Final = "count again"  # the key of what chooses, by their place, which known calls are counted again
_FILE: Final = {"name": Column("File", width=230), "format": Column("Format", width=190)}
_DATES: Final = {
    "first_event_at": Column("From", "moment", extra=True),
    "last_event_at": Column("To", "moment", extra=True),
}
_RANGE_TOTALS: Final = {
    "range_totals": Column("Range totals", "count", "Totals that the file gives for a date range; compared, never added"),
}
_LINES: Final = {
    "rejected": Column("Rejected", "count", "Lines we couldn't read"),
    "salvaged": Column("Repaired", "count", "Damaged lines, partly recovered", extra=True),
    "lines": Column("Lines", "count", extra=True),
    "lines_other": Column("No usage", "count", "Lines without usage (prompts, tool results, headers)", extra=True),
    **_DATES,
}
PREVIEWED: Final = {
    **_FILE,
    "state": Column("File is"),
    "calls": Column("Calls", "count"),
    "new": Column("New", "count"),
    "known": Column("Known", "count", "Calls already in your data or in another of these files"),
    "cost_nanos": Column("Spend", "dollars", "Spend of the calls found only in this file"),
    "unpriced": Column("Unpriced", "count", "Calls without a known price", extra=True),
    **_RANGE_TOTALS,
    **_LINES,
}
DUPLICATES: Final = {
    "occurred_at": Column("When", "moment"),
    "app": Column("App"),
    "model": Column("Model", "model"),
    "cost_nanos": Column("Cost", "dollars"),
    "times": Column("Repeats", "count", "How often this file repeats it; we count the call once"),
    "why": Column("Known by", help="The call's own ID, or equal values in every column"),
    "first_in": Column("First in"),
    "name": Column("File", extra=True),
}
RECEIVED: Final = {
    **_FILE,
    "events_new": Column("New calls", "count"),
    "events_duplicate": Column("Known", "count", "Calls already in your data"),
    **_RANGE_TOTALS,
    **_LINES,
}
REJECTED: Final = {"name": Column("File"), "line": Column("Line"), "reason": Column("Why", "prose")}
LEFT_OUT: Final = {**REJECTED, "imported_at": Column("Imported", "moment")}
UNREAD: Final = {"name": Column("File"), "reason": Column("Why", "prose")}
BATCHES: Final = {
    "imported_at": Column("When", "moment"),
    "what": Column("What", width=130),
    "format": Column("Format", width=160, extra=True),
    "events_new": Column("New calls", "count"),
    "cost_nanos": Column("Spend", "dollars", "Spend of the calls first seen in this import"),
    "covers": Column("Covers", width=175),
    "events_duplicate": Column("Known", "count", "Calls already in your data", extra=True),
    **_RANGE_TOTALS,
    "rejected": Column("Rejected", "count", "Lines we couldn't read"),
    "lines": Column("Lines", "count", extra=True),
    **_DATES,
}
RECONCILED: Final = {
    "day": Column("Day (UTC)", "day"),
    "model": Column("Model", "model"),
    "billed_nanos": Column("Billed", "dollars", "By the cost report, else the usage report at list prices"),
    "computed_nanos": Column("Computed", "dollars", "Tokens at list prices"),
    "difference_nanos": Column("Difference, $", "difference"),
    "why": Column("Likely cause", "prose"),
}
RANGES: Final = {
    "label": Column("Source"),
    "starts_at": Column("From", "moment"),
    "ends_at": Column("To", "moment", "Exclusive"),
    "totals": Column("Totals", "count"),
    "stated_nanos": Column("Reported", "dollars"),
    "counted_nanos": Column("Counted here", "dollars", "Your spend on the same dates, without other vendors"),
    "difference_nanos": Column("Difference, $", "difference"),
}
