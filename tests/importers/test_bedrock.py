"""Amazon Bedrock's invocation logs: calls with their caches, whoever delivered them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.importers.conftest import Import
from tests.transcripts import SPARED
from usage_analytics.errors import UnreadableFile
from usage_analytics.ingest import import_paths

LOG = next((Path(__file__).parents[1] / "fixtures" / "bedrock").glob("*.jsonl"))
RECORDS = [json.loads(line) for line in LOG.read_text(encoding="utf-8").splitlines()]


def record(**more: Any) -> dict[str, Any]:
    return RECORDS[1] | more


def test_a_streamed_answer_says_its_message_and_how_long_cache_writes_live(imported: Import) -> None:
    first = imported(LOG).rows[0]
    assert (first["event_id"], first["request_id"]) == ("msg_bdrk_01", "0a000000-0000-4000-8000-000000000001")
    assert (first["cache_write_5m_tokens"], first["cache_write_1h_tokens"], first["output_tokens"]) == (1000, 2000, 240)
    assert (first["app"], first["conversation_id"]) == ("Claude Code", "0b0c0000-0000-4000-8000-00000000000a")


def test_the_newer_form_of_a_session_is_read_too(imported: Import) -> None:
    session = "0b0c0000-0000-4000-8000-00000000000b"
    told = record()["input"] | {"inputBodyJson": {"metadata": {"user_id": json.dumps({"session_id": session})}}}
    (row,) = imported(json.dumps(record(input=told)), "log.jsonl").rows
    assert row["conversation_id"] == session


def test_profiles_are_read_as_their_models_and_an_opaque_one_stays_what_it_is(imported: Import) -> None:
    rows = imported(LOG).rows
    assert [row["model"] for row in rows] == [
        "claude-opus-4-6",
        "claude-haiku-4-5-20251001",
        "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/q7x2k9p1",
        "eu.amazon.nova-pro-v1:0",
    ]
    assert [row["app"] for row in rows] == ["Claude Code", "orchard-bot", "orchard-bot", "robin"]
    assert json.loads(rows[2]["extra"]) == {"operation": "Converse", "region": "us-east-1", "team": "orchard"}


def test_a_cloudwatch_export_has_the_same_records(imported: Import) -> None:
    rows = imported(LOG).rows
    events = [{"logStreamName": "aws/bedrock/modelinvocations", "timestamp": 1, "message": json.dumps(one)} for one in RECORDS]
    for content in (
        json.dumps({"events": events}, indent=2),
        json.dumps({"events": events}),
        "".join(json.dumps(one) + "\n" for one in events),
        json.dumps(RECORDS, indent=1),
        "".join(f"2026-11-04T08:00:00.000Z {json.dumps(one)}\n" for one in RECORDS),
    ):
        assert imported(content, "log.json").rows == rows


def test_a_refused_request_is_no_call_and_broken_records_are_rejected(imported: Import) -> None:
    good = json.dumps(record())
    unclear = record(input=record()["input"] | {"inputTokenCount": "many"})
    found = imported(
        "\n".join([good, good[:-7], json.dumps(RECORDS[4]), json.dumps(unclear), json.dumps(record(timestamp=None))]), "log"
    )
    assert (len(found.rows), found.account.other, found.rejected_lines) == (1, 1, [2, 4, 5])


def test_a_document_that_is_cut_off_is_refused(imported: Import) -> None:
    with pytest.raises(UnreadableFile, match="Download it again"):
        imported(json.dumps({"events": [{"message": json.dumps(record())}]}, indent=1)[:-9], "log.json")


def test_no_word_of_a_body_is_kept(imported: Import) -> None:
    assert SPARED in LOG.read_text(encoding="utf-8")
    assert not [part for part in imported(LOG).folder.iterdir() if SPARED.encode() in part.read_bytes()]


def test_regional_profiles_cost_a_tenth_more_and_a_packed_log_is_the_same(tmp_path: Path) -> None:
    packed = tmp_path / "log.jsonl.gz"
    packed.write_bytes(gzip.compress(LOG.read_bytes()))
    store = databases.new(tmp_path / "store")
    import_paths(store, [packed, LOG])
    rows = databases.rows(store, "select event_id, cost_nanos from call order by occurred_at")
    regional = round((12 * 5 + 8000 * 0.5 + 1000 * 6.25 + 2000 * 10 + 240 * 25) * 1000 * 1.1)
    assert [row["cost_nanos"] for row in rows] == [regional, 2_000_000, None, None]


def test_the_case_of_regional_and_global_profiles_comes_to_its_right_value(samples: Path, tmp_path: Path) -> None:
    case = samples.parent / "cases" / "bedrock.jsonl"
    if not case.exists():
        pytest.skip("the case (../shared/cases/bedrock.jsonl) is not on this machine")
    store = databases.new(tmp_path / "store")
    import_paths(store, [case])
    assert databases.rows(store, "select sum(cost_nanos)::bigint as nanos from call") == [{"nanos": 49_200_000}]
