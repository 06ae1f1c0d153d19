"""The query `savings` against the same sums done call by call from the list rates."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest

from tests.databases import new
from usage_analytics.answers import savings
from usage_analytics.filters import Filters
from usage_analytics.ingest import import_paths
from usage_analytics.pricing.rates import list_rates

OPUS, SONNET, HAIKU = "claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"
START = datetime(2026, 11, 2)
WITHIN = Filters(START, START + timedelta(days=7))
KINDS = ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output")
Found = Callable[[str], dict[str | None, dict[str, Any]]]


def call(minute: float, model: str = OPUS, conversation: str | None = "one", **more: Any) -> dict[str, Any]:
    moment = START + timedelta(minutes=minute)
    event = {"occurred_at": f"{moment.isoformat()}Z", "app": "tool", "model": model, "event_id": f"{conversation}-{minute}"}
    return event | {"conversation_id": conversation} | more


def tokens(*counts: int) -> dict[str, int]:
    return {f"{kind}_tokens": count for kind, count in zip(KINDS, counts, strict=True)}


def nanos(model: str, event: dict[str, Any]) -> Decimal:
    """What the tokens of a call cost on a model, from the list."""
    rate = next(one for one in list_rates() if one.model == model and one.tier == "standard" and one.effective_to > START)
    picos = sum(event.get(f"{kind}_tokens", 0) * getattr(rate, f"{kind}_picos") for kind in KINDS)
    return Decimal(picos) / 1000


PLAIN = {"run": "scheduled", "paid_from": "api", **tokens(1_000, 0, 0, 0, 100)}
# The calls of every test, each in an account of its own, so that they are imported once.
SCENES: Final[dict[str, list[dict[str, Any]]]] = {
    "simple": [call(n, **tokens(2_000, 3_000 * n, 500, 0, 400)) for n in range(5)],
    "long prompt": [call(0, **tokens(100, 0, 0, 0, 10)), call(1, **tokens(21_000, 0, 0, 0, 10))],
    "long output": [call(0, **tokens(100, 0, 0, 0, 10)), call(1, **tokens(10, 0, 0, 0, 1_000))],
    "cheapest": [call(0, HAIKU, **tokens(100, 0, 0, 0, 10))],
    "pauses": [
        call(0, **tokens(0, 0, 50_000, 0, 1_000)),
        call(2, **tokens(0, 50_000, 2_000, 0, 1_000)),
        call(30, **tokens(0, 0, 54_000, 0, 1_000)),  # after a break of 28 minutes everything is written again
        call(200, **tokens(0, 0, 58_000, 0, 1_000)),  # after a longer one it would have been anyway
    ],
    "an hour": [
        call(0, paid_from="api", **tokens(0, 0, 0, 40_000, 500)),
        call(20, paid_from="api", **tokens(0, 40_000, 0, 500, 500)),
    ],
    "plan": [call(0, paid_from="plan", **tokens(0, 0, 0, 40_000, 500))],
    "outputs": [
        *(call(n, **tokens(10, 0, 0, 0, 1_000)) for n in range(18)),
        *(call(20 + n, **tokens(10, 0, 0, 0, 9_000)) for n in range(2)),
    ],
    "batches": [
        call(0, HAIKU, None, **PLAIN),
        call(1, HAIKU, None, **PLAIN | {"batch": True}),
        call(2, HAIKU, None, **PLAIN | {"run": "interactive"}),
        call(3, HAIKU, None, **PLAIN | {"paid_from": "plan"}),
        call(4, HAIKU, "talk", **PLAIN),
    ],
    "unpriced": [call(0, "composer-2", **tokens(10, 0, 0, 0, 10)), call(1, conversation="two", **tokens(10, 0, 0, 0, 10))],
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    """What the query says of a scene, by conversation; without the scene's name before it."""
    folder = tmp_path_factory.mktemp("savings")
    with (folder / "events.jsonl").open("w", encoding="utf-8") as file:
        for name, events in SCENES.items():
            for event in events:
                own = {"account": name, "event_id": f"{name} {event['event_id']}"}
                if event["conversation_id"]:
                    own["conversation_id"] = f"{name}/{event['conversation_id']}"
                file.write(json.dumps(event | own) + "\n")
    store = new(folder / "store")
    import_paths(store, [folder / "events.jsonl"])

    def ask(name: str) -> dict[str | None, dict[str, Any]]:
        rows = store.rows("savings", replace(WITHIN, accounts=(name,)), **savings.queries([])["savings"])
        return {(row["conversation_id"] or "").rpartition("/")[2] or None: row for row in rows}

    yield ask
    store.close()


