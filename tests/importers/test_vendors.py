"""Gateways and other vendors: OpenRouter, OpenAI, LiteLLM, Langfuse and Helicone, with their bills apart from Anthropic's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.databases import rows
from tests.importers.conftest import Import, Imported
from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.langfuse import kind_of
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

FIXTURES = Path(__file__).parents[1] / "fixtures"
ROUTER = FIXTURES / "openrouter" / "openrouter_activity_2026-09-01.csv"
DAILY = FIXTURES / "openrouter_daily" / "openrouter_activity_daily.csv"
USAGE = FIXTURES / "openai_usage" / "completions_usage_2026-09-01_2026-10-01.csv"
COST = FIXTURES / "openai_cost" / "cost_2026-09-01_2026-10-01.csv"
PROXY = FIXTURES / "litellm" / "LiteLLM_SpendLogs.csv"
PROXY_JSON = FIXTURES / "litellm" / "spend_logs.json"
TRACED = FIXTURES / "langfuse" / "observations.csv"
TRACED_JSON = FIXTURES / "langfuse" / "observations.json"
REQUESTS = FIXTURES / "helicone" / "output.csv"
REQUEST_LINES = FIXTURES / "helicone" / "output.jsonl"
ALL = (ROUTER, DAILY, USAGE, COST, PROXY, PROXY_JSON, TRACED, TRACED_JSON, REQUESTS, REQUEST_LINES)
TOKENS = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")


def told(found: Imported, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in sorted(found.rows, key=lambda row: row["event_id"])]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_every_line_is_accounted_for_and_none_rejected(imported: Import, path: Path) -> None:
    found = imported(path)
    assert (found.format, found.account.rejected) == (path.parent.name, 0)
    assert found.every_line_is_accounted_for()
    assert len({row["event_id"] for row in found.rows}) == len(found.rows) > 0


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_nothing_that_was_written_is_kept(imported: Import, path: Path) -> None:
    assert "filler" not in json.dumps(imported(path).rows, default=str)


def test_openrouter_bills_each_generation_and_cached_tokens_are_apart(imported: Import) -> None:
    found = imported(ROUTER)
    assert told(found, "input_tokens", "cache_read_tokens", "output_tokens")[0] == (10, 13689, 41)
    assert told(found, "model", "app", "account", "project", "reported_cost_nanos", "reported_cost_kind", "error") == [
        ("claude-haiku-4-5-20251001", "Cline", "OpenRouter", "garden-key", 25_400_000, "billed", None),
        ("openai/gpt-5-mini", "garden-key", "OpenRouter", "garden-key", 12_000, "billed", None),
        ("claude-opus-5", "Cline", "OpenRouter", "shed-key", 0, "billed", "cancelled"),
    ]


def test_openrouters_days_state_a_bill_and_no_kinds_of_tokens(imported: Import) -> None:
    found = imported(DAILY)
    assert {row["grain"] for row in found.rows} == {"day"}
    assert told(found, "reported_cost_nanos", "input_tokens", "output_tokens")[0] == (1_250_000_000, None, None)
    assert json.loads(found.rows[0]["extra"])["prompt_tokens"] == "90000"


def test_openais_buckets_are_read_and_empty_days_are_none(imported: Import) -> None:
    found = imported(USAGE)
    assert told(found, "grain", "input_tokens", "cache_read_tokens", "output_tokens", "batch") == [
        ("day", 600, 400, 500, False),
        ("day", 800, 0, 90, True),
    ]
    assert {(row["app"], row["account"], row["project"], row["reported_cost_nanos"]) for row in found.rows} == {
        ("key_1", "OpenAI", "proj_1", None),
        ("key_2", "OpenAI", "proj_1", None),
    }


@pytest.mark.parametrize(("end", "grain"), [("2026-09-01T01:00:00+00:00", "hour"), ("2026-09-01T00:01:00+00:00", "minute")])
def test_a_bucket_is_as_long_as_it_says(imported: Import, end: str, grain: str) -> None:
    found = imported(USAGE.read_text(encoding="utf-8").replace("2026-09-02T00:00:00+00:00,proj", f"{end},proj"))
    assert {row["grain"] for row in found.rows} == {grain}
    wrong = imported(
        USAGE.read_text(encoding="utf-8").replace("2026-09-02T00:00:00+00:00,proj", "2026-09-03T07:00:00+00:00,proj")
    )
    assert (wrong.rows, len(wrong.reasons)) == ([], 2)


def test_openais_bill_names_a_model_where_its_line_item_does(imported: Import) -> None:
    assert told(imported(COST), "model", "reported_cost_nanos", "reported_cost_kind", "account") == [
        ("gpt-5.6", 60_000_000, "billed", "OpenAI"),
        ("gpt-5.6", 10_000_000, "billed", "OpenAI"),
        (None, 545_566_500, "billed", "OpenAI"),
    ]
    euros = imported(COST.read_text(encoding="utf-8").replace("0.01,usd", "0.01,eur"))
    assert (len(euros.rows), euros.reasons[0].split(";")[0]) == (
        2,
        "amount_currency is not US dollars, and other currencies are not converted",
    )


def test_the_proxys_metadata_tells_the_kinds_of_tokens_apart(imported: Import) -> None:
    assert told(imported(PROXY), *TOKENS) == [(10, 13689, 11918, None, 41), (20, 100, None, None, 30)]
    assert told(imported(PROXY_JSON), *TOKENS) == [(200, None, 100, 200, 30)]


def test_the_proxy_names_the_client_the_key_the_team_and_the_vendor(imported: Import) -> None:
    columns = ("app", "project", "account", "conversation_id", "run", "error", "reported_cost_nanos", "reported_cost_kind")
    assert told(imported(PROXY), *columns) == [
        ("claude-cli", None, None, "s-1", "headless", None, 25_419_900, "estimate"),
        ("shed", "garden", "OpenAI", "s-2", None, "failure", 12_000, "estimate"),
    ]
    assert told(imported(PROXY_JSON), "app", "account", "model") == [("LiteLLM", "Amazon Bedrock", "claude-sonnet-4-5-20250929")]


def test_a_generation_counts_and_a_span_does_not(imported: Import) -> None:
    found = imported(TRACED)
    assert told(found, *TOKENS) == [(120, 900, 300, None, 80), (50, None, None, None, 0)]
    assert told(found, "app", "conversation_id", "reported_cost_nanos", "error") == [
        ("support-bot", "ses-1", 2_600_000, None),
        ("support-bot", "tr-2", 10_000, "error"),
    ]
    assert told(imported(TRACED_JSON), *TOKENS, "app") == [(10, None, None, None, 20, "nightly")]


@pytest.mark.parametrize(
    ("key", "column"),
    [("input", "input_tokens"), ("input_cached_tokens", "cache_read_tokens"), ("cache_read_input_tokens", "cache_read_tokens"),
     ("input_cache_creation", "cache_write_5m_tokens"), ("cache_creation_1h", "cache_write_1h_tokens"),
     ("output_reasoning_tokens", "output_tokens"),
     ("completionTokens".lower(), "output_tokens"), ("total", None), ("totalcost", None), ("inputcost", None), ("unit", None)],
)  # fmt: skip
def test_every_vendors_name_of_a_count_has_its_column(key: str, column: str | None) -> None:
    assert kind_of(key) == column


def test_traces_are_refused_with_what_to_export_instead(imported: Import) -> None:
    with pytest.raises(UnreadableFile, match="Export the observations from Langfuse"):
        imported("id,timestamp,name,bookmarked,totalCost\nt,2026-09-01,x,false,0.1\n", "traces.csv")


def test_a_request_through_the_gateway_is_read_in_either_form(imported: Import) -> None:
    assert told(imported(REQUESTS), "app", "conversation_id", "input_tokens", "error", "reported_cost_nanos") == [
        ("invoice-reader", "ses-9", 1200, None, 4_800_000),
        ("Helicone", None, 0, "http 429", 0),
    ]
    assert told(imported(REQUEST_LINES), *TOKENS, "app", "account") == [
        (500, 900, 100, None, 50, "nightly", None),
        (100, None, None, None, 5, "Helicone", "OpenAI"),
    ]


@pytest.mark.parametrize(
    ("path", "stated", "wrong"),
    [(ROUTER, "0.0254", "much"), (DAILY, "1.25", "1,25"), (USAGE, ",1000,", ",1e3,"), (COST, "0.01,usd", "x,usd"),
     (PROXY, "1.2e-05", "free"),
     (TRACED, '"0.0026"', '"?"'), (REQUESTS, '"0.0048"', '"?"'), (REQUEST_LINES, "0.0102", '"?"'), (PROXY_JSON, "0.004", '"?"'),
     (ROUTER, "2026-09-01 12:00:00.000", "noon"), (REQUEST_LINES, '"2026-09-02T10:00:00.000Z"', "7")],
)  # fmt: skip
def test_what_is_unclear_is_rejected_and_costs_no_other_row(imported: Import, path: Path, stated: str, wrong: str) -> None:
    text = path.read_text(encoding="utf-8")
    found = imported(text.replace(stated, wrong, 1), path.name)
    assert (len(found.rows), found.account.rejected) == (len(imported(path).rows) - 1, 1)
    assert found.every_line_is_accounted_for()


def test_damaged_json_costs_itself_alone(imported: Import) -> None:
    first, second = REQUEST_LINES.read_text(encoding="utf-8").splitlines()
    found = imported(f"{first}\n{second.replace('100,', '100 100,')}\n{second}\n", "output.jsonl")
    assert (len(found.rows), found.account.rejected) == (2, 1)


def test_models_of_other_vendors_stay_unpriced_unless_the_source_says_what_they_cost(store_path: Path) -> None:
    store = Store(store_path)
    import_paths(store, [USAGE, ROUTER])
    costs = {
        (row["source"], row["model"]): row["nanos"] for row in rows(store, "select source, model, cost_nanos as nanos from call")
    }
    assert costs["openai_usage", "gpt-5.6"] is None
    assert costs["openrouter", "openai/gpt-5-mini"] == 12_000


def test_the_samples_are_read(imported: Import, samples: Path) -> None:
    for folder, files in (("openrouter", 2), ("openai", 2), ("litellm", 1)):
        found = [imported(file) for file in sorted((samples / "shape_fixtures" / folder).iterdir())]
        assert [(one.format.split("_")[0], one.account.rejected, len(one.rows)) for one in found] == [(folder, 0, 1)] * files
