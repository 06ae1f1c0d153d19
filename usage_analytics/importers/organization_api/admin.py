"""The Admin API's usage report (`/v1/organizations/usage_report/messages`) and cost report (`/v1/organizations/cost_report`).

The usage report counts tokens by key and states no money; the cost report states what was billed, by workspace and kind of token, and no
key. A page holds whole buckets, each with its results.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from usage_analytics.importers.console import Unclear
from usage_analytics.importers.organization_api.facts import (
    ALL_KEYS,
    TOKEN_TYPES,
    Fact,
    Fields,
    belonging,
    dimensions,
    dollars,
    others,
    span_of,
    tokens,
)
from usage_analytics.importers.organization_api.reading import Reading

USAGE: Final = "admin_usage"
COST: Final = "admin_cost"
ENDPOINTS: Final = {"/v1/organizations/usage_report/messages": USAGE, "/v1/organizations/cost_report": COST}

_COUNTS: Final = frozenset(
    (
        "uncached_input_tokens",
        "cache_read_input_tokens",
        "cache_creation",
        "output_tokens",
        "server_tool_use",
        "amount",
        "currency",
    )
)
_PLACED: Final = frozenset(("model", "inference_geo", "speed", "description"))


def facts(item: Fields, reading: Reading) -> Iterator[Fact | Unclear]:
    """A fact for each result of a bucket. Of an empty one that sync read, the fact that it holds nothing: an earlier statement is gone."""
    source = ENDPOINTS.get(reading.endpoint)
    if not item["results"] and source is not None:
        try:
            yield Fact(source, span_of(item), (), {"app": ALL_KEYS}, ())
        except Unclear as reason:
            yield reason
    for result in item["results"]:
        try:
            yield _fact(item, result, reading)
        except Unclear as reason:
            yield reason


def _fact(item: Fields, result: object, reading: Reading) -> Fact:
    if not isinstance(result, dict):
        raise Unclear("A result is no object; save the API's response as it came.")
    span = span_of(item)
    stated = {name: value for name, value in result.items() if name not in _COUNTS}
    measures = belonging(stated, reading) | {"paid_from": "api"}
    if "amount" not in result:
        counts = tokens(result)
        amounts = tuple(count or 0 for count in counts.values())
        measures |= counts | {"extra": others(stated, placed=_PLACED)}
        return Fact(USAGE, span, dimensions(stated), measures, (sum(amounts), *amounts))
    nanos = dollars(result)
    kind = stated.get("token_type")
    said = stated | {"token_type": TOKEN_TYPES.get(kind, kind) if isinstance(kind, str) else None}
    measures |= {"reported_cost_nanos": nanos, "reported_cost_kind": "billed", "extra": others(said, placed=_PLACED)}
    return Fact(COST, span, dimensions(stated), measures, (nanos,))
