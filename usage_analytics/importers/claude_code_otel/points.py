"""Metrics: what a session used of a model in a minute. Only tokens and cost are read.

Counters are sums since the last export (delta, the client's default) or since the session began (cumulative). A cumulative one has its
start as its identity, so that of all its readings the largest counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from usage_analytics.importers.cache_lifetimes import amounts
from usage_analytics.importers.claude_code.origin import app_of
from usage_analytics.importers.claude_code_otel.documents import METRICS, attributes
from usage_analytics.importers.claude_code_otel.events import SOURCE, run_of
from usage_analytics.importers.json_lines import Document
from usage_analytics.importers.json_values import add_rows, count, inner, moment, nanos, objects, word
from usage_analytics.importers.sink import Sink
from usage_analytics.pricing import models

TOKENS, COST = "claude_code.token.usage", "claude_code.cost.usage"
CUMULATIVE: Final = (2, "AGGREGATION_TEMPORALITY_CUMULATIVE")
TYPES: Final = {
    "input": "input_tokens",
    "output": "output_tokens",
    "cacheRead": "cache_read_tokens",
    "cacheCreation": "cache_creation_tokens",
}
_NOT_CLEAR: Final = "A point of a metric has no time, or its value is not a number."

Attributes = Mapping[str, Any]
Row = dict[str, Any]


@dataclass(slots=True)
class _Sum:
    """What one series came to between two moments, by column, with the attributes that all its points share."""

    told: Attributes
    at: datetime
    amounts: dict[str, int] = field(default_factory=dict)


class Points:
    """Gathers the points of a file by series and time: a series is one session, model and whatever else the attributes tell apart."""

    def __init__(self) -> None:
        self._sums: dict[str, _Sum] = {}

    def take(self, document: Document) -> tuple[int, list[str]]:
        """Note the points of a document. Returns how many were read, and why others were not."""
        read, problems = 0, []
        for name, point, told, cumulative in points_of(document):
            starts, ends = moment(point.get("startTimeUnixNano")), moment(point.get("timeUnixNano"))
            value = next((point[key] for key in ("asInt", "asDouble") if key in point), None)
            column = "cost" if name == COST else TYPES.get(str(told.get("type")))
            amount = nanos(value) if column == "cost" else count(round(value) if isinstance(value, float) else value)
            if amount is None or column is None or ends is None:
                problems.append(_NOT_CLEAR)
                continue
            series = sorted((key, str(one)) for key, one in told.items() if key != "type")
            span = (starts,) if cumulative and starts else (starts, ends)
            identity = blake2b(repr((series, span)).encode(), digest_size=12).hexdigest()
            held = self._sums.setdefault(identity, _Sum(told, starts or ends))
            held.amounts[column] = max(held.amounts.get(column, 0), amount)  # the same point may have been sent twice
            read += 1
        return read, problems

    def hand_over(self, sink: Sink) -> None:
        """Give the sums to the sink, as buckets that know their session."""
        add_rows(sink, "observation", [bucket_of(identity, held) for identity, held in self._sums.items()])


def points_of(document: Document) -> Iterator[tuple[str, Document, Attributes, bool]]:
    """Every point of the two metrics: the metric's name, the point, its attributes, and whether it counts from the start."""
    for resource in objects(document.get(METRICS)):
        sender = attributes(resource.get("resource"))
        for scope in objects(resource.get("scopeMetrics")):
            for metric in objects(scope.get("metrics")):
                total, name = inner(metric, "sum"), metric.get("name")
                if name in (TOKENS, COST):
                    cumulative = total.get("aggregationTemporality") in CUMULATIVE
                    for point in objects(total.get("dataPoints")):
                        yield str(name), point, sender | attributes(point), cumulative


def bucket_of(identity: str, held: _Sum) -> Row:
    told = held.told
    agent, run = run_of(word(told.get("query_source")))
    raw, entrypoint, cost = word(told.get("model")), word(told.get("app.entrypoint")), held.amounts.get("cost")
    model, fast = models.canonical(raw), told.get("speed") == "fast"
    counts = {column: held.amounts.get(column) for column in TYPES.values()} | {"version": word(told.get("service.version"))}
    return {
        "source": SOURCE,
        "grain": "minute",
        "event_id": f"metric {identity}",
        "is_sidechain": agent is not None,
        "is_copy": False,
        "occurred_at": held.at,
        "app": app_of(entrypoint),
        "conversation_id": word(told.get("session.id")),
        "agent_id": agent,
        "run": run,
        "entrypoint": entrypoint,
        "model": model,
        "model_raw": raw,
        "output_is_final": True,
        "speed": "fast" if fast else None,
        "reported_cost_nanos": cost,
        "reported_cost_kind": None if cost is None else "estimate",
    } | amounts(counts, model, held.at, cost, fast=fast)
