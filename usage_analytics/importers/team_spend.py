"""Team and Enterprise, spend report: one row a person, product and model, for the whole of its dates. Those are in the file's name alone.

Two versions are known: tokens sent and answered (an account's id, the gross amount and the model's family came and went), and since the
middle of 2026 all kinds of tokens, searches, and the channels in which Claude was tagged. On plans with seats it lists only what went
beyond them.
"""

from __future__ import annotations

from typing import Final

from usage_analytics.importers.cells import Cells, Row, dollars, numbers, whole, word
from usage_analytics.importers.delimited import header
from usage_analytics.importers.ranges import read_totals
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "team_spend"
label: Final = "Team and Enterprise spend report"

_SIGNS: Final = {"total_net_spend_usd", "product", "model"}
_PERSON: Final = ("user_email", "user's_email", "email", "user")
_WHOSE: Final = ("account_uuid", "user_id", "slack_channel_id", "teams_channel_id")
_COUNTS: Final = {
    "input_tokens": "total_uncached_input_tokens",
    "cache_read_tokens": "total_cache_read_tokens",
    "cache_write_5m_tokens": "total_cache_write_5m_tokens",
    "cache_write_1h_tokens": "total_cache_write_1h_tokens",
    "output_tokens": "total_completion_tokens",
    "requests": "total_requests",
    "web_searches": "total_web_search_count",
}
_PLACED: Final = {*_SIGNS, *_PERSON, *_COUNTS.values()}


def claims(head: Head) -> bool:
    """A CSV with the columns that every version of the report has."""
    return set(header(head.start)) >= _SIGNS


def read(opened: Opened, sink: Sink) -> None:
    """One total for each row, with what was billed. Raises UnreadableFile where the file's name has no dates."""
    read_totals(opened, sink, name, total)


def total(cells: Cells) -> Row:
    """What a row states. Raises Unclear."""
    person, product, model = word(cells, *_PERSON), word(cells, "product"), word(cells, "model")
    net = dollars(cells, "total_net_spend_usd")
    return {
        "of": (person, product, model, *(word(cells, column) for column in _WHOSE)),
        "app": product,
        "person": person,
        "model": models.canonical(model),
        "model_raw": model,
        **{column: whole(cells, stated) for column, stated in _COUNTS.items()},
        "reported_cost_nanos": net,
        "reported_cost_kind": None if net is None else "billed",
        "extra": numbers(cells, _PLACED),
    }
