"""The rate table and what a person lays over it."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from usage_analytics.errors import BadRequest
from usage_analytics.pricing.assumed import ASSUMED, with_assumed
from usage_analytics.pricing.models import known
from usage_analytics.pricing.overrides import PriceOverrides, read_overrides, with_overrides
from usage_analytics.pricing.rates import FOREVER, Rate, list_rates, picos, rates_digest

OWN: dict[str, Any] = {"input": 4, "output": 20, "cacheRead": 0.4, "cacheWrite": 5}


def test_the_rates_have_the_columns_of_the_table(project: Path) -> None:
    table = (project / "usage_analytics/store/migrations/001_events.sql").read_text(encoding="utf-8")
    body = table.split("create table rate (")[1].split(");")[0]
    folder = project / "usage_analytics/store/migrations"
    later = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql")))
    added = re.findall(r"alter table rate add column (\w+)", later)
    assert [line.split()[0] for line in body.strip().splitlines()] + added == list(Rate.__slots__)


def test_every_model_has_a_price_today_and_no_other_model_has() -> None:
    today = [rate.model for rate in list_rates() if rate.tier == "standard" and rate.effective_to == FOREVER]
    assert sorted(today) == sorted(known())


def test_no_two_rates_of_a_tier_hold_at_once() -> None:
    for one, other in combinations(list_rates(), 2):
        apart = one.effective_to <= other.effective_from or other.effective_to <= one.effective_from
        assert apart or (one.model, one.tier) != (other.model, other.tier)


def test_todays_rates_are_the_vendors_list(samples: Path) -> None:
    held = {(r.model, r.tier): r for r in list_rates() if r.effective_to == FOREVER}
    with (samples / "pricing" / "claude_list_rates_2026-11.csv").open(encoding="utf-8", newline="") as lines:
        listed = list(csv.DictReader(lines))
    for row in listed:
        for tier, prefix in (("standard", ""), ("long", "long_"), ("fast", "fast_")):
            if not row[f"{prefix}input"]:
                assert (row["first_party_id"], tier) not in held
                continue
            rate = held[row["first_party_id"], tier]
            for kind in ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output"):
                assert getattr(rate, f"{kind}_picos") == picos(Decimal(row[f"{prefix}{kind}"]))
            assert rate.above_tokens == (int(row["long_above_tokens"]) if tier == "long" else None)


def test_the_digest_changes_with_any_price_and_not_with_the_order() -> None:
    rates = list_rates()
    assert rates_digest(rates) == rates_digest(rates[::-1])
    assert rates_digest(rates) != rates_digest([replace(rates[0], output_picos=1), *rates[1:]])


def test_without_own_prices_the_list_stands() -> None:
    assert with_overrides(list_rates(), PriceOverrides()) == list_rates()
    assert read_overrides({}) == PriceOverrides()


def test_own_prices_are_found_inside_pasted_managed_settings() -> None:
    pasted = {"permissions": {}, "modelPricing": {"multiplier": "0.85", "overrides": {"claude-opus-5[1m]": OWN}}}
    read = read_overrides(pasted)
    assert read.multiplier == Decimal("0.85")
    assert read.models["claude-opus-5"][0].cache_write_1h == 5


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "must be a JSON object"),
        ({"multiplier": "free"}, "not a number"),
        ({"multiplier": -1}, "not a number"),
        ({"multiplier": True}, "not a number"),
        ({"multiplierFrom": "soon"}, " a date"),
        ({"multiplierFrom": 20261101}, " a date"),
        ({"discount": 0.1}, "discount"),
        ({"overrides": {"claude-opus-5": {"input": 4}}}, "lacks output, cacheRead, cacheWrite"),
        ({"overrides": {"claude-opus-5": OWN | {"cachewrite": 1}}}, "cachewrite"),
        ({"overrides": {"claude-opus-5": [OWN, OWN]}}, "one row for each date"),
        ({"overrides": {"claude-opus-5": []}}, "one row for each date"),
        ({"overrides": {"claude-opus-5": OWN, "Opus 5": OWN}}, "under two names"),
        ({"overrides": {" ": OWN}}, "has no model"),
    ],
)
def test_prices_that_cannot_be_understood_are_refused_in_a_sentence(data: object, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        read_overrides(data)


def test_names_and_rates_load_quickly_because_they_load_little() -> None:
    """Every worker process loads them."""
    code = "import sys, usage_analytics.pricing.models, usage_analytics.pricing.rates as r; r.list_rates(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pydantic", "pandas", "duckdb", "pyarrow", "numpy"} & set(loaded)


def test_the_newest_sonnet_is_assumed_unless_another_is_named() -> None:
    assert {one.model for one in with_assumed(list_rates())} == {one.model for one in list_rates()} | {ASSUMED}
    assumed = [replace(one, model="") for one in with_assumed(list_rates()) if one.model == ASSUMED]
    assert assumed == [replace(one, model="") for one in list_rates() if one.model == "claude-sonnet-5-5"]
    other = [one for one in with_assumed(list_rates(), "claude-opus-5-5") if one.model == ASSUMED]
    assert len(other) == sum(one.model == "claude-opus-5-5" for one in list_rates())


def test_a_model_that_is_assumed_has_a_price() -> None:
    assert read_overrides({"assumedModel": "Claude Opus 5.5"}).assumed_model == "claude-opus-5-5"
    assert read_overrides({"assumedModel": "mine", "overrides": {"mine": OWN}}).assumed_model == "mine"
    for name in ("gpt-5", 7, "", "sonnet"):
        with pytest.raises(BadRequest, match="No price is known for that model"):
            read_overrides({"assumedModel": name})
