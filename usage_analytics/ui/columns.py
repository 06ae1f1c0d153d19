"""What the columns of the tables are called and how they are shown."""

from __future__ import annotations

from typing import Final

from usage_analytics.ui.tables import Column

SPEND_BY_TIME: Final = {
    "period": Column("From", "day"),
    "model": Column("Model", "model"),
    "calls": Column("Calls", "count"),
    "tokens": Column("Tokens", "tokens"),
    "cost_nanos": Column("Spend", "dollars"),
}
PARTS: Final = {
    "cost_nanos": Column("Spend", "dollars"),
    "share": Column("Share", "share"),
    "calls": Column("Calls", "count"),
}
PARTS_AND_BEFORE: Final = {
    **PARTS,
    "before_nanos": Column("Before", "dollars", "The same days, whole weeks earlier"),
    "change_nanos": Column("Difference, $", "difference"),
    "change": Column("Change", "change"),
}
MODELS: Final = {
    "model": Column("Model", "model"),
    "cost_nanos": Column("Spend", "dollars"),
    "share": Column("Share", "share"),
    "change": Column("Change", "change", "Against the same days, whole weeks earlier"),
    "trend": Column("Trend", "trend"),
    "calls": Column("Calls", "count"),
    "per_call": Column("Per call", "small_dollars"),
    "per_million": Column("Per million", "dollars_each", "A million tokens of all kinds"),
    "input_tokens": Column("Sent", "tokens", "Tokens sent anew"),
    "cache_read_tokens": Column("Cache read", "tokens"),
    "cache_write_tokens": Column("Cache written", "tokens"),
    "output_tokens": Column("Answered", "tokens", "Output tokens, as far as the log has them"),
}
UNPRICED: Final = {
    "model": Column("Model", "model"),
    "unpriced_calls": Column("Calls without a price", "count"),
    "tokens": Column("Tokens", "tokens"),
    "what_to_do": Column("What to do"),
}
COMPARED: Final = {
    "model": Column("Model", "model"),
    "reported_cost_nanos": Column("Stated by the source", "dollars"),
    "computed_cost_nanos": Column("At list prices", "dollars"),
    "difference_nanos": Column("Difference, $", "difference"),
    "off": Column("Off by", "change"),
}
STOPS: Final = {
    "at": Column("When", "moment"),
    "what": Column("What was empty"),
    "app": Column("App"),
    "tries": Column("Tries", "count"),
    "resets_at": Column("Back at", "moment"),
}
