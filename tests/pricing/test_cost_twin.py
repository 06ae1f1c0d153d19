"""The price of a call once more, in exact fractions and from the rates alone, against the expression on thousands of drawn calls."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pytest

from tests.pricing.test_cost import COLUMNS, connection_with
from usage_analytics.errors import BadRequest
from usage_analytics.events import TOKEN_COLUMNS
from usage_analytics.pricing.overrides import OwnPrice, PriceOverrides, read_overrides, with_overrides
from usage_analytics.pricing.rates import ALWAYS, FOREVER, Rate

FIRST, SECOND, THIRD = datetime(2026, 3, 1), datetime(2026, 6, 1), datetime(2026, 9, 1)
MICROSECOND: Final = timedelta(microseconds=1)
MOMENTS: Final = [moment + step for moment in (FIRST, SECOND, THIRD) for step in (-MICROSECOND, 0 * MICROSECOND, MICROSECOND)]
COUNTS: Final = (None, None, 0, 1, 3, 7, 500, 999, 1000, 1001, 123_457, 10**15)
PROMPT: Final = TOKEN_COLUMNS[:4]
FOUND: Final = ("computed_cost_nanos", "computed_estimated_cost_nanos", "cache_read_cost_nanos", "fresh_prompt_cost_nanos")

Call = dict[str, Any]


def rate(
    model: str, start: datetime, end: datetime, tier: str, *, unit: int, above: int | None = None, extra: bool = True
) -> Rate:
    """A rate with prices that are easily told apart, and whose sums fall between two nano-dollars."""
    return Rate(
        model, start, end, tier, above, *(unit * prime + 1 for prime in (3, 5, 7, 11, 13)), 17 * unit, extra, model == "lasting"
    )


RATES: Final = (
    rate("changing", ALWAYS, FIRST, "standard", unit=50),
    rate("changing", FIRST, THIRD, "standard", unit=70),  # and none after it
    rate("changing", ALWAYS, SECOND, "long", unit=110, above=1000),
    rate("changing", SECOND, FOREVER, "fast", unit=190),
    rate("lasting", ALWAYS, FOREVER, "standard", unit=230),
    rate("lasting", FIRST, SECOND, "fast", unit=290),
    rate("lasting", SECOND, THIRD, "long", unit=310, above=3),
    rate("own", ALWAYS, FOREVER, "standard", unit=370, extra=False),
    rate("own", ALWAYS, FOREVER, "long", unit=410, above=1000, extra=False),
)


def drawn(chance: random.Random) -> Call:
    """A call or bucket of any kind; now and then with counts that cannot be, which still have to be rounded."""
    call: Call = {
        "model": chance.choice(["changing", "changing", "lasting", "lasting", "own", "unknown", None]),
        "model_raw": chance.choice([None, "us.anthropic.lasting", "global.anthropic.lasting", "anthropic.lasting", "lasting"]),
        "occurred_at": chance.choice(MOMENTS),
        "grain": chance.choice(["call", "call", "call", "hour"]),
        **{name: chance.choice(COUNTS) for name in TOKEN_COLUMNS},
        "web_searches": chance.choice([None, None, 0, 1, 5]),
        "speed": chance.choice([None, None, "standard", "fast"]),
        "geo": chance.choice([None, "us", "global"]),
        "batch": chance.choice([None, False, True]),
        "iterations": [{name: chance.choice(COUNTS) for name in TOKEN_COLUMNS} for _ in range(2)]
        if chance.random() < 0.3
        else None,
        "extra": chance.choice([None, '{"long_context": "true"}', '{"long_context": "false"}']),
        "estimated_output_tokens": chance.choice([None, 0, 1, 40, 5000]),
    }
    if chance.random() < 0.3:  # little, so that rounding shows
        call |= {name: chance.choice([None, 0, 1, 2, 3]) for name in TOKEN_COLUMNS}
    if chance.random() < 0.05:
        call |= dict.fromkeys((*TOKEN_COLUMNS, "iterations"))
    if chance.random() < 0.05:
        call["input_tokens"] = -chance.randint(1, 40)
    return call


def rates_of(rates: tuple[Rate, ...], call: Call) -> dict[str, Rate]:
    """The rates of the call's model at its time, by tier; nothing where it has no standard rate."""
    held = {
        one.tier: one
        for one in rates
        if one.model == call["model"] and one.effective_from <= call["occurred_at"] < one.effective_to
    }
    return held if "standard" in held else {}


def is_long(counts: Call, held: dict[str, Rate]) -> bool:
    return sum(counts[name] or 0 for name in PROMPT) > (held["long"].above_tokens or 0)


def charge(counts: Call, held: Rate, names: tuple[str, ...]) -> int:
    """Picodollars for the tokens of these kinds."""
    return sum((counts[name] or 0) * int(getattr(held, name.replace("_tokens", "_picos"))) for name in names)


