"""What we write to disk from a telemetry document: the events and counters that we read, without any text that people may have written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from usage_analytics.importers.claude_code_otel.documents import LOGS, METRICS, attributes, unwrapped
from usage_analytics.importers.claude_code_otel.events import COUNTS, PREFIX
from usage_analytics.importers.claude_code_otel.points import COST, TOKENS
from usage_analytics.importers.json_lines import Document
from usage_analytics.importers.json_values import inner, objects, word
from usage_analytics.importers.labels import may_hold_words
from usage_analytics.importers.refusals import gauge_of_error

EVENTS: Final = frozenset({"api_request", "user_prompt", "api_error"})
KEPT: Final = frozenset(
    {
        *COUNTS, "session.id", "event.name", "event.timestamp", "event.sequence", "prompt.id", "app.entrypoint", "app.version", "model",
        "cost_usd", "cost_usd_micros", "duration_ms", "request_id", "query_source", "speed", "effort", "status_code", "attempt",
        "agent.name", "skill.name", "mcp_server.name", "service.name", "service.version",
    }
)  # fmt: skip
LONGEST: Final = 200  # characters of a label


def reduced(document: Document) -> Document | None:
    """Return the document without anything that we don't read; None if nothing is left."""
    found = unwrapped(document)
    resources = [
        {"resource": {"attributes": _labels(inner(one, "resource"), named)}, scopes: [{records: kept}]}
        for signal, scopes, records, named, reduce in (
            (LOGS, "scopeLogs", "logRecords", KEPT, _events),
            (METRICS, "scopeMetrics", "metrics", None, _counters),  # with all that tells series apart
        )
        for one in objects(found.get(signal))
        if (kept := [record for scope in objects(one.get(scopes)) for record in reduce(scope)])
    ]
    logs = [one for one in resources if "scopeLogs" in one]
    metrics = [one for one in resources if "scopeMetrics" in one]
    return {signal: held for signal, held in ((LOGS, logs), (METRICS, metrics)) if held} or None


def _events(scope: Document) -> Iterator[Document]:
    for record in objects(scope.get("logRecords")):
        told = attributes(record)
        named = word(told.get("event.name")) or (word(inner(record, "body").get("stringValue")) or "").removeprefix(PREFIX)
        if named in EVENTS:
            kept = _labels(record, KEPT)
            if gauge_of_error(error := str(told.get("error") or "")):  # the vendor's own words, which say what was empty
                kept.append({"key": "error", "value": {"stringValue": error[:LONGEST]}})
            times = {key: record[key] for key in ("timeUnixNano", "observedTimeUnixNano") if key in record}
            yield times | {"body": {"stringValue": PREFIX + named}, "attributes": kept}


def _counters(scope: Document) -> Iterator[Document]:
    for metric in objects(scope.get("metrics")):
        total = inner(metric, "sum")
        if metric.get("name") in (TOKENS, COST):
            points = [point | {"attributes": _labels(point, None), "exemplars": []} for point in objects(total.get("dataPoints"))]
            yield {"name": metric["name"], "sum": total | {"dataPoints": points}}


def _labels(holder: Document, kept: frozenset[str] | None) -> list[dict[str, Any]]:
    """Return the attributes to keep: the named ones, else all whose name doesn't suggest that they hold text by people."""
    return [
        one
        for one in objects(holder.get("attributes"))
        if (
            (kept is None and not may_hold_words(str(one.get("key")).replace("query_source", "")))
            or str(one.get("key")) in (kept or ())
        )
        and all(isinstance(value, str | int | float) and len(str(value)) <= LONGEST for value in inner(one, "value").values())
    ]
