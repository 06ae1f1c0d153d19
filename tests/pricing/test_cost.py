"""The price of a call: hand-priced cases, the vendor's own figures, and an independent calculation in exact decimals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from usage_analytics.events import OBSERVATION, TOKEN_COLUMNS
from usage_analytics.pricing.cost import cost_sql
from usage_analytics.pricing.models import canonical, known
from usage_analytics.pricing.overrides import read_overrides, with_overrides
from usage_analytics.pricing.rates import Rate, list_rates

NOW = datetime(2026, 11, 20, 12)
COLUMNS = (
    "model_raw",
    "model",
    "occurred_at",
    "grain",
    *TOKEN_COLUMNS,
    "web_searches",
    "speed",
    "geo",
    "batch",
    "iterations",
    "extra",
)
Price = Callable[..., Decimal | None]


def usd(nanos: int | None) -> Decimal | None:
    return None if nanos is None else Decimal(nanos) / 1_000_000_000


def connection_with(rates: Iterable[Rate], project: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for migration in ("001_events", "011_regional_rates", "016_profiles"):
        connection.execute((project / f"usage_analytics/store/migrations/{migration}.sql").read_text(encoding="utf-8"))
    rows = [[getattr(rate, name) for name in Rate.__slots__] for rate in rates]
    connection.executemany(f"insert into rate values ({', '.join('?' * len(Rate.__slots__))})", rows)
    columns = ", ".join(f"{name} {OBSERVATION[name]}" for name in COLUMNS)
    connection.execute(f"create table asked ({columns}, estimated_output_tokens bigint)")
    connection.execute(cost_sql())
    return connection


@pytest.fixture(scope="module")
def project() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="module")
def ledger(project: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connection_with(list_rates(), project) as connection:
        yield connection


def answers(connection: duckdb.DuckDBPyConnection, **call: Any) -> dict[str, int | None]:
    """The four columns of `priced` for one call: a spelling of a model, a time, counts by the first words of their names."""
    row = {"occurred_at": NOW, "grain": "call"} | {
        f"{name}_tokens" if name in SHORT else name: value for name, value in call.items()
    }
    row["model"] = canonical(row.pop("model"))
    connection.execute("delete from asked")
    connection.execute(f"insert into asked ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values()))
    result = connection.execute(
        "select computed_cost_nanos, computed_estimated_cost_nanos, cache_read_cost_nanos, fresh_prompt_cost_nanos from priced('asked')"
    )
    names = [column[0] for column in result.description]
    (only,) = result.fetchall()
    return dict(zip(names, only, strict=True))


SHORT = {"input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "estimated_output"}


@pytest.fixture
def price(ledger: duckdb.DuckDBPyConnection) -> Price:
    return lambda **call: usd(answers(ledger, **call)["computed_cost_nanos"])


@pytest.mark.parametrize("line", range(10))
def test_the_figures_that_the_vendors_client_printed(price: Price, samples: Path, line: int) -> None:
    golden = json.loads((samples / "pricing" / "golden_costs.jsonl").read_text(encoding="utf-8").splitlines()[line])
    names = {"input": "input", "cw5m": "cache_write_5m", "cw1h": "cache_write_1h", "cread": "cache_read", "output": "output"}
    cost = price(model=golden["model"], **{name: golden[key] for key, name in names.items()})
    assert cost == pytest.approx(Decimal(str(golden["cost_usd"])), abs=Decimal("1e-9"))


# fmt: off
HAND_PRICED = {
    "every kind of token at its own rate": ("sonnet 4.5", {"input": 1000, "cache_read": 10_000, "cache_write_5m": 2000,
        "cache_write_1h": 500, "output": 300}, "0.021"),
    "a cache write that lives an hour costs more": ("claude-opus-5-5", {"cache_write_1h": 1_000_000}, "8"),
    "one that lives five minutes costs less": ("claude-opus-5-5", {"cache_write_5m": 1_000_000}, "5"),
    "a cache read is not a tenth of the input everywhere": ("claude-fable-5-1", {"cache_read": 1_000_000}, "0.25"),
    "opus before 4.5": ("claude-opus-4-1", {"input": 1_000_000, "output": 1_000_000}, "90"),
    "opus since 4.5": ("claude-opus-4.5", {"input": 1_000_000, "output": 1_000_000}, "30"),
    "the 1M variant": ("claude-opus-5[1m]", {"input": 400_000, "cache_read": 100_000}, "2.05"),
    "a Bedrock id": ("us.anthropic.claude-haiku-4-5-20251001-v1:0", {"input": 1_000_000}, "1"),
    "an old haiku": ("claude-3-5-haiku-latest", {"input": 1_000_000, "output": 1_000_000}, "4.8"),
    "web searches": ("claude-opus-5", {"output": 1000, "web_searches": 3}, "0.055"),
    "US geography": ("claude-opus-5", {"input": 1_000_000, "geo": "us"}, "5.5"),
    "geography elsewhere": ("claude-opus-5", {"input": 1_000_000, "geo": "global"}, "5"),
    "US geography leaves web searches alone": ("claude-opus-5", {"input": 1_000_000, "geo": "us", "web_searches": 1}, "5.51"),
    "a batch": ("claude-opus-5", {"input": 1_000_000, "output": 100_000, "batch": True}, "3.75"),
    "a batch leaves web searches alone": ("claude-opus-5", {"input": 1_000_000, "batch": True, "web_searches": 1}, "2.51"),
    "a batch in the US": ("claude-opus-5", {"input": 1_000_000, "batch": True, "geo": "us"}, "2.75"),
    "fast": ("claude-opus-4-6", {"input": 1_000_000, "output": 1_000_000, "speed": "fast"}, "180"),
    "fast at the later, lower rate": ("claude-opus-5", {"input": 1_000_000, "output": 1_000_000, "speed": "fast"}, "60"),
    "fast cache": ("claude-fable-5-2", {"cache_read": 1_000_000, "cache_write_1h": 1_000_000, "speed": "fast"}, "32.4"),
    "fast where a model has no fast rates": ("claude-sonnet-5", {"input": 1_000_000, "speed": "fast"}, "2"),
    "a fast batch": ("claude-opus-5", {"input": 1_000_000, "speed": "fast", "batch": True}, "5"),
    "a long prompt, wholly at the long rate": ("claude-haiku-5-5", {"input": 60_000, "cache_read": 40_001, "output": 1000}, "0.03450005"),
    "a prompt just at the threshold": ("claude-haiku-5-5", {"input": 60_000, "cache_read": 40_000, "output": 1000}, "0.0069"),
    "cache writes make a prompt long": ("claude-haiku-5-5", {"cache_write_5m": 60_000, "cache_write_1h": 40_001}, "0.077501"),
    "output does not": ("claude-haiku-5-5", {"input": 1000, "output": 200_000}, "0.1001"),
    "half a nano-dollar goes up": ("claude-haiku-5-5", {"input": 1, "batch": True}, "0.00000005"),
    "a tenth of a nano-dollar goes down": ("claude-haiku-5-5", {"cache_read": 1, "geo": "us"}, "0.000000011"),
    "nothing but zeros is free": ("claude-opus-5", dict.fromkeys(("input", "cache_read", "output"), 0), "0"),
    "counts that are missing add nothing": ("claude-opus-5", {"output": 1000}, "0.025"),
    "more tokens than a machine word of picodollars": ("claude-opus-4-1", {"output": 10**12}, "75000000"),
}
# fmt: on


@pytest.mark.parametrize("case", HAND_PRICED)
def test_hand_priced(price: Price, case: str) -> None:
    model, counts, dollars = HAND_PRICED[case]
    assert price(model=model, **counts) == Decimal(dollars)


def test_a_rate_holds_until_the_day_it_changed(price: Price) -> None:
    tokens = {"model": "claude-sonnet-5-5", "cache_read": 1_000_000}
    assert price(**tokens, occurred_at=datetime(2026, 10, 6, 23, 59, 59)) == Decimal("0.2")
    assert price(**tokens, occurred_at=datetime(2026, 10, 7)) == Decimal("0.1")


@pytest.mark.parametrize("model", ["claude-sonnet-4", "claude-sonnet-4-5", "claude-sonnet-4-6"])
def test_the_premium_for_prompts_over_200k_ended_in_march_2026(price: Price, model: str) -> None:
    tokens = {"model": model, "input": 100_000, "cache_read": 100_000, "cache_write_5m": 1000, "output": 1000}
    # dollars a million: 6, 0.6, 7.5 and 22.5, then 3, 0.3, 3.75 and 15
    assert price(**tokens, occurred_at=datetime(2026, 3, 12, 23)) == Decimal("0.69")
    assert price(**tokens, occurred_at=datetime(2026, 3, 13)) == Decimal("0.34875")


def test_fast_has_no_long_tier(price: Price) -> None:
    tokens = {"model": "claude-opus-4-6", "input": 300_000, "occurred_at": datetime(2026, 2, 1)}
    assert price(**tokens) == Decimal(3)
    assert price(**tokens, speed="fast") == Decimal(9)


def a_pass(**counts: int) -> dict[str, int]:
    return {name: counts.get(name.removesuffix("_tokens"), 0) for name in TOKEN_COLUMNS}


def test_each_pass_of_a_call_is_judged_by_its_own_length(ledger: duckdb.DuckDBPyConnection) -> None:
    passes = [a_pass(input=60_000, output=100), a_pass(cache_read=60_000, input=41_000, output=100)]
    totals = {"input": 101_000, "cache_read": 60_000, "output": 200}
    cost = answers(ledger, model="claude-haiku-5-5", **totals, iterations=passes)
    # 60,000 × 0.1 + 100 × 0.5, and 60,000 × 0.05 + 41,000 × 0.5 + 100 × 2.5, in millionths of a dollar
    assert usd(cost["computed_cost_nanos"]) == Decimal("0.006050") + Decimal("0.023750")
    assert usd(cost["cache_read_cost_nanos"]) == Decimal("0.003")
    assert usd(cost["fresh_prompt_cost_nanos"]) == Decimal("0.0265")
    assert usd(answers(ledger, model="claude-haiku-5-5", **totals)["computed_cost_nanos"]) == Decimal("0.054")


def test_an_output_cut_off_in_the_last_pass_is_charged_as_that_pass_is(ledger: duckdb.DuckDBPyConnection) -> None:
    passes = [a_pass(input=60_000, output=100), a_pass(input=150_000, output=1)]
    cost = answers(ledger, model="claude-haiku-5-5", input=210_000, output=101, estimated_output=1101, iterations=passes)
    assert usd(cost["computed_estimated_cost_nanos"] - cost["computed_cost_nanos"]) == Decimal("0.0025")  # type: ignore[operator]


def test_a_bucket_of_calls_is_never_a_long_prompt(price: Price) -> None:
    assert price(model="claude-haiku-5-5", grain="day", input=5_000_000) == Decimal("0.5")


def test_an_estimated_output_changes_the_estimate_only(ledger: duckdb.DuckDBPyConnection) -> None:
    cost = answers(ledger, model="claude-opus-5", input=1000, output=3, estimated_output=1003, batch=True, geo="us")
    assert usd(cost["computed_cost_nanos"]) == Decimal("0.00279125")
    assert usd(cost["computed_estimated_cost_nanos"]) == Decimal("0.01654125")


def test_the_parts_of_a_prompt_and_the_output_add_up(ledger: duckdb.DuckDBPyConnection) -> None:
    cost = answers(
        ledger, model="claude-sonnet-5-5", input=7, cache_read=90_000, cache_write_5m=11, cache_write_1h=13, output=100
    )
    assert usd(cost["cache_read_cost_nanos"]) == Decimal("0.009")
    assert usd(cost["fresh_prompt_cost_nanos"]) == Decimal("0.0000935")
    assert usd(cost["computed_cost_nanos"]) == Decimal("0.0100935")


@pytest.mark.parametrize("model", [None, "claude-opus-9", "sonnet", "gpt-5.2-codex", "<synthetic>"])
def test_a_model_without_a_rate_is_unpriced_and_not_free(ledger: duckdb.DuckDBPyConnection, model: str | None) -> None:
    assert set(answers(ledger, model=model, input=1000, output=10, web_searches=1).values()) == {None}


def test_a_call_without_any_count_is_unpriced(price: Price) -> None:
    assert price(model="claude-opus-5") is None
    assert price(model="claude-opus-5", web_searches=0) is None
    assert price(model="claude-opus-5", web_searches=2) == Decimal("0.02")
    assert price(model="claude-opus-5", output=0) == 0


def test_a_sum_that_no_ledger_holds_is_unpriced_and_ends_nothing(price: Price) -> None:
    assert price(model="claude-opus-5", input=2**63 - 1, output=2**63 - 1) is None


def test_every_row_stays_one_row_with_its_columns(ledger: duckdb.DuckDBPyConnection) -> None:
    ledger.execute("delete from asked")
    ledger.execute(
        "insert into asked (model, occurred_at, grain, input_tokens) select 'claude-opus-4-6', $1, 'call', i from range(500) t(i)",
        [NOW],
    )
    result = ledger.execute("with few as (from asked where input_tokens < 400) select * from priced('few')")
    assert [column[0] for column in result.description][: len(COLUMNS)] == list(COLUMNS)
    assert len(result.description) == len(COLUMNS) + 1 + 5
    assert len(result.fetchall()) == 400


OVERRIDES = {
    "multiplier": 0.5,
    "multiplierFrom": "2026-11-01",
    "overrides": {
        "Claude Opus 4.6": {"input": 4, "output": 20, "cacheRead": 0.4, "cacheWrite": 5},
        "gpt-5.2-codex": [
            {"input": 1, "output": 10, "cacheRead": 0.1, "cacheWrite": 1, "from": "2026-06-01"},
            {"input": 2, "output": 10, "cacheRead": 0.1, "cacheWrite": 1, "cacheWrite1h": 3, "from": "2026-08-01"},
        ],
    },
}


@pytest.fixture(scope="module")
def own_ledger(project: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connection_with(with_overrides(list_rates(), read_overrides(OVERRIDES)), project) as connection:
        yield connection


def test_an_own_price_is_charged_as_written(own_ledger: duckdb.DuckDBPyConnection) -> None:
    million = dict.fromkeys(("input", "cache_read", "cache_write_5m", "cache_write_1h", "output"), 1_000_000)
    for extra in ({}, {"geo": "us", "batch": True, "web_searches": 5}, {"speed": "fast"}, {"occurred_at": datetime(2026, 2, 1)}):
        assert usd(answers(own_ledger, model="claude-opus-4-6", **million, **extra)["computed_cost_nanos"]) == Decimal("34.4")


def test_an_own_price_holds_from_its_date(own_ledger: duckdb.DuckDBPyConnection) -> None:
    call = {"model": "gpt-5.2-codex", "input": 1_000_000, "cache_write_1h": 1_000_000}
    assert answers(own_ledger, **call, occurred_at=datetime(2026, 5, 31))["computed_cost_nanos"] is None
    assert usd(answers(own_ledger, **call, occurred_at=datetime(2026, 6, 1))["computed_cost_nanos"]) == 2
    assert usd(answers(own_ledger, **call, occurred_at=datetime(2026, 8, 1))["computed_cost_nanos"]) == 5


def test_a_multiplier_scales_the_list_from_its_date(own_ledger: duckdb.DuckDBPyConnection) -> None:
    call = {"model": "claude-opus-5", "input": 1_000_000, "geo": "us", "web_searches": 1}
    assert usd(answers(own_ledger, **call, occurred_at=datetime(2026, 10, 31))["computed_cost_nanos"]) == Decimal("5.51")
    assert usd(answers(own_ledger, **call, occurred_at=datetime(2026, 11, 1))["computed_cost_nanos"]) == Decimal("2.755")


def reference(call: dict[str, Any], output: int) -> Decimal:
    """The vendor's formula once more, in exact decimals and without SQL."""
    rows = {
        r.tier: r for r in list_rates() if r.model == call["model"] and r.effective_from <= call["occurred_at"] < r.effective_to
    }
    prompt = sum(call[name] for name in TOKEN_COLUMNS[:4])
    tier = "fast" if call["speed"] == "fast" and "fast" in rows else "standard"
    if tier == "standard" and "long" in rows and prompt > (rows["long"].above_tokens or 0):
        tier = "long"
    picos = sum(count * getattr(rows[tier], name.replace("_tokens", "_picos")) for name, count in counts(call, output).items())
    dollars = Decimal(picos) / 10**12 * (Decimal("1.1") if call["geo"] == "us" else 1) * (Decimal("0.5") if call["batch"] else 1)
    return (dollars + call["web_searches"] * Decimal("0.01")).quantize(Decimal("1e-9"), ROUND_HALF_UP)


