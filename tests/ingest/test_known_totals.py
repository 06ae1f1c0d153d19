"""Transcripts whose totals are known: our own of every shape, with the sums worked out by hand, and real ones that others published."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.databases import rows
from usage_analytics import ingest
from usage_analytics.store import Store

FIXTURES = Path(__file__).parents[1] / "fixtures" / "claude_code"
COUNTS = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")


@pytest.fixture(scope="module", params=["working_day", "copies", "broken"])
def imported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Store, ingest.Receipt, dict[str, Any]]:
    """A store with one of our own trees in it, the receipt, and what is expected."""
    expected = json.loads((FIXTURES / f"{request.param}.expected.json").read_text(encoding="utf-8"))
    store = Store(tmp_path_factory.mktemp("known") / "usage.duckdb")
    return store, ingest.import_paths(store, [FIXTURES / request.param]), expected


def test_every_line_of_every_file_is_accounted_for(imported: tuple[Store, ingest.Receipt, dict[str, Any]]) -> None:
    _, receipt, expected = imported
    assert receipt.unread == ()
    found = {one.name: (one.lines, one.lines_other, one.salvaged, one.rejected) for one in receipt.files}
    assert found == {
        Path(path).name: (one["lines"], one["other"], one["salvaged"], one["rejected"]) for path, one in expected["files"].items()
    }


def test_calls_and_money_are_those_worked_out_by_hand(imported: tuple[Store, ingest.Receipt, dict[str, Any]]) -> None:
    store, receipt, expected = imported
    (total,) = rows(
        store,
        """select count(*) as calls, count(*) filter (cost_usd is null) as unpriced_calls, sum(cost_usd)::varchar as cost_usd,
        sum(estimated_cost_usd)::varchar as estimated_cost_usd, count(*) filter (run = 'subagent') as subagent_calls,
        count(*) filter (output_is_estimated) as unfinished_calls, coalesce(sum(web_searches), 0) as web_searches,
        count(*) filter (human_prompt) as human_prompts from event""",
    )
    assert receipt.events_total == total["calls"]
    for name in ("cost_usd", "estimated_cost_usd"):
        assert Decimal(total.pop(name)) == Decimal(expected[name])
    assert total == {name: expected[name] for name in total}


def test_models_and_conversations_hold_what_is_theirs(imported: tuple[Store, ingest.Receipt, dict[str, Any]]) -> None:
    store, _, expected = imported
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in (*COUNTS, "estimated_output_tokens"))
    models = {row.pop("model"): row for row in rows(store, f"select model, count(*) as calls, {sums} from call group by all")}
    assert models == expected["models"]
    conversations = rows(store, "select conversation_id as name, count(*) as calls from call group by all")
    assert {row["name"]: row["calls"] for row in conversations} == expected["conversations"]


def test_limits_and_what_the_client_says_of_a_session_are_kept(imported: tuple[Store, ingest.Receipt, dict[str, Any]]) -> None:
    store, _, expected = imported
    limits = rows(store, "select distinct occurred_at, resets_at, conversation_id from limit_seen order by all")
    assert [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()} for row in limits
    ] == expected["limits"]
    said = "select conversation_id, model, max(reported_cost_nanos) / 1e9 as usd from session_total group by all"
    totals: dict[str, dict[str, float]] = {}
    for row in rows(store, said):
        totals.setdefault(row["conversation_id"], {})[row["model"]] = row["usd"]
    assert totals == expected["session_totals"]


def test_real_transcripts_come_to_the_published_totals(samples: Path, store_path: Path) -> None:
    expected = json.loads((samples / "claude_code_home" / "EXPECTED.json").read_text(encoding="utf-8"))
    store = Store(store_path)
    receipt = ingest.import_paths(store, [samples / "claude_code_home"])
    assert sum(one.lines for one in receipt.files) == expected["lines"] == 1427
    assert receipt.events_total == expected["calls"] == 376
    assert sum(one.salvaged + one.rejected for one in receipt.files) == 0
    found = {row["name"]: row for row in store.rows("spend", by="model")}
    assert set(found) == set(expected["by_model"])
    for model, want in expected["by_model"].items():
        have = found[model]
        assert tuple(have[name] for name in COUNTS) == (want["input"], want["cread"], want["cw5m"], want["cw1h"], want["output"])
        assert abs(have["cost_nanos"] - want["usd_reported"] * 1e9) < 1000, f"{model} is off by more than a micro-dollar"
    assert abs(sum(row["cost_nanos"] for row in found.values()) - 12_065_727_100) < 1000
    assert sum(row["estimated_cost_nanos"] for row in found.values()) / 1e9 == pytest.approx(expected["total_est"], rel=0.01)
