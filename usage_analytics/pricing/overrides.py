"""The person's own prices, laid over the list rates: a table of their own, and an enterprise's multiplier.

The shape is that of Claude Code's managed setting `modelPricing`, dollars per million tokens, with dates added:

    {"multiplier": 0.85, "multiplierFrom": "2026-10-01", "overrides": {"claude-opus-5": {
        "input": 4, "output": 20, "cacheRead": 0.4, "cacheWrite": 5, "cacheWrite1h": 8, "from": "2026-09-01"}}}

A model may have a list of dated prices. An own price is charged as written: no tier, multiplier, surcharge or web search fee is
added. Without `cacheWrite1h`, `cacheWrite` holds for both lifetimes. The multiplier scales everything that is on the list.
`assumedModel` is the one at whose rates calls are estimated whose source names none. `sameAs` says which model an opaque name stands for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, Final

from usage_analytics.errors import BadRequest
from usage_analytics.filters import instant
from usage_analytics.pricing.assumed import assumed_model
from usage_analytics.pricing.models import canonical
from usage_analytics.pricing.profiles import read_profiles
from usage_analytics.pricing.rates import ALWAYS, FOREVER, Rate, picos

HIGHEST_PRICE: Final = Decimal(1_000_000)  # dollars per million tokens
HIGHEST_MULTIPLIER: Final = Decimal(100)
_PRICES: Final = ("input", "output", "cacheRead", "cacheWrite")
_SCALED: Final = (
    "input_picos",
    "cache_read_picos",
    "cache_write_5m_picos",
    "cache_write_1h_picos",
    "output_picos",
    "web_search_nanos",
)


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """What a model costs from a moment on, in dollars per million tokens."""

    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write_5m: Decimal
    cache_write_1h: Decimal
    start: datetime = ALWAYS


@dataclass(frozen=True, slots=True)
class PriceOverrides:
    """Own prices by canonical model id, in the order of their dates, the multiplier of everything else, and the assumed model."""

    multiplier: Decimal = Decimal(1)
    multiplier_start: datetime = ALWAYS
    models: Mapping[str, tuple[OwnPrice, ...]] = field(default_factory=dict)
    assumed_model: str | None = None
    profiles: Mapping[str, str] = field(default_factory=dict)


def read_overrides(data: object) -> PriceOverrides:
    """Own prices from JSON, also from whole managed settings that hold them. Raises BadRequest."""
    settings = _object(data, "The prices")
    settings = _object(settings.get("modelPricing", settings), "modelPricing")
    _known(settings, {"multiplier", "multiplierFrom", "overrides", "assumedModel", "sameAs"}, "The prices")
    rows = _object(settings.get("overrides", {}), "overrides")
    models: list[tuple[str, tuple[OwnPrice, ...]]] = []
    for name, given in rows.items():
        model = canonical(name)
        if model is None:
            raise BadRequest("A price has no model. Name its model.")
        prices = [_own_price(row, name) for row in (given if isinstance(given, list) else [given])]
        prices.sort(key=lambda price: price.start)
        if not prices or any(one.start == other.start for one, other in pairwise(prices)):
            raise BadRequest(f"The prices of {name} need one row for each date. Give every row its own “from”.")
        models.append((model, tuple(prices)))
    if twice := {name for name, times in Counter(name for name, _ in models).items() if times > 1}:
        raise BadRequest(f"{', '.join(sorted(twice))} has a price under two names. Keep one.")
    return PriceOverrides(
        multiplier=_number(settings.get("multiplier", 1), "multiplier", HIGHEST_MULTIPLIER),
        multiplier_start=_moment(settings.get("multiplierFrom"), "multiplierFrom"),
        models=dict(models),
        assumed_model=assumed_model(settings.get("assumedModel"), [name for name, _ in models]),
        profiles=read_profiles(_object(settings.get("sameAs", {}), "sameAs"), [name for name, _ in models]),
    )


def with_overrides(rates: Iterable[Rate], overrides: PriceOverrides) -> tuple[Rate, ...]:
    """The rates that apply for this person: own prices in place of the list's from their date on, the rest multiplied."""
    own = [
        Rate(
            model=model,
            effective_from=price.start,
            effective_to=end,
            tier="standard",
            above_tokens=None,
            input_picos=picos(price.input),
            cache_read_picos=picos(price.cache_read),
            cache_write_5m_picos=picos(price.cache_write_5m),
            cache_write_1h_picos=picos(price.cache_write_1h),
            output_picos=picos(price.output),
            web_search_nanos=0,
            surcharges=False,
        )
        for model, prices in overrides.models.items()
        for price, end in zip(prices, [later.start for _, later in pairwise(prices)] + [FOREVER], strict=True)
    ]
    begins = {model: prices[0].start for model, prices in overrides.models.items()}
    listed: list[Rate] = []
    for rate in rates:
        for part in _between(rate, ALWAYS, begins.get(rate.model, FOREVER)):
            listed += _between(part, ALWAYS, overrides.multiplier_start)
            for later in _between(part, overrides.multiplier_start, FOREVER):
                scaled = {name: round(getattr(later, name) * overrides.multiplier) for name in _SCALED}
                listed.append(replace(later, **scaled))
    return (*listed, *own)


def _between(rate: Rate, start: datetime, end: datetime) -> Iterator[Rate]:
    """The rate within `[start, end)`; nothing when it does not apply there."""
    part = replace(rate, effective_from=max(rate.effective_from, start), effective_to=min(rate.effective_to, end))
    if part.effective_from < part.effective_to:
        yield part


def _own_price(data: object, name: str) -> OwnPrice:
    row = _object(data, f"The price of {name}")
    _known(row, {*_PRICES, "cacheWrite1h", "from"}, f"The price of {name}")
    if missing := [one for one in _PRICES if one not in row]:
        raise BadRequest(f"The price of {name} lacks {', '.join(missing)}. Write it in dollars per million tokens.")
    prices = {one: _number(row[one], f"{one} of {name}", HIGHEST_PRICE) for one in (*_PRICES, "cacheWrite1h") if one in row}
    return OwnPrice(
        input=prices["input"],
        output=prices["output"],
        cache_read=prices["cacheRead"],
        cache_write_5m=prices["cacheWrite"],
        cache_write_1h=prices.get("cacheWrite1h", prices["cacheWrite"]),
        start=_moment(row.get("from"), f"from of {name}"),
    )


def _object(data: object, what: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise BadRequest(f"{what} must be a JSON object with names and values. See Settings for an example.")
    return data


def _known(row: Mapping[str, object], names: set[str], what: str) -> None:
    if unknown := sorted(set(row) - names):
        raise BadRequest(f"{what} holds {', '.join(unknown)}, which we don't recognize. Use {', '.join(sorted(names))}.")


def _number(value: object, what: str, highest: Decimal) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or not 0 <= number <= highest:
        raise BadRequest(f"{what} is not a number from 0 to {highest:,}. Write it without a currency sign.")
    return number


def _moment(value: object, what: str) -> datetime:
    if value is None:
        return ALWAYS
    if not isinstance(value, str):
        raise BadRequest(f"{what} isn't a date. Write it like 2026-11-01.")
    return max(instant(value), ALWAYS)
