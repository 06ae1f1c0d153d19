"""Usage events: the format for everything that has no importer of its own, as CSV, JSON Lines or Parquet.

Whatever the container, one mapping (`mapping.sql`) reads text, exactly or not at all: what could mean two numbers is rejected with its
line, never guessed.
"""

from __future__ import annotations

from typing import Final

from usage_analytics.importers.delimited import header
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.importers.usage_events.columns import PARQUET, REQUIRED
from usage_analytics.importers.usage_events.json_lines import states_events

name: Final = "usage_events"
label: Final = "usage events"


def claims(head: Head) -> bool:
    """Parquet, a CSV with the two required columns, or JSON lines that state them."""
    return head.start.startswith(PARQUET) or set(REQUIRED) <= set(header(head.start)) or states_events(head.start)


def read(opened: Opened, sink: Sink) -> None:
    """Map the file's rows to observations and reject those that state something unclear. Raises UnreadableFile."""
    from usage_analytics.importers.usage_events import reading  # with a database engine, which most workers never need

    reading.read(opened, sink)
