"""What a session's own sums say again is not counted again, whichever comes first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import databases
from tests.transcripts import call, usage
from usage_analytics.ingest import import_paths, undo

FAZM = Path(__file__).parents[1] / "fixtures" / "fazm" / "fazm.db"
OTEL = Path(__file__).parents[1] / "fixtures" / "claude_code_otel"


def spent(store: databases.Store) -> list[tuple[str, int]]:
    return [
        (row["conversation_id"], row["nanos"])
        for row in databases.rows(
            store, "select conversation_id, sum(cost_nanos)::bigint as nanos from call group by all order by all"
        )
    ]


def test_metrics_count_only_for_sessions_of_which_no_call_is_known(tmp_path: Path) -> None:
    logs = (OTEL / "logs.jsonl").read_text(encoding="utf-8").replace('"s-1"', '"s-3"')
    (tmp_path / "logs.jsonl").write_text(logs, encoding="utf-8")
    totals = []
    for number, files in enumerate(
        ([tmp_path / "logs.jsonl", OTEL / "metrics.jsonl"], [OTEL / "metrics.jsonl", tmp_path / "logs.jsonl"])
    ):
        store = databases.new(tmp_path / str(number))
        for file in files:
            import_paths(store, [file])
        totals.append(spent(store))
        logged = next(one.import_id for one in store.imports() if one.name == "logs.jsonl")
        undo(store, [logged])
        assert dict(spent(store)).keys() == {"s-3", "s-4"}
        assert dict(spent(store))["s-3"] == 51_090_000 + (12 * 3 + 80 * 15) * 1000
        store.close()
    assert totals[0] == totals[1]
    calls = sum(cost for cost in (84_040_000, 6_000_000, 18_260_000, 360_000))
    assert dict(totals[0])["s-3"] == calls


@pytest.mark.parametrize("logs", [True, False], ids=["calls that day", "no call that day"])
def test_metrics_without_a_session_count_only_on_days_without_calls(logs: bool, tmp_path: Path) -> None:
    lines = (OTEL / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    documents = json.dumps([json.loads(line) for line in lines[:2]]).replace('"session.id"', '"no.session"')
    (tmp_path / "metrics.json").write_text(documents, encoding="utf-8")
    store = databases.new(tmp_path / "store")
    import_paths(store, [tmp_path / "metrics.json", *([OTEL / "logs.jsonl"] if logs else [])])
    assert (None in dict(spent(store))) is not logs


def test_a_run_of_a_job_is_left_to_the_transcript_of_its_session(tmp_path: Path) -> None:
    line = call("a", 0) | {"sessionId": "s-9"}
    (tmp_path / "one.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    store = databases.new(tmp_path / "store")
    import_paths(store, [FAZM, tmp_path / "one.jsonl"])
    assert databases.rows(store, "select event_id from call order by event_id") == [
        {"event_id": name} for name in ("msg_a", "r1", "r2")
    ]


@pytest.mark.parametrize("transcript_first", [True, False])
def test_a_call_in_telemetry_and_in_its_transcript_is_one_call(transcript_first: bool, tmp_path: Path) -> None:
    counts = usage(fresh=10, write_1h=10_000, output=200)
    line = call("a", 0, model="claude-opus-5-5", counts=counts, request="req_1") | {"sessionId": "s-1"}
    (tmp_path / "one.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    files = [tmp_path / "one.jsonl", OTEL / "logs.jsonl"]
    store = databases.new(tmp_path / "store")
    for file in files if transcript_first else reversed(files):
        import_paths(store, [file])
    asked = "select source, event_id, cost_nanos from call where conversation_id = 's-1' order by event_id"
    assert [tuple(row.values()) for row in databases.rows(store, asked)] == [
        ("claude_code", "msg_a", 84_040_000),
        ("claude_code_otel", "req_2", 6_000_000),
        ("claude_code_otel", "req_3", 18_260_000),
        ("claude_code_otel", "req_4", 360_000),
    ]
    asked = "select run, human_prompt from call where event_id in ('msg_a', 'req_3', 's-2:7') order by event_id"
    assert [tuple(row.values()) for row in databases.rows(store, asked)] == [
        ("interactive", True),
        ("interactive", False),
        ("headless", False),
    ]


@pytest.mark.parametrize(
    ("output", "kept"), [(12_000, ["r2", "r4"]), (20_000, ["r1", "r2", "r4"])], ids=["costs the same", "costs more"]
)
def test_a_run_that_names_no_session_is_left_to_the_transcript_that_began_with_it_and_costs_the_same(
    output: int, kept: list[str], tmp_path: Path
) -> None:
    line = call("a", 0, model="claude-sonnet-4-6", counts=usage(output=output))
    line |= {"entrypoint": "sdk-ts", "timestamp": "2026-11-03T08:00:20.000Z"}
    (tmp_path / "one.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    store = databases.new(tmp_path / "store")
    import_paths(store, [FAZM])
    import_paths(store, [tmp_path / "one.jsonl"])
    asked = "select event_id from call where source = 'fazm' order by event_id"
    assert [row["event_id"] for row in databases.rows(store, asked)] == kept
    undo(store, [one.import_id for one in store.imports() if one.name == "one.jsonl"])
    assert [row["event_id"] for row in databases.rows(store, asked)] == ["r1", "r2", "r4"]
