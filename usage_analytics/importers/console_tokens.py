"""Claude Console, tokens: `claude_api_tokens_….csv`, whose rows are days, hours or minutes. It states no cost.

Three versions of the header are known (June 2025; with `context_window`; with `inference_geo` and `speed`, February 2026).
"""

from __future__ import annotations

from typing import Final

from usage_analytics.importers import console
from usage_analytics.importers.delimited import header
from usage_analytics.importers.sink import Head, Opened, Sink

name: Final = "console_tokens"
label: Final = "Claude Console token export"

_SIGNS: Final = {"usage_date_utc", "model_version", "usage_output_tokens"}
_DIMENSIONS: Final = ("model_version", "api_key", "workspace", "usage_type", "context_window", "inference_geo", "speed")
_COUNTS: Final = {
    "input_tokens": "usage_input_tokens_no_cache",
    "cache_read_tokens": "usage_input_tokens_cache_read",
    "cache_write_5m_tokens": "usage_input_tokens_cache_write_5m",
    "cache_write_1h_tokens": "usage_input_tokens_cache_write_1h",
    "output_tokens": "usage_output_tokens",
    "web_searches": "web_search_count",
}
_PLACED: Final = {"usage_date_utc", *_DIMENSIONS, *_COUNTS.values()} - {"context_window"}


def claims(head: Head) -> bool:
    """A CSV with the columns that every version of the token export has."""
    return set(header(head.start)) >= _SIGNS


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each row, with all token counts and without a cost."""
    console.add_buckets(console.read_buckets(opened, sink, _bucket), name, opened, sink)


def _bucket(line: int, cells: console.Cells) -> console.Bucket:
    counts = {column: console.count(cells, stated) for column, stated in _COUNTS.items()}
    if all(count is None for count in counts.values()):
        raise console.Unclear("The row states no count; import the export as it was downloaded.")
    amounts = tuple(count or 0 for count in counts.values())
    return console.Bucket(
        line=line,
        starts_at=console.time(cells),
        dimensions=console.dimensions(cells, _DIMENSIONS),
        measures=console.belonging(cells) | counts | {"extra": console.others(cells, _PLACED)},
        rank=(sum(amounts), *amounts),
    )
