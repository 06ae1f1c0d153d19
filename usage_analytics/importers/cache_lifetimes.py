"""Cache lifetimes, worked out from the cost of a call: five-minute and one-hour writes have different prices.

Telemetry gives one count for both. Its cost is the client's own sum at list prices, so the share of one-hour writes is the one unknown in a
linear equation. US geography (× 1.1) and web searches, which telemetry doesn't name either, are tried too: a wrong guess hardly ever
gives a whole number of tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from usage_analytics.pricing.rates import Rate, list_rates

PICOS_A_NANO: Final = 1000
MOST_SEARCHES: Final = 5
_GEOGRAPHIES: Final = (None, "us")


@dataclass(frozen=True, slots=True)
class Split:
    """Cache writes by lifetime, in tokens, and what else the cost gives away."""

    write_5m: int
    write_1h: int
    geo: str | None = None
    web_searches: int | None = None


def solved(
    model: str | None,
    at: datetime,
    counts: Mapping[str, int | None],
    cost_nanos: int,
    *,
    fast: bool = False,
    precise_to_nanos: int = 1,
) -> Split | None:
    """Return the split that explains the cost; None if none does. `counts` has `cache_writes` and the columns of a call."""
    prompt = sum(counts.get(name) or 0 for name in ("input_tokens", "cache_read_tokens", "cache_writes"))
    tiers = {one.tier: one for one in _rates(model) if one.effective_from <= at < one.effective_to}
    long = tiers.get("long")
    rate = long if long and prompt > (long.above_tokens or 0) else tiers.get("standard")
    rate = tiers.get("fast", rate) if fast else rate
    if rate is None:
        return None
    writes = counts.get("cache_writes") or 0
    plain = sum(
        (counts.get(name) or 0) * picos
        for name, picos in (
            ("input_tokens", rate.input_picos),
            ("cache_read_tokens", rate.cache_read_picos),
            ("cache_writes", rate.cache_write_5m_picos),
            ("output_tokens", rate.output_picos),
        )
    )
    longer = rate.cache_write_1h_picos - rate.cache_write_5m_picos
    error = PICOS_A_NANO * precise_to_nanos
    exact = precise_to_nanos == 1  # a rounded cost can't tell more than one unknown
    between: Split | None = None
    for geo in _GEOGRAPHIES[: 2 if exact else 1]:
        for searches in range(MOST_SEARCHES + 1 if exact else 1):
            paid = (cost_nanos - searches * rate.web_search_nanos) * PICOS_A_NANO
            rest = (paid if geo is None else paid * 10 / 11) - plain
            hour = round(rest / longer)
            if 0 <= hour <= writes and abs(rest - hour * longer) <= error:
                found = Split(writes - hour, hour, geo, searches or None)
                if hour in (0, writes):  # nearly every call writes for one of the two lifetimes only
                    return found
                between = between or found
    return between


@cache
def _rates(model: str | None) -> tuple[Rate, ...]:
    return tuple(one for one in list_rates() if one.model == model)


def amounts(
    told: Mapping[str, Any], model: str | None, at: datetime, reported: int | None, *, fast: bool, precise_to_nanos: int = 1
) -> dict[str, Any]:
    """Token counts, with cache writes by lifetime.

    Where no split explains the cost, all writes count as five-minute ones, and the version, which would make that evidence of who paid, is
    left out.
    """
    writes = told.get("cache_creation_tokens")
    row = {name: told.get(name) for name in ("input_tokens", "cache_read_tokens", "output_tokens")}
    known = None
    if reported is not None:
        known = solved(model, at, row | {"cache_writes": writes}, reported, fast=fast, precise_to_nanos=precise_to_nanos)
    if known is None:
        return row | {"cache_write_5m_tokens": writes, "cache_write_1h_tokens": None if writes is None else 0}
    lifetimes = {"cache_write_5m_tokens": known.write_5m, "cache_write_1h_tokens": known.write_1h}
    return row | lifetimes | {"geo": known.geo, "web_searches": known.web_searches, "version": told.get("version")}
