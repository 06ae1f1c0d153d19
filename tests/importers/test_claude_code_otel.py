"""Claude Code's telemetry: every shape it is saved in says the same, and no word of anybody's is kept."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from tests.importers.conftest import Import, Imported
from tests.transcripts import SPARED
from usage_analytics.errors import UnreadableFile
from usage_analytics.ingest.magic import encoding

FIXTURES = Path(__file__).parents[1] / "fixtures" / "claude_code_otel"
LOGS, METRICS = FIXTURES / "logs.jsonl", FIXTURES / "metrics.jsonl"
MAIN = {"session.id": "s", "query_source": "repl_main_thread", "request_id": "req_1", "model": "claude-opus-5-5"}


def event(kind: str = "api_request", at: str | None = "1793610000000000000", **told: Any) -> dict[str, Any]:
    """A document with one event; its attributes are given by their names with underscores for dots where Python wants them."""
    values = [{"key": key, "value": {"stringValue": str(value)}} for key, value in told.items() if value is not None]
    record = {"body": {"stringValue": f"claude_code.{kind}"}, "attributes": values} | ({"timeUnixNano": at} if at else {})
    return {"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]}


def call(**told: Any) -> dict[str, Any]:
    return event(**(MAIN | {"input_tokens": 10, "output_tokens": 5} | told))


def table(found: Imported, name: str) -> list[dict[str, Any]]:
    return [row for part in sorted(found.folder.glob(f"{name}-*.parquet")) for row in pq.read_table(part).to_pylist()]


def test_one_document_in_many_lines_a_list_of_documents_and_wrapped_ones_say_the_same(imported: Import) -> None:
    documents = [json.loads(line) for line in LOGS.read_text(encoding="utf-8").splitlines()]
    rows = imported(LOGS).rows
    wrapped = "\n".join(json.dumps({"signal": "logs", "received": "2026-11-02T12:00:00Z", "payload": one}) for one in documents)
    as_text = "\n".join(json.dumps({"signal": "logs", "payload": json.dumps(one)}) for one in documents)
    joined = {"resourceLogs": [resource for one in documents for resource in one.get("resourceLogs", [])]}
    for content in (json.dumps(documents), wrapped, as_text, json.dumps(joined, indent=2), json.dumps(joined)):
        found = imported(content, "telemetry.json")
        assert [row | {"import_no": 7} for row in found.rows] == rows
        assert found.account.lines == len(content.splitlines())
        assert not found.account.rejected


@pytest.mark.parametrize("prefixed", [False, True], ids=["one request", "requests after their length"])
def test_protobuf_says_the_same_as_json(prefixed: bool, imported: Import) -> None:
    for file, message in ((LOGS, ExportLogsServiceRequest), (METRICS, ExportMetricsServiceRequest)):
        documents = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        requests = [ParseDict(one.get("payload", one), message(), ignore_unknown_fields=True) for one in documents]
        if prefixed:
            encoded = [one.SerializeToString() for one in requests if one.ByteSize()]
            content = b"".join(struct.pack(">I", len(one)) + one for one in encoded)
        else:
            whole = message()
            for one in requests:
                whole.MergeFrom(one)
            content = whole.SerializeToString()
        found = imported(content, "telemetry.binpb")
        assert (found.format, found.rows, found.account.rejected) == ("claude_code_otel", imported(file).rows, 0)
        assert encoding(content, lambda: b"") is None  # the bytes are not taken for text of another encoding


def test_a_message_that_is_cut_off_is_rejected_and_those_before_it_are_read(imported: Import) -> None:
    one = ParseDict(json.loads(LOGS.read_text(encoding="utf-8").splitlines()[0]), ExportLogsServiceRequest()).SerializeToString()
    found = imported((struct.pack(">I", len(one)) + one) * 2 + struct.pack(">I", len(one)) + one[:50], "telemetry.binpb")
    assert (len(found.rows), found.account.lines, found.reasons) == (2, 3, ["The message is cut off before its end."])


def test_one_hour_and_five_minute_writes_are_told_apart_by_what_the_call_cost(imported: Import) -> None:
    writes = {
        row["event_id"]: (row["cache_write_5m_tokens"], row["cache_write_1h_tokens"], row["geo"]) for row in imported(LOGS).rows
    }
    assert (writes["req_1"], writes["req_2"], writes["req_3"]) == ((0, 10_000, None), (4000, 0, None), (1200, 800, "us"))


@pytest.mark.parametrize("cost", [{}, {"cost_usd": "9.5"}], ids=["no cost", "a cost that no split explains"])
def test_without_a_split_all_writes_are_five_minute_ones_and_nothing_is_said_of_who_paid(cost: Any, imported: Import) -> None:
    (row,) = imported(json.dumps(call(cache_creation_tokens=100, **{"service.version": "2.1.330"}, **cost)), "t.jsonl").rows
    assert (row["cache_write_5m_tokens"], row["cache_write_1h_tokens"], row["version"]) == (100, 0, None)


def test_a_cost_in_whole_micros_tells_the_split_too(imported: Import) -> None:
    micros = 10 * 4 + 700 * 8 + 5 * 20  # one-hour writes at $8 a million
    (row,) = imported(json.dumps(call(cache_creation_tokens=700, cost_usd_micros=micros)), "t.jsonl").rows
    assert (row["cache_write_1h_tokens"], row["reported_cost_nanos"]) == (700, micros * 1000)


def test_web_searches_are_seen_in_the_cost(imported: Import) -> None:
    (row,) = imported(json.dumps(call(cache_creation_tokens=0, cost_usd=(10 * 4 + 5 * 20) / 1e6 + 0.02)), "t.jsonl").rows
    assert (row["web_searches"], row["geo"]) == (2, None)


@pytest.mark.parametrize(
    ("source", "agent", "run"),
    [
        ("repl_main_thread", None, None),
        ("main", None, None),
        ("sdk", None, "headless"),
        ("agent:builtin:Explore", "agent:builtin:Explore", "subagent"),
        ("subagent", "subagent", "subagent"),
        ("compact", "compact", None),
        (None, None, None),
    ],
)
def test_the_query_source_says_which_thread_and_run_it_was(source: str, agent: str, run: str, imported: Import) -> None:
    (row,) = imported(json.dumps(call(query_source=source)), "t.jsonl").rows
    assert (row["agent_id"], row["run"], row["is_sidechain"]) == (agent, run, agent is not None)


def test_a_session_that_a_program_leads_has_no_human_prompts(imported: Import) -> None:
    found = imported(LOGS)
    assert {row["conversation_id"]: row["kind"] for row in table(found, "prompt")} == {"s-1": "human", "s-2": "sdk"}


def test_a_refusal_is_a_limit_and_a_busy_server_is_none(imported: Import) -> None:
    assert [row["gauge"] for row in table(imported(LOGS), "limit_seen")] == ["session"]


def test_no_word_of_a_prompt_is_kept(imported: Import) -> None:
    assert SPARED in LOGS.read_text(encoding="utf-8")
    found = imported(LOGS)
    assert not [part for part in found.folder.iterdir() if SPARED.encode() in part.read_bytes()]


def test_the_same_event_twice_is_one_call_and_one_without_a_request_id_has_its_place_as_identity(imported: Import) -> None:
    known = imported("\n".join([json.dumps(call(request_id=None, **{"event.sequence": 7}))] * 2), "t.jsonl").rows
    assert [row["event_id"] for row in known] == ["s:7", "s:7"]
    told = imported("\n".join(json.dumps(call(request_id=None, duration_ms=span)) for span in (5, 5, 6)), "t.jsonl").rows
    assert len({row["event_id"] for row in told}) == 2


def test_of_a_cumulative_counter_the_largest_reading_counts(imported: Import) -> None:
    (row,) = [row for row in imported(METRICS).rows if row["conversation_id"] == "s-4"]
    assert (row["output_tokens"], row["input_tokens"]) == (140, 9)


def test_broken_lines_are_rejected_with_their_numbers_or_saved(imported: Import) -> None:
    good = json.dumps(call())
    lines = [
        good,
        good + good,
        "\0\0" + good,
        good[:-9],
        "[]",
        "",
        json.dumps(call(input_tokens="1.5")),
        json.dumps(event(at=None)),
    ]
    found = imported("\n".join(lines) + "\n", "t.jsonl")
    assert (found.account.lines, found.account.other, found.account.salvaged) == (8, 1, 2)
    assert found.account.rejects == [
        (4, "The line is cut off before its end."),
        (5, "The line is not a JSON object."),
        (7, "A count in the event is not a whole number."),
        (8, "A call without a time cannot be placed."),
    ]
    assert len(found.rows) == 4


def test_a_document_that_is_cut_off_is_refused_with_advice(imported: Import) -> None:
    document = json.dumps(call(), indent=1)
    with pytest.raises(UnreadableFile, match="Save the whole document again"):
        imported(document[:-40], "t.json")


def test_events_of_other_programs_are_counted_as_lines_without_usage(imported: Import) -> None:
    foreign = json.loads(json.dumps(call()).replace("claude_code.", "shop."))
    found = imported(json.dumps(foreign), "t.jsonl")
    assert (found.rows, found.account.other) == ([], 1)


def test_the_sample_exports_are_read(imported: Import, samples: Path) -> None:
    (row,) = imported(samples / "shape_fixtures" / "otel" / "claude_code_logs.jsonl").rows
    assert (row["request_id"], row["cache_write_1h_tokens"], row["reported_cost_nanos"]) == ("req_zz", 11918, 25_419_900)
    assert len(imported(samples / "shape_fixtures" / "otel" / "claude_code_metrics.jsonl").rows) == 1
