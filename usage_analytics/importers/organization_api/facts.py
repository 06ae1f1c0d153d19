"""What the reports have in common: a fact about a bucket, exact amounts, and how facts become observations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from usage_analytics.importers.console import NO_KEY, Unclear
from usage_analytics.importers.labels import extra
from usage_analytics.importers.organization_api.reading import Reading, moment
from usage_analytics.importers.sink import Sink
from usage_analytics.pricing import models

ALL_KEYS: Final = "All API keys"  # the report was not broken down by key
DEFAULT_WORKSPACE: Final = "Default"  # as the Console's exports call it
_GRAINS: Final = {timedelta(minutes=1): "minute", timedelta(hours=1): "hour", timedelta(days=1): "day"}
_NANOS_PER_CENT: Final = 10_000_000
_MOST: Final = 10**15
_LONGEST: Final = 200
# Values that say no more than null does.
_NEUTRAL: Final = {"standard", "not_available", "0-200k", ""}

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: which report it is from, its bucket, what tells it from the others of its bucket, and the columns that it fills."""

    source: str
    starts_at: datetime
    grain: str
    dimensions: tuple[str, ...]
    measures: dict[str, Any]
    rank: tuple[int, ...]  # larger comes first among facts with the same bucket and dimensions


def add_facts(pages: Mapping[int, Sequence[Fact]], reading: Reading, sink: Sink) -> None:
    """Hand the facts over as observations.

    Two rows of one page may agree in every dimension (actors that the server cannot name), and both count. A bucket of the Admin API
    that a file holds twice counts once, as the later page has it.
    """
    alike: dict[tuple[str, datetime, str, tuple[str, ...]], dict[int, list[Fact]]] = defaultdict(dict)
    for place, facts in pages.items():
        for fact in facts:
            key = (fact.source, fact.starts_at, fact.grain, fact.dimensions)
            alike[key].setdefault(place, []).append(fact)
    rows = []
    for (source, starts_at, grain, dimensions), by_page in alike.items():
        same = by_page[max(by_page)] if source.startswith("admin_") else [fact for facts in by_page.values() for fact in facts]
        whose = (f"org={reading.organization_id}",) if reading.organization_id else ()
        for ordinal, fact in enumerate(sorted(same, key=lambda one: one.rank, reverse=True), 1):
            identity = " ".join((starts_at.isoformat(), grain, *whose, *dimensions, f"#{ordinal}"))
            rows.append(
                {
                    "source": source,
                    "grain": grain,
                    "event_id": identity,
                    "is_sidechain": False,
                    "is_copy": False,
                    "occurred_at": starts_at,
                    "account": reading.account,
                    "output_is_final": True,
                    "stated_at": reading.stated_at,
                    "is_whole_bucket": reading.is_whole or source.startswith("admin_"),
                }
                | fact.measures
            )
    columns = {column: None for row in rows for column in row}
    if rows:
        sink.add("observation", {column: [row.get(column) for row in rows] for column in columns})


def bucket(item: Fields) -> tuple[datetime, str]:
    """When a bucket starts (naive UTC), and its grain. Raises Unclear."""
    starts_at, ends_at = moment(item.get("starting_at")), moment(item.get("ending_at"))
    if starts_at is None or ends_at is None:
        raise Unclear("A bucket has no starting_at and ending_at; save the API's response as it came.")
    grain = _GRAINS.get(ends_at - starts_at)
    if grain is None or (grain == "day" and (starts_at.hour or starts_at.minute)):
        raise Unclear("A row covers neither a minute, an hour nor a day (UTC); ask for buckets: 1m, 1h or 1d.")
    return starts_at, grain


def dimensions(stated: Fields) -> tuple[str, ...]:
    """`name=value` of all that is not null and not taken for granted, by name."""
    texts = {name: _word(value) for name, value in stated.items()}
    return tuple(f"{name}={text}" for name, text in sorted(texts.items()) if text is not None and text not in _NEUTRAL)


def tokens(usage: Fields) -> dict[str, Any]:
    """The token columns of a `usage` object or a result. Raises Unclear where one is no whole number, or where none is stated."""
    created, tools = usage.get("cache_creation") or {}, usage.get("server_tool_use") or {}
    if not isinstance(created, dict) or not isinstance(tools, dict):
        raise Unclear("cache_creation and server_tool_use are objects; save the API's response as it came.")
    counts = {
        "input_tokens": whole(usage, "uncached_input_tokens"),
        "cache_read_tokens": whole(usage, "cache_read_input_tokens"),
        "cache_write_5m_tokens": whole(created, "ephemeral_5m_input_tokens"),
        "cache_write_1h_tokens": whole(created, "ephemeral_1h_input_tokens"),
        "output_tokens": whole(usage, "output_tokens"),
        "web_searches": whole(tools, "web_search_requests"),
    }
    if all(count is None for count in counts.values()):
        raise Unclear("The row states no token count; save the API's response as it came.")
    return counts


def whole(fields: Fields, name: str) -> int | None:
    """A count; None where it is not stated. Raises Unclear."""
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise Unclear(f"{name} is not a whole number such as 1200; save the API's response as it came.")
    return value


def dollars(fields: Fields, name: str = "amount") -> int:
    """An amount of cents, as a decimal string, in nano-dollars: "123.78912" is 1,237,891,200. Raises Unclear."""
    if fields.get("currency", "USD") not in ("USD", None):
        raise Unclear("The amount is not in US dollars, and no rate for its currency is known.")
    value = fields.get(name)
    try:
        cents = Decimal(value) if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else None
    except InvalidOperation:
        cents = None
    if cents is None or not cents.is_finite() or abs(cents) > _MOST:
        raise Unclear(f"{name} is not an amount in cents such as 123.78912; save the API's response as it came.")
    return round(cents * _NANOS_PER_CENT)


def belonging(stated: Fields, reading: Reading) -> dict[str, Any]:
    """Whose usage it was, of which model, and what changes its price, in the words of the Console's exports where the ids have names."""
    key, workspace, model = (_word(stated.get(name)) for name in ("api_key_id", "workspace_id", "model"))
    tier, speed, geo = (_word(stated.get(name)) for name in ("service_tier", "speed", "inference_geo"))
    without_key = NO_KEY if reading.is_grouped_by("api_key_id") else ALL_KEYS
    no_workspace = DEFAULT_WORKSPACE if reading.is_grouped_by("workspace_id") else None
    return {
        "app": reading.names.get(key, key) if key else without_key,
        "project": reading.names.get(workspace, workspace) if workspace else no_workspace,
        "model": models.canonical(model),
        "model_raw": model,
        "batch": tier == "batch" if tier else None,
        "speed": None if speed == "standard" else speed,
        "geo": None if geo == "not_available" else geo,
    }


def others(stated: Fields, *, placed: frozenset[str]) -> str | None:
    """The dimensions that have no column of their own, as JSON; `long_context` says that every prompt was above the threshold."""
    kept = {name: _word(value) for name, value in stated.items() if name not in placed}
    window = kept.get("context_window") or ""
    return extra(kept | ({"long_context": "true"} if window.lower().startswith("200k-") else {}))


def _word(value: object) -> str | None:
    """A label or number as text; of an actor, the id that names it; None for what says nothing."""
    if isinstance(value, dict):
        ids = (value.get(name) for name in ("user_id", "service_account_id", "api_key_id", "subject"))
        value = next((one for one in ids if one), None)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = " ".join(str(value).split())
    return text[:_LONGEST] or None
