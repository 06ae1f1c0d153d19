"""What a call in a Claude Code transcript is, and what it used; the money is checked where calls are priced, in tests/ingest."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from tests.databases import read
from tests.transcripts import SONNET, call, moment, prompt, record, result, text, usage
from usage_analytics.importers import claude_code
from usage_analytics.importers.sink import Head

TOKENS = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")


def tokens(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(row[name] for name in TOKENS)


def test_the_lines_of_one_call_are_one_call_with_the_largest_of_each_count() -> None:
    placeholder = call("a", 0, stop=None, counts=usage(10, 500, 0, 80, 1))
    final = call("a", 3, counts=usage(10, 500, 0, 80, 321))
    for lines in ((placeholder, final), (final, placeholder)):
        found = read(text(*lines))
        assert tokens(found.only) == (10, 500, 0, 80, 321)
        assert found.only["output_is_final"]
        assert found.only["occurred_at"] == datetime(2026, 11, 2, 9)


def test_what_a_call_says_of_itself_is_kept() -> None:
    counts = usage(speed="fast", inference_geo="us", service_tier="batch", server_tool_use={"web_search_requests": 3})
    row = read(text(call("a", 5, counts=counts, entrypoint="sdk-py", version="2.1.9", sessionId="s"))).only
    assert (row["event_id"], row["request_id"], row["model"], row["conversation_id"]) == ("msg_a", "req_a", SONNET, "s")
    assert (row["speed"], row["geo"], row["batch"], row["web_searches"]) == ("fast", "us", True, 3)
    assert (row["app"], row["entrypoint"], row["version"], row["project"]) == ("Agent SDK (Python)", "sdk-py", "2.1.9", "garden")
    assert (row["source"], row["grain"], row["agent_id"], row["is_sidechain"]) == ("claude_code", "call", None, False)


def test_what_a_call_does_not_say_is_unknown() -> None:
    row = read(text(call(entrypoint=None, version=None, cwd=None, gitBranch=None))).only
    unknown = ("entrypoint", "version", "project", "account", "speed", "geo", "web_searches", "reported_cost_nanos", "paid_from")
    assert {row[name] for name in unknown} == {None}
    assert row["app"] == "Claude Code"


@pytest.mark.parametrize(
    ("counts", "writes"),
    [
        ({"cache_creation_input_tokens": 900}, (900, 0)),  # as the oldest clients write it
        ({"cache_creation": {"ephemeral_5m_input_tokens": 300, "ephemeral_1h_input_tokens": 700}}, (300, 700)),
        (
            {
                "cache_creation_input_tokens": 0,
                "cache_creation": {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 7},
            },
            (3, 7),
        ),
        (
            {
                "cache_creation_input_tokens": 90,
                "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 30},
            },
            (60, 30),
        ),
        ({"cache_creation_input_tokens": 50, "cache_creation": None}, (50, 0)),
        ({"cache_creation_input_tokens": None, "cache_creation": {"ephemeral_1h_input_tokens": 7}}, (0, 7)),
    ],
)
def test_cache_writes_are_counted_whichever_of_their_two_forms_is_short(counts: dict[str, Any], writes: tuple[int, int]) -> None:
    row = read(text(call(counts={"input_tokens": 1, "output_tokens": 2} | counts))).only
    assert (row["cache_write_5m_tokens"], row["cache_write_1h_tokens"]) == writes


def test_an_unfinished_output_is_measured_line_by_line_and_never_kept() -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "thinking", "thinking": "x" * 30},
        {"type": "text", "text": "é" * 20},
        {"type": "tool_use", "id": "t", "name": "Edit", "input": {"a": "y" * 10}},
    ]
    lines = [call("a", place, stop=None, content=[block], counts=usage(output=4)) for place, block in enumerate(blocks)]
    row = read(text(*lines)).only
    assert not row["output_is_final"]
    assert [one["chars"] for one in row["unfinished"]] == [30, 20, len(json.dumps({"a": "y" * 10}, separators=(",", ":")))]


def test_one_stop_reason_makes_the_whole_call_final() -> None:
    row = read(text(call("a", 0, stop=None), call("a", 1, stop="tool_use"), call("a", 2, stop=None))).only
    assert row["output_is_final"]
    assert row["unfinished"] is None


def test_notices_of_the_client_are_no_calls() -> None:
    found = read(text(call(model="<synthetic>"), call("b", isApiErrorMessage=True)))
    assert found.observations == []
    assert (found.account.lines, found.account.other, found.event_lines) == (2, 2, 0)


def test_a_subagents_roll_up_in_a_tools_result_is_no_second_charge() -> None:
    rolled = {"status": "completed", "agentId": "x", "totalTokens": 99_999, "usage": usage(900, 99_000)}
    assert read(text(call(), result(1, toolUseResult=rolled))).only["event_id"] == "msg_a"


def test_a_subagents_message_inside_a_progress_record_is_no_second_charge() -> None:
    progress = record("progress", 1, data={"type": "agent_progress", "message": call("b")})
    assert read(text(call(), progress)).only["event_id"] == "msg_a"


@pytest.mark.parametrize(
    "content", [{"id": None}, [{"type": "tool_use", "id": None, "name": "W", "input": {"id": None}}], "text", None, 5]
)
def test_the_content_of_a_call_does_not_decide_whether_it_counts(content: Any) -> None:
    assert read(text(call(message={"content": content}))).only["event_id"] == "msg_a"


def test_lines_serialised_with_spaces_and_in_another_order_count_like_any_other() -> None:
    spaced = json.dumps(call(), indent=None, separators=(", ", ": "), sort_keys=True).encode()
    assert tokens(read(spaced + b"\r\n").only) == tokens(read(text(call())).only)


def test_a_call_without_a_request_id_is_known_by_its_message() -> None:
    row = read(text(call(request=None))).only
    assert (row["event_id"], row["request_id"]) == ("msg_a", None)


def test_a_call_without_a_message_id_is_known_by_its_request() -> None:
    lines = [call("a", place, message={"id": None}, counts=usage(output=place)) for place in (1, 2)]
    assert tokens(read(text(*lines)).only)[-1] == 2


def test_a_call_without_any_id_is_known_by_its_line() -> None:
    lines = [call("a", place, request=None, message={"id": None}) for place in (1, 2)]
    assert len(read(text(*lines)).observations) == 2
    nameless = [line | {"uuid": None} for line in lines]
    assert len(read(text(*nameless, *nameless)).observations) == 2


def test_an_advisers_answer_is_charged_beside_the_call_and_a_pass_of_it_is_not() -> None:
    passes = [
        {"type": "message", "input_tokens": 10, "output_tokens": 50},
        {"type": "advisor_message", "model": "claude-opus-4-6", "input_tokens": 700, "output_tokens": 90},
        {"type": "compaction", "input_tokens": 5, "output_tokens": 6, "cache_read_input_tokens": 7},
    ]
    with_passes = call("a", 1, counts=usage(10, output=50, iterations=passes))
    without = call("a", 0, stop=None, counts=usage(10, output=1))
    for lines in ((without, with_passes), (with_passes, without)):
        rows = {row["model"]: tokens(row) for row in read(text(*lines)).observations if row["event_id"] != "msg_a:compaction:2"}
        assert rows == {SONNET: (10, 0, 0, 0, 50), "claude-opus-4-6": (700, 0, 0, 0, 90)}
    compaction = next(row for row in read(text(with_passes)).observations if row["event_id"] == "msg_a:compaction:2")
    assert (tokens(compaction), compaction["model"]) == ((5, 7, 0, 0, 6), SONNET)


def test_passes_are_kept_where_several_of_them_add_up_to_the_call() -> None:
    one = {"type": "message", "input_tokens": 100, "output_tokens": 5}
    two = {"type": "message", "input_tokens": 40, "output_tokens": 6, "cache_read_input_tokens": 9}
    whole = read(text(call(counts=usage(140, 9, output=11, iterations=[one, two])))).only
    assert [each["input_tokens"] for each in whole["iterations"]] == [100, 40]
    assert read(text(call(counts=usage(141, 9, output=11, iterations=[one, two])))).only["iterations"] is None
    assert read(text(call(counts=usage(100, output=5, iterations=[one])))).only["iterations"] is None


def test_a_subagents_calls_belong_to_its_parents_session() -> None:
    inside = read(text(call(isSidechain=True, agentId="ab12")), "one.jsonl").only
    assert (inside["agent_id"], inside["is_sidechain"], inside["conversation_id"]) == ("ab12", True, "one")
    by_file = read(text(call(isSidechain=None)), "agent-cd34.jsonl").only
    assert (by_file["agent_id"], by_file["is_sidechain"]) == ("cd34", True)
    assert read(text(call(isSidechain=True)), "one.jsonl").only["agent_id"] == "sidechain"


def test_a_line_that_says_it_was_copied_is_known_as_a_copy() -> None:
    copied = call(forkedFrom={"sessionId": "zero", "messageUuid": "u"})
    assert read(text(copied)).only["is_copy"]
    assert not read(text(call(forkedFrom=None))).only["is_copy"]
    assert not read(text(call() | {"forkedFrom": None})).only["is_copy"]


def test_the_cost_that_old_clients_wrote_is_kept_beside_as_an_estimate() -> None:
    row = read(text(call(costUSD=0.1234))).only
    assert (row["reported_cost_nanos"], row["reported_cost_kind"]) == (123_400_000, "estimate")


def test_what_the_client_says_of_a_session_is_kept_apart_by_model() -> None:
    used = {"inputTokens": 1, "outputTokens": 2, "cacheReadInputTokens": 3, "cacheCreationInputTokens": 4}
    states = [
        {"type": "cost-state", "sessionId": "one", "startTime": 1793610000000, "modelUsage": {SONNET: used | {"costUSD": cost}}}
        for cost in (0.05, 0.135)
    ]
    (total,) = read(text(*states)).session_totals
    assert total == {
        "import_no": 0,
        "conversation_id": "one",
        "started_at": datetime(2026, 11, 2, 9),
        "model": SONNET,
        "input_tokens": 1,
        "cache_read_tokens": 3,
        "cache_write_tokens": 4,
        "output_tokens": 2,
        "reported_cost_nanos": 135_000_000,
    }


def test_a_call_without_a_model_is_counted_and_not_dropped() -> None:
    row = read(text(call(model=None))).only
    assert (row["model"], row["input_tokens"]) == (None, 10)


def test_times_of_any_offset_are_utc_and_times_without_one_are_taken_for_it() -> None:
    for stamp in ("2026-11-02T09:00:00Z", "2026-11-02T10:00:00+01:00", "2026-11-02T09:00:00"):
        assert read(text(call(timestamp=stamp), call("b", 5))).observations[0]["occurred_at"] == datetime(2026, 11, 2, 9)
    mixed = read(text(call(timestamp="2026-11-02T09:00:02"), call(timestamp=moment(1)))).only
    assert mixed["occurred_at"] == datetime(2026, 11, 2, 9, 0, 1)


def test_a_call_that_nothing_places_in_time_is_rejected_with_the_reason() -> None:
    found = read(text(prompt(), call(timestamp=None)))
    assert (found.observations, found.account.rejected, found.account.other) == ([], 1, 1)
    assert found.account.rejects == [(2, "A call without a time cannot be placed.")]


CLAIMED = [
    text(prompt(), call()),
    text({"type": "summary", "summary": "s", "leafUuid": "u"}),
    text({"type": "started", "agentId": "x", "key": "k"}),
    b"\xef\xbb\xbf"[3:] + b"\0\0\0" + text(call()),
    json.dumps(call()).encode(),
]
NOT_CLAIMED = [
    b"",
    b"[" + text(call()) + b"]",
    b'{"occurred_at":"2026-11-02","app":"x","sessionId":"s"}\n',
    b'{"type":"session_meta","payload":{"id":"x"}}\n',
    b'{"resourceLogs":[{"a":{"sessionId":"s"}}]}\n',
    b"occurred_at,app,model\n",
    b'[{"uuid":"u","chat_messages":[]}]',
]


@pytest.mark.parametrize("start", CLAIMED)
def test_a_transcript_is_claimed_by_its_content(start: bytes) -> None:
    assert claude_code.claims(Head("whatever.txt", start))


@pytest.mark.parametrize("start", NOT_CLAIMED)
def test_what_is_no_transcript_is_not_claimed(start: bytes) -> None:
    assert not claude_code.claims(Head("one.jsonl", start))