def test_a_simple_conversation_is_priced_on_the_cheaper_model_token_for_token(found: Found) -> None:
    row, events = found("simple")["one"], SCENES["simple"]
    assert row["simple"] is True
    assert row["cost_nanos"] == round(sum(nanos(OPUS, event) for event in events))
    assert row["moved_nanos"] == pytest.approx(float(sum(nanos(SONNET, event) for event in events)), rel=1e-9)


@pytest.mark.parametrize("scene", ["long prompt", "long output"])
def test_one_call_that_asks_much_makes_its_conversation_no_simple_one(found: Found, scene: str) -> None:
    assert found(scene)["one"]["simple"] is False


def test_what_runs_on_the_cheapest_model_already_is_not_moved(found: Found) -> None:
    row = found("cheapest")["one"]
    assert (row["simple"], row["moved_nanos"]) == (False, 0)


def test_an_hour_of_cache_saves_what_was_written_again_and_costs_more_to_write(found: Found) -> None:
    again = 53_000  # what had been sent and answered by the second call
    hour = [
        tokens(0, 0, 0, 50_000, 1_000),
        tokens(0, 50_000, 0, 2_000, 1_000),
        tokens(0, again, 0, 54_000 - again, 1_000),
        tokens(0, 0, 0, 58_000, 1_000),
    ]
    paid, other = sum(nanos(OPUS, event) for event in SCENES["pauses"]), sum(nanos(OPUS, event) for event in hour)
    assert found("pauses")["one"]["hour_nanos"] == pytest.approx(float(paid - other), abs=2)


def test_five_minutes_of_cache_save_on_writing_and_lose_what_an_hour_kept(found: Found) -> None:
    minutes = [tokens(0, 0, 40_000, 0, 500), tokens(0, 0, 40_500, 0, 500)]
    paid, other = sum(nanos(OPUS, event) for event in SCENES["an hour"]), sum(nanos(OPUS, event) for event in minutes)
    assert found("an hour")["one"]["minutes_nanos"] == pytest.approx(float(paid - other), abs=2)


def test_what_the_plan_pays_has_the_plans_cache_and_is_told_apart(found: Found) -> None:
    row = found("plan")["one"]
    assert (row["hour_nanos"], row["minutes_nanos"]) == (0, 0)
    assert row["plan_nanos"] == row["cost_nanos"] > 0


def test_of_a_long_output_what_goes_beyond_nine_in_ten_counts(found: Found) -> None:
    row = found("outputs")["one"]
    usual = 1_000 + 0.1 * (9_000 - 1_000)  # the 90th percentile of twenty outputs, between the 18th and the 19th
    assert row["long_outputs"] == 2
    assert row["long_nanos"] == pytest.approx(2 * (9_000 - usual) * float(nanos(OPUS, tokens(0, 0, 0, 0, 1))), rel=1e-6)


def test_a_batch_is_for_scheduled_calls_on_a_key_that_stand_alone(found: Found) -> None:
    rows = found("batches")
    assert rows[None]["calls"] == 4
    assert rows[None]["batch_nanos"] == round(nanos(HAIKU, PLAIN))
    assert rows["talk"]["batch_nanos"] == 0


def test_a_call_without_a_price_is_not_judged(found: Found) -> None:
    assert list(found("unpriced")) == ["two"]
