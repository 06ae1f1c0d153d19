"""What `claude -p` prints: the same calls as in a transcript, who paid for them, and results that stand alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests import databases
from tests.importers.conftest import Import, Imported
from tests.transcripts import SPARED
from usage_analytics.errors import UnreadableFile
from usage_analytics.importers import NAMES, importer
from usage_analytics.importers.sink import Head
from usage_analytics.ingest import import_paths

FIXTURES = Path(__file__).parents[1] / "fixtures" / "claude_print"
STREAM = FIXTURES / "stream.jsonl"
Line = dict[str, Any]


def result(number: int = 1, output: int = 100, *, fresh: int = 10, own: int | None = None, **more: Any) -> Line:
    """A result of a process that has answered so many tokens so far, and `own` of them for this one."""
    used = {"claude-opus-5-5": {"inputTokens": fresh, "outputTokens": output, "costUSD": (fresh * 4 + output * 20) / 1e6}}
    own_usage = {"input_tokens": 10, "output_tokens": output if own is None else own}
    return {"type": "result", "session_id": "s", "uuid": f"r{number}", "usage": own_usage, "modelUsage": used} | more


def printed(*lines: Line) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def table(found: Imported, name: str) -> list[Line]:
    return [row for part in sorted(found.folder.glob(f"{name}-*.parquet")) for row in pq.read_table(part).to_pylist()]


def test_the_calls_of_a_stream_have_their_message_ids_and_final_counts(imported: Import) -> None:
    rows = {row["event_id"]: row for row in imported(STREAM).rows}
    assert {name: (row["source"], row["output_tokens"], row["output_is_final"]) for name, row in rows.items()} == {
        "msg_1": ("claude_code", 300, True),
        "msg_2": ("claude_code", 90, True),
        "msg_sub": ("claude_code", 2, False),
    }
    assert (rows["msg_1"]["project"], rows["msg_1"]["app"], rows["msg_1"]["cache_write_1h_tokens"]) == (
        "garden",
        "claude -p",
        5000,
    )
    assert (rows["msg_sub"]["is_sidechain"], rows["msg_sub"]["agent_id"]) == (True, "toolu_1")


def test_who_paid_is_what_the_last_limit_event_before_the_call_said(imported: Import) -> None:
    found = imported(STREAM)
    assert {row["event_id"]: row["paid_from"] for row in found.rows} == {"msg_1": "plan", "msg_sub": "plan", "msg_2": "credits"}
    assert [row["gauge"] for row in table(found, "limit_seen")] == ["credits_started"]
    (windows,) = table(found, "balance_seen")
    assert (windows["session_percent"], windows["weekly_percent"]) == (97.0, 40.0)


def test_a_key_that_pays_is_said_by_the_session_itself(imported: Import) -> None:
    begun = {"type": "system", "subtype": "init", "session_id": "s", "apiKeySource": "ANTHROPIC_API_KEY"}
    (row,) = imported(printed(begun, result()), "run.jsonl").rows
    assert row["paid_from"] == "api"


def test_a_refusal_without_credits_is_a_limit(imported: Import) -> None:
    told = {"status": "rejected", "rateLimitType": "seven_day", "resetsAt": 1793707200, "overageDisabledReason": "out_of_credits"}
    event = {"type": "rate_limit_event", "session_id": "s", "rate_limit_info": told}
    failed = result(is_error=True, result="You’re out of usage credits")
    limits = table(imported(printed(event, failed), "run.jsonl"), "limit_seen")
    assert [(row["gauge"], row["reason"]) for row in limits] == [("weekly", "out_of_credits"), ("balance", None)]


def test_a_result_beside_its_calls_is_compared_and_one_that_stands_alone_counts(imported: Import) -> None:
    found = imported(STREAM)
    assert [row["model"] for row in table(found, "session_total")] == ["claude-opus-5-5", "claude-haiku-4-5-20251001"]
    (alone,) = imported(FIXTURES / "result.json").rows
    assert (alone["source"], alone["grain"], alone["run"], alone["web_searches"]) == ("claude_print", "minute", "headless", 2)
    assert (alone["cache_write_5m_tokens"], alone["cache_write_1h_tokens"]) == (0, 3000)


def test_of_the_results_of_one_process_the_last_counts_and_a_new_process_counts_anew(imported: Import) -> None:
    going_on = imported(printed(result(1, 100), result(2, 250, fresh=20, own=150)), "run.jsonl")
    assert [row["output_tokens"] for row in going_on.rows] == [250]
    anew = imported(printed(result(1, 100), result(2, 120)), "run.jsonl")
    assert [row["output_tokens"] for row in anew.rows] == [100, 120]


def test_an_old_result_without_models_has_the_model_of_its_session(imported: Import) -> None:
    begun = {"type": "system", "subtype": "init", "session_id": "s", "model": "claude-opus-4-20250514"}
    old = {"type": "result", "session_id": "s", "total_cost_usd": 0.012, "usage": {"input_tokens": 4, "output_tokens": 9}}
    (row,) = imported(printed(begun, old), "run.jsonl").rows
    assert (row["model"], row["output_tokens"], row["reported_cost_nanos"]) == ("claude-opus-4-20250514", 9, 12_000_000)


def test_a_list_of_messages_and_one_object_in_many_lines_are_read_too(imported: Import) -> None:
    messages = [json.loads(line) for line in STREAM.read_text(encoding="utf-8").splitlines()]
    for content in (json.dumps(messages), json.dumps(messages, indent=1)):
        found = imported(content, "run.json")
        assert found.rows == imported(STREAM).rows
        assert found.account.lines == max(len(content.splitlines()), len(messages))


def test_a_stream_and_its_transcript_are_the_same_calls_in_either_order(tmp_path: Path) -> None:
    transcript = [
        {
            "type": "assistant", "sessionId": "5b0c0000-0000-4000-8000-000000000001", "uuid": f"a{number}", "requestId": f"req_{number}",
            "timestamp": f"2026-11-03T07:5{number}:00.000Z", "entrypoint": "sdk-ts", "isSidechain": False, "version": "2.1.330",
            "cwd": "/home/robin/garden",
            "message": {"id": f"msg_{number}", "model": "claude-opus-5-5", "content": [], "usage": {"output_tokens": 1}},
        }
        for number in (1, 2)
    ]  # fmt: skip
    (tmp_path / "t.jsonl").write_text(printed(*transcript), encoding="utf-8")
    found = []
    for number, files in enumerate(([tmp_path / "t.jsonl", STREAM], [STREAM, tmp_path / "t.jsonl"])):
        store = databases.new(tmp_path / str(number))
        for file in files:
            import_paths(store, [file])
        found.append(
            databases.rows(
                store, "select event_id, occurred_at, app, output_tokens, paid_from_stated from call order by event_id"
            )
        )
        store.close()
    assert found[0] == found[1]
    assert [(row["event_id"], row["occurred_at"].hour, row["app"], row["output_tokens"]) for row in found[0]] == [
        ("msg_1", 7, "Agent SDK (TypeScript)", 300),
        ("msg_2", 7, "Agent SDK (TypeScript)", 90),
        ("msg_sub", 8, "claude -p", 2),
    ]


def test_no_word_of_a_prompt_or_an_answer_is_kept(imported: Import) -> None:
    for file in FIXTURES.iterdir():
        assert SPARED in file.read_text(encoding="utf-8")
        assert not [part for part in imported(file).folder.iterdir() if SPARED.encode() in part.read_bytes()]


def test_broken_lines_are_rejected_or_saved(imported: Import) -> None:
    good = json.dumps(result())
    answer = {"type": "assistant", "session_id": "s", "message": {"id": "m", "model": "x", "usage": {"output_tokens": "many"}}}
    found = imported("\n".join([good, good[:-5], good + good, "7", json.dumps(answer)]) + "\n", "run.jsonl")
    assert (found.account.lines, found.account.salvaged, found.rejected_lines) == (5, 1, [2, 4, 5])


def test_an_object_that_is_cut_off_is_refused(imported: Import) -> None:
    with pytest.raises(UnreadableFile, match="Save the whole output again"):
        imported(json.dumps(result() | {"total_cost_usd": 1}, indent=1)[:-5], "run.json")


def test_a_transcript_is_no_printed_stream(samples: Path) -> None:
    for file in sorted((samples / "claude_code_fixtures").rglob("*.jsonl")):
        head = Head(file.name, file.read_bytes()[: 64 << 10])
        assert [name for name in NAMES if importer(name).claims(head)] == ["claude_code"], file.name


def test_the_sample_stream_is_read_to_the_nano_dollar(imported: Import, samples: Path) -> None:
    (row,) = imported(samples / "shape_fixtures" / "claude_code" / "stream_json_result_2.1.296.jsonl").rows
    assert (row["cache_write_1h_tokens"], row["paid_from"], row["reported_cost_nanos"]) == (4208, "credits", 37_981_000)