def expected(rates: tuple[Rate, ...], call: Call) -> tuple[int | None, ...]:
    """The four amounts, in whole nano-dollars."""
    held = rates_of(rates, call)
    is_counted = any(call[name] is not None for name in TOKEN_COLUMNS) or call["web_searches"]
    if not held or not is_counted:
        return (None,) * 4
    if call["speed"] == "fast" and "fast" in held:
        parts = [(call, held["fast"])]
    elif "long" not in held:
        parts = [(call, held["standard"])]
    elif call["grain"] != "call":
        parts = [(call, held["long" if call["extra"] == '{"long_context": "true"}' else "standard"])]
    else:
        parts = [(one, held["long" if is_long(one, held) else "standard"]) for one in call["iterations"] or [call]]
    read, fresh, output = (
        sum(charge(counts, tier, names) for counts, tier in parts)
        for names in (
            ("cache_read_tokens",),
            ("input_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens"),
            ("output_tokens",),
        )
    )
    likely = call["output_tokens"] if call["estimated_output_tokens"] is None else call["estimated_output_tokens"]
    more = ((likely or 0) - (call["output_tokens"] or 0)) * parts[-1][1].output_picos
    standard = held["standard"]
    factor = Fraction(1, 1000)
    if standard.surcharges:
        regional = standard.regional and call["model_raw"] == "us.anthropic.lasting"
        factor *= (Fraction(11, 10) if call["geo"] == "us" or regional else 1) * (Fraction(1, 2) if call["batch"] else 1)
    searches = (call["web_searches"] or 0) * standard.web_search_nanos
    cost = (read + fresh + output) * factor + searches
    return tuple(map(rounded, (cost, cost + more * factor, read * factor, fresh * factor)))


def rounded(amount: Fraction) -> int | None:
    """To whole nano-dollars, half away from zero; None for what no ledger holds."""
    size = (abs(amount) + Fraction(1, 2)).__floor__()
    return (size if amount >= 0 else -size) if size < 2**63 else None


@pytest.fixture(scope="module")
def ledger() -> Iterator[duckdb.DuckDBPyConnection]:
    with connection_with(RATES, Path(__file__).parents[2]) as connection:
        yield connection


def test_the_expression_is_the_formula_to_the_nano_dollar(ledger: duckdb.DuckDBPyConnection) -> None:
    chance = random.Random(83)
    calls = [drawn(chance) for _ in range(6000)]
    ledger.register("drawn", pa.Table.from_pylist([call | {"id": number} for number, call in enumerate(calls)]))
    ledger.execute(f"create or replace table numbered as select id, {', '.join(COLUMNS)}, estimated_output_tokens from drawn")
    found = ledger.execute(f"select id, {', '.join(FOUND)} from priced('numbered') order by id").fetchall()
    assert [row[0] for row in found] == list(range(len(calls)))
    for call, (_, *amounts) in zip(calls, found, strict=True):
        assert tuple(amounts) == expected(RATES, call), call


def test_own_prices_hold_from_their_dates_and_the_multiplier_scales_the_rest_from_its_own() -> None:
    dated = {"changing": ((FIRST, 2), (THIRD, 3)), "new": ((SECOND, 4),)}
    own = {
        model: tuple(OwnPrice(*(Decimal(kind * dollars) for kind in range(1, 6)), start=start) for start, dollars in prices)
        for model, prices in dated.items()
    }
    merged = with_overrides(RATES, PriceOverrides(Decimal("1.5"), SECOND, own))
    assert all(one.effective_from < one.effective_to for one in merged)
    for model, moment in product(("changing", "lasting", "own", "new"), (ALWAYS, *MOMENTS, FOREVER - MICROSECOND)):
        listed, held = (
            {one.tier: one for one in rates if one.model == model and one.effective_from <= moment < one.effective_to}
            for rates in (RATES, merged)
        )
        price = [dollars for start, dollars in dated.get(model, ()) if start <= moment][-1:]
        if price:
            (only,) = held.values()
            picos = [
                getattr(only, f"{kind}_picos") for kind in ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
            ]
            assert picos == [kind * price[0] * 1_000_000 for kind in range(1, 6)]
            assert (only.tier, only.web_search_nanos, only.surcharges, only.above_tokens) == ("standard", 0, False, None)
            continue
        assert held.keys() == listed.keys()
        scale = Decimal("1.5") if moment >= SECOND else 1
        for tier, one in held.items():
            assert (one.above_tokens, one.surcharges) == (listed[tier].above_tokens, listed[tier].surcharges)
            for name in (*(name.replace("_tokens", "_picos") for name in TOKEN_COLUMNS), "web_search_nanos"):
                assert getattr(one, name) == round(getattr(listed[tier], name) * scale)


def price_of(**row: object) -> PriceOverrides:
    return read_overrides({"overrides": {"Opus 5": {"input": 1, "output": 2, "cacheRead": 3, "cacheWrite": 4} | row}})


def test_prices_are_accepted_up_to_the_highest_and_from_zero() -> None:
    own = price_of(input=0, output=1_000_000, cacheWrite1h=7, **{"from": "2026-06-01"}).models["claude-opus-5"]
    assert own == (OwnPrice(*map(Decimal, (0, 1_000_000, 3, 4, 7)), start=SECOND),)
    assert read_overrides({"multiplier": 100}).multiplier == 100
    assert read_overrides({"multiplier": 0, "multiplierFrom": "1950-01-01"}) == PriceOverrides(Decimal(0), ALWAYS, {})
    assert price_of(**{"from": "2026-06-01T02:00+02:00"}).models["claude-opus-5"][0].start == SECOND
    for wrong in (
        {"input": 1_000_001},
        {"output": -0.01},
        {"cacheRead": "NaN"},
        {"cacheWrite": "Infinity"},
        {"cacheWrite1h": None},
    ):
        with pytest.raises(BadRequest, match="not a number"):
            price_of(**wrong)
    with pytest.raises(BadRequest, match="not a number"):
        read_overrides({"multiplier": 100.01})


def test_dated_prices_are_taken_in_the_order_of_their_dates() -> None:
    row = {"input": 1, "output": 2, "cacheRead": 3, "cacheWrite": 4}
    rows = [row | {"from": day} for day in ("2026-09-01", "2026-03-01", "2026-06-01")]
    (prices,) = read_overrides({"overrides": {"opus-5": rows}}).models.values()
    assert [one.start for one in prices] == [FIRST, SECOND, THIRD]
