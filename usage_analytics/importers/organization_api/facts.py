"""What the reports have in common: a fact about a bucket, exact amounts, and how facts become observations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from usage_analytics.events import OBSERVATION, RANGE_TOTAL
from usage_analytics.importers.console import NO_KEY, Unclear
from usage_analytics.importers.json_values import add_rows, moment
from usage_analytics.importers.labels import extra
from usage_analytics.importers.organization_api.reading import Reading
from usage_analytics.importers.sink import Sink
from usage_analytics.pricing import models

ALL_KEYS: Final = "All API keys"  # the report was not broken down by key
DEFAULT_WORKSPACE: Final = "Default"  # as the Console's exports call it
# The words that the Console's cost export has for the same kinds of token.
TOKEN_TYPES: Final = {
    "uncached_input_tokens": "input_no_cache",
    "cache_read_input_tokens": "input_cache_read",
    "cache_creation.ephemeral_5m_input_tokens": "input_cache_write_5m",
    "cache_creation.ephemeral_1h_input_tokens": "input_cache_write_1h",
    "output_tokens": "output",
}
_GRAINS: Final = {timedelta(minutes=1): "minute", timedelta(hours=1): "hour", timedelta(days=1): "day"}
_NANOS_PER_CENT: Final = 10_000_000
_MOST: Final = 10**15
_LONGEST: Final = 200
# Values that say no more than null does.
_NEUTRAL: Final = {"standard", "not_available", "0-200k", ""}

Fields = Mapping[str, Any]


class Span(NamedTuple):
    """From when until when a row is (naive UTC); its grain, or None where it is longer than a day, or a day that is none of UTC."""

    starts_at: datetime
    ends_at: datetime
    grain: str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: which report it is from, the time it is about, what tells it from others of that time, and the columns that it fills."""

    source: str
    span: Span
    dimensions: tuple[str, ...]
    measures: dict[str, Any]
    rank: tuple[int, ...]  # larger comes first among facts of the same time and dimensions

    @property
    def says_nothing(self) -> bool:
        """Whether it is there only to say that its bucket holds nothing."""
        return not self.rank


def add_facts(pages: Mapping[int, Sequence[Fact]], reading: Reading, sink: Sink) -> None:
    """Hand the facts over: those about a bucket as observations, those about a longer range as range totals.

    Two rows of one page may agree in every dimension (actors that the server cannot name), and both count. A bucket of the Admin API
    that a file holds twice counts once, as the later page has it.
    """
    alike: dict[tuple[Any, ...], dict[int, list[Fact]]] = defaultdict(dict)
    for place, facts in pages.items():
        for fact in facts:
            alike[fact.source, fact.span, fact.dimensions].setdefault(place, []).append(fact)
    rows: dict[str, list[Fields]] = {"observation": [], "range_total": []}
    whose = (f"org={reading.organization_id}",) if reading.organization_id else ()
    for (source, span, dimensions), by_page in alike.items():
        restates = source.startswith("admin_")
        same = by_page[max(by_page)] if restates else [fact for facts in by_page.values() for fact in facts]
        for ordinal, fact in enumerate(sorted(same, key=lambda one: one.rank, reverse=True), 1):
            identity = " ".join(
                (span.starts_at.isoformat(), span.grain or span.ends_at.isoformat(), *whose, *dimensions, f"#{ordinal}")
            )
            known = {"source": source, "account": reading.account} | fact.measures
            if span.grain is None:
                about = {"total_id": identity, "starts_at": span.starts_at, "ends_at": span.ends_at}
                rows["range_total"].append({name: value for name, value in (known | about).items() if name in RANGE_TOTAL})
            else:
                about = {"event_id": identity, "grain": span.grain, "occurred_at": span.starts_at, "is_sidechain": False}
                stated = {"stated_at": reading.stated_at, "is_whole_bucket": reading.is_whole or restates}
                seen = about | stated | {"is_copy": False, "output_is_final": True}
                rows["observation"].append({name: value for name, value in (known | seen).items() if name in OBSERVATION})
    for table, found in rows.items():
        add_rows(sink, table, found)


def span_of(item: Fields) -> Span:
    """The time that a row is about. Raises Unclear."""
    starts_at, ends_at = moment(item.get("starting_at")), moment(item.get("ending_at"))
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        raise Unclear("A row has no starting_at and ending_at after it; save the API's response as it came.")
    grain = _GRAINS.get(ends_at - starts_at)
    return Span(starts_at, ends_at, None if grain == "day" and starts_at.time() != time() else grain)


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
