"""The person's own prices beside the database: whole, one by one, and the model that is assumed where a source names none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.databases import rows
from usage_analytics.errors import BadRequest
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store
from usage_analytics.store.own_rates import (
    assumed_for,
    clear_own_prices,
    has_own_prices,
    rates_for,
    set_assumed_model,
    set_own_price,
    set_own_prices,
    set_profile,
)

BEDROCK = next((Path(__file__).parents[1] / "fixtures" / "bedrock").glob("*.jsonl"))
PROFILE = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/q7x2k9p1"
CHATS = Path(__file__).parents[1] / "fixtures" / "claude_ai" / "conversations.json"
PRICE = {"input": 2, "output": 8, "cacheRead": 0.5, "cacheWrite": 2}


def test_the_assumed_model_reprices_the_past_and_can_be_undone(store_path: Path) -> None:
    def spent() -> int:
        with_rates = Store(store_path, rates_for(store_path))
        found = rows(with_rates, "select sum(cost_nanos)::bigint as nanos from call")[0]["nanos"]
        with_rates.close()
        return int(found)

    store = Store(store_path, rates_for(store_path))
    import_paths(store, [CHATS])
    store.close()
    before = spent()
    set_assumed_model(store_path, "opus-5.5")
    assert assumed_for(store_path) == "claude-opus-5-5"
    assert spent() > 1.5 * before
    set_assumed_model(store_path, "claude-sonnet-5-5")
    assert spent() == before
    assert not has_own_prices(store_path)


def test_one_price_is_laid_beside_the_others(tmp_path: Path, store_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"modelPricing": {"overrides": {"gpt-5": PRICE}}}))
    set_own_prices(store_path, file)
    set_own_price(store_path, "composer-2.5", PRICE)
    assert {"gpt-5", "composer-2.5"} <= {rate.model for rate in rates_for(store_path)}
    with pytest.raises(BadRequest, match="lacks output"):
        set_own_price(store_path, "other", {"input": 1, "cacheRead": 1, "cacheWrite": 1})
    assert "other" not in {rate.model for rate in rates_for(store_path)}


def test_clearing_the_prices_keeps_what_is_assumed(store_path: Path) -> None:
    set_assumed_model(store_path, "claude-opus-5-5")
    set_own_price(store_path, "composer-2.5", PRICE)
    assert has_own_prices(store_path)
    clear_own_prices(store_path)
    assert (has_own_prices(store_path), assumed_for(store_path)) == (False, "claude-opus-5-5")
    with pytest.raises(BadRequest, match="No price is known for that model"):
        set_assumed_model(store_path, "gpt-5")


@pytest.mark.parametrize(
    ("model", "nanos"),
    [("global.anthropic.claude-opus-4-6-v1", 4_750_000), ("us.anthropic.claude-opus-4-6-v1", 5_225_000)],
    ids=["global", "regional"],
)
def test_a_profile_is_shown_and_priced_as_the_model_that_it_stands_for(model: str, nanos: int, store_path: Path) -> None:
    store = Store(store_path, rates_for(store_path))
    import_paths(store, [BEDROCK])
    asked = f"select model, cost_nanos from call where model_raw = '{PROFILE}'"
    assert rows(store, asked) == [{"model": PROFILE, "cost_nanos": None}]
    store.close()
    set_own_price(store_path, PROFILE, PRICE)  # which the model takes the place of
    set_profile(store_path, PROFILE, model)
    again = Store(store_path, rates_for(store_path))
    assert rows(again, asked) == [{"model": "claude-opus-4-6", "cost_nanos": nanos}]
    again.close()
    clear_own_prices(store_path)
    assert {rate.known_as for rate in rates_for(store_path) if rate.model == PROFILE} == {"claude-opus-4-6"}


def test_a_profile_needs_a_model_with_a_price_and_a_model_is_none(store_path: Path) -> None:
    for name, model in ((PROFILE, "a-model-of-mine"), (PROFILE, ""), ("", "claude-opus-5")):
        with pytest.raises(BadRequest, match="needs a model with a known price"):
            set_profile(store_path, name, model)
    with pytest.raises(BadRequest, match="is already a model"):
        set_profile(store_path, "claude-opus-5", "claude-haiku-4-5")
    set_own_price(store_path, "a-model-of-mine", PRICE)
    set_profile(store_path, PROFILE, "a-model-of-mine")
    clear_own_prices(store_path)
    assert PROFILE not in {rate.model for rate in rates_for(store_path)}