def counts(call: dict[str, Any], output: int) -> dict[str, int]:
    return {name: call[name] for name in TOKEN_COLUMNS} | {"output_tokens": output}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    call=st.fixed_dictionaries(
        {
            "model": st.sampled_from(known()),
            "occurred_at": st.datetimes(datetime(2025, 6, 1), datetime(2026, 12, 31)),
            **{name: st.integers(0, 400_000) for name in TOKEN_COLUMNS},
            "web_searches": st.integers(0, 5),
            "speed": st.sampled_from([None, "fast", "standard"]),
            "geo": st.sampled_from([None, "us", "global"]),
            "batch": st.booleans(),
        }
    ),
    more=st.integers(0, 5000),
)
def test_the_expression_agrees_with_the_formula_in_exact_decimals(
    ledger: duckdb.DuckDBPyConnection, call: dict[str, Any], more: int
) -> None:
    cost = answers(ledger, **call, estimated_output_tokens=call["output_tokens"] + more)
    assert usd(cost["computed_cost_nanos"]) == reference(call, call["output_tokens"])
    assert usd(cost["computed_estimated_cost_nanos"]) == reference(call, call["output_tokens"] + more)


def test_the_long_tier_of_a_bucket_is_what_its_export_says_and_never_its_sum(ledger: duckdb.DuckDBPyConnection) -> None:
    bucket = {"model": "claude-haiku-5-5", "grain": "day", "input": 1_000_000, "output": 0}
    assert answers(ledger, **bucket)["computed_cost_nanos"] == 100_000_000
    assert answers(ledger, **bucket, extra='{"long_context": "true"}')["computed_cost_nanos"] == 500_000_000
