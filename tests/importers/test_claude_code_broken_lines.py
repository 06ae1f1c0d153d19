"""What becomes of lines that are not sound: what is whole in them is salvaged, the rest is rejected, and every line is accounted for."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.databases import Read, read
from tests.transcripts import Line, call, notice, prompt, record, result, text, usage


def account(found: Read) -> tuple[int, int, int, int, int]:
    """Lines, of them events, other, salvaged and rejected."""
    known = found.account
    return known.lines, found.event_lines, known.other, known.salvaged, known.rejected


def names(found: Read) -> list[str]:
    return sorted(row["event_id"].removeprefix("msg_") for row in found.observations)


def cut(line: Line, keep: float = 0.5) -> bytes:
    whole = text(line).rstrip(b"\n")
    return whole[: int(len(whole) * keep)]


def test_two_whole_records_without_a_newline_between_them_are_both_read() -> None:
    found = read(text(call("a")).rstrip(b"\n") + text(call("b")) + text(call("c")))
    assert names(found) == ["a", "b", "c"]
    assert account(found) == (2, 1, 0, 1, 0)


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.99])
def test_a_record_that_begins_inside_another_is_salvaged(keep: float) -> None:
    found = read(text(prompt()) + cut(call("a"), keep) + text(call("b")) + text(call("c")))
    assert names(found) == ["b", "c"]
    assert account(found) == (3, 1, 1, 1, 0)


def test_a_record_is_salvaged_from_behind_a_long_broken_one() -> None:
    """A tool's result may hold hundreds of small objects that look like the beginning of a record."""
    content = [{"type": "tool_reference", "name": f"t{number}"} for number in range(500)]
    found = read(cut(prompt(text=content), 0.99) + text(call("b")))
    assert names(found) == ["b"]


def test_a_run_of_nul_before_a_record_does_not_cost_it() -> None:
    found = read(b"\0" * 3000 + text(call("a")) + b"\0" * 10 + b"\n" + text(call("b")))
    assert names(found) == ["a", "b"]
    assert account(found) == (3, 1, 0, 1, 1)
    assert found.account.rejects == [(2, "The line holds nothing but NUL characters.")]


def test_a_byte_order_mark_costs_nothing() -> None:
    found = read(b"\xef\xbb\xbf" + text(call("a"), call("b")))
    assert account(found) == (2, 2, 0, 0, 0)


def test_a_tail_that_was_cut_off_is_rejected_and_the_rest_is_read() -> None:
    found = read(text(call("a")) + cut(call("b")))
    assert names(found) == ["a"]
    assert found.account.rejects == [(2, "The line is cut off before its end.")]
    assert account(found) == (2, 1, 0, 0, 1)


@pytest.mark.parametrize(
    "line", [b"null", b"[1,2]", b'"text"', b"17", b"true", b"{", b"}", b"not json", b'{"a":1}{', b"\xff\xfe\xfd"]
)
def test_a_line_that_is_no_record_costs_itself_alone(line: bytes) -> None:
    found = read(text(call("a")) + line + b"\n" + text(call("b")))
    assert names(found) == ["a", "b"]
    assert account(found) == (3, 2, 0, 0, 1)
    ((number, reason),) = found.account.rejects
    assert number == 2
    assert reason.endswith(".")


@pytest.mark.parametrize(
    "line",
    [record("assistant", message="text"), record("user", message=5), {"type": "assistant"}, {}, {"type": 5}, record("new kind")],
)
def test_a_record_of_an_unknown_shape_is_none_of_ours(line: Line) -> None:
    found = read(text(call("a"), line, call("b")))
    assert names(found) == ["a", "b"]
    assert account(found) == (3, 2, 1, 0, 0)


def test_blank_lines_are_counted_and_hold_nothing() -> None:
    assert account(read(b"\n \n\r\n" + text(call("a")) + b"\n")) == (5, 1, 4, 0, 0)


def test_a_byte_that_is_not_utf8_costs_nothing_but_itself() -> None:
    counts = usage(speed="fast", inference_geo="us", service_tier="batch", server_tool_use={"web_search_requests": 2})
    for place in (b"sp\xffke of", b"sp\xed\xa0\x80ke"):
        line = text(call(counts=counts, cwd="/home/r/spoke of")).replace(b"spoke of", place)
        row = read(line).only
        assert (row["speed"], row["geo"], row["batch"], row["web_searches"]) == ("fast", "us", True, 2)
        assert row["output_is_final"]


def test_half_a_character_costs_nothing_but_itself() -> None:
    line = text(call(counts=usage(speed="fast"), cwd="/home/r/HALF", sessionId="HALF")).replace(b"HALF", b"a\\ud83d")
    row = read(line + text(call("b"))).observations[0]
    assert (row["project"], row["conversation_id"], row["speed"], row["output_is_final"]) == ("a?", "a?", "fast", True)


@pytest.mark.parametrize(("odd", "counted"), [("12", 12), (12.0, 12), (1e3, 1000), (-5, 0), (None, 0), (10**12, 10**12)], ids=str)
def test_a_count_in_another_spelling_is_read(odd: Any, counted: int) -> None:
    found = read(text(call("a", counts=usage() | {"input_tokens": odd}), call("b")))
    assert [row["input_tokens"] for row in found.observations] == [counted, 10]
    assert account(found) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize("odd", [12.5, "twelve", [1], {"a": 1}, True, 10**20, 10**12 + 1, float("1e300")], ids=str)
@pytest.mark.parametrize("field", ["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"])
def test_a_count_that_cannot_be_is_rejected_with_its_line_and_never_guessed(field: str, odd: Any) -> None:
    found = read(text(prompt(), call("a", counts=usage() | {field: odd}), call("b")))
    assert names(found) == ["b"]
    assert account(found) == (3, 1, 1, 0, 1)
    assert found.account.rejects[0][0] == 2


@pytest.mark.parametrize("odd", [12.5, "x", 10**20])
def test_a_count_that_cannot_be_is_rejected_where_it_is_nested(odd: Any) -> None:
    nested = usage() | {"cache_creation": {"ephemeral_1h_input_tokens": odd}}
    passes = usage(iterations=[{"type": "advisor_message", "model": "claude-opus-4-6", "input_tokens": odd}])
    for counts in (nested, passes):
        found = read(text(call("a", counts=counts), call("b")))
        assert names(found) == ["b"]
        assert account(found) == (2, 1, 0, 0, 1)


def test_no_count_ever_lowers_a_sum() -> None:
    counts = usage(-1, -2, -3, -4, -5) | {"cache_creation_input_tokens": -7, "server_tool_use": {"web_search_requests": -9}}
    passes = [{"type": "compaction", "input_tokens": -5, "output_tokens": -6, "cache_creation_input_tokens": -7}]
    found = read(text(call(counts=counts | {"iterations": passes}, costUSD=-0.5)))
    for row in found.observations:
        assert min(value for name, value in row.items() if name.endswith("_tokens")) == 0
        assert (row["web_searches"], row["reported_cost_nanos"]) == (None, None)


@pytest.mark.parametrize("cost", [-1, 1e300, 1e10])
def test_a_cost_that_nobody_has_paid_is_unknown(cost: float) -> None:
    state = {"type": "cost-state", "sessionId": "one", "modelUsage": {"claude-opus-4-6": {"costUSD": cost, "inputTokens": 1}}}
    found = read(text(call(costUSD=cost), state | {"startTime": 1e300}))
    assert found.only["reported_cost_nanos"] is None
    assert [(total["reported_cost_nanos"], total["started_at"]) for total in found.session_totals] == [(None, None)]
    beyond = {"type": "cost-state", "sessionId": "two", "modelUsage": {"claude-opus-4-6": {"inputTokens": 10**20}}}
    assert read(text(beyond, call())).session_totals == []


@pytest.mark.parametrize(
    "stamp", ["yesterday", 1793610000000, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-13-01T00:00:00Z", {}]
)
def test_a_call_of_a_time_that_cannot_be_is_rejected(stamp: Any) -> None:
    found = read(text(call("a", timestamp=stamp), call("b")))
    assert names(found) == ["b"]
    assert account(found) == (2, 1, 0, 0, 1)


def test_the_last_of_two_equal_keys_counts_on_every_path() -> None:
    line = text(call()).replace(b'"input_tokens":10', b'"input_tokens":3,"input_tokens":7')
    assert read(line).only["input_tokens"] == 7
    assert read(line.replace(b"garden", b"g\\ud800")).only["input_tokens"] == 7


def test_a_field_of_another_type_costs_nothing_but_itself() -> None:
    odd = {
        "version": 2,
        "cwd": ["x"],
        "isSidechain": "no",
        "uuid": 5,
        "origin": "x",
        "agentId": {},
        "quotaLimits": [],
        "costUSD": "x",
    }
    row = read(text(call(counts=usage(speed="fast", server_tool_use=7), **odd))).only
    assert (row["event_id"], row["version"], row["project"], row["speed"], row["is_sidechain"]) == (
        "msg_a",
        None,
        None,
        "fast",
        False,
    )


def test_nesting_of_any_depth_costs_one_line() -> None:
    deep = b'{"type":"user","x":' + b"[" * 20_000 + b"]" * 20_000 + b"}\n"
    other = text(call("b")).replace(b'"parentUuid":null', b'"parentUuid":' + b'{"type":' * 20_000 + b"1" + b"}" * 20_000)
    found = read(text(call("a")) + deep + other + text(call("c")))
    assert {"a", "c"} <= set(names(found))
    assert found.account.lines == 4
    assert min(account(found)) >= 0


def test_a_line_of_fifty_megabytes_is_a_line_like_any_other() -> None:
    large = call("a", content=[{"type": "text", "text": "x" * (50 << 20)}])
    found = read(text(large, call("b")))
    assert names(found) == ["a", "b"]
    assert account(found) == (2, 2, 0, 0, 0)


def test_a_broken_line_of_fifty_megabytes_is_given_up_in_time() -> None:
    begun = time.monotonic()
    line = b'{"type":"assistant","sessionId":"one","message":{"content":"' + b'{"type":' * (6 << 20)
    found = read(line + b"\n" + text(call("b")))
    assert names(found) == ["b"]
    assert time.monotonic() - begun < 20


def test_what_was_salvaged_and_cannot_be_is_counted_once() -> None:
    impossible = call("a", counts=usage(10**20))
    timeless = call("b", timestamp=None)
    for lost in (impossible, timeless):
        found = read(text(lost).rstrip(b"\n") + text(lost))
        assert found.observations == []
        assert account(found) == (1, 0, 0, 1, 0)


def test_a_reason_holds_nothing_of_the_line() -> None:
    lines = (
        text(call("a", counts=usage() | {"input_tokens": "canary"})) + b"canary\n" + b'{"type":"canary\n' + cut(call("canary"))
    )
    found = read(lines)
    assert found.account.rejected == 4
    assert "canary" not in repr(found.account.rejects)


SOUND = [
    prompt(),
    result(1),
    call("a", 2),
    call("b", 3, stop=None),
    notice("You've hit your Opus limit", 4),
    record("mode"),
    {"type": "x"},
]
DAMAGE = st.one_of(
    st.tuples(st.just("cut"), st.floats(0, 1)),
    st.tuples(st.just("splice"), st.floats(0, 1)),
    st.tuples(st.just("join"), st.just(0.0)),
    st.tuples(st.just("nul"), st.floats(0, 1)),
    st.tuples(st.just("flip"), st.floats(0, 1)),
    st.tuples(st.just("none"), st.just(0.0)),
)


def damaged(lines: list[tuple[int, tuple[str, float]]]) -> bytes:
    """A file in which each line came to the harm that is named beside it."""
    out = b""
    for place, (harm, where) in lines:
        line = json.dumps(SOUND[place]).encode()
        at = int(len(line) * where)
        out += {
            "cut": line[:at] + b"\n",
            "splice": line[:at],
            "join": line,
            "nul": b"\0" * at + line + b"\n",
            "flip": line[:at] + bytes([line[min(at, len(line) - 1)] ^ 0x41]) + line[at + 1 :] + b"\n",
            "none": line + b"\n",
        }[harm]
    return out


@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), DAMAGE), max_size=12))
def test_p4_whatever_the_damage_every_line_is_accounted_for(lines: list[tuple[int, tuple[str, float]]]) -> None:
    content = damaged(lines)
    found = read(content)
    counted = account(found)
    assert counted[0] == content.count(b"\n") + (not content.endswith(b"\n") and bool(content))
    assert min(counted) >= 0
    assert counted[0] == sum(counted[1:])
    unharmed = {
        place
        for (place, (harm, _)), before in zip(lines, [None, *lines], strict=False)
        if harm == "none" and not _runs_on(before)
    }
    assert {"msg_a", "msg_b"} & {f"msg_{'ab'[place - 2]}" for place in unharmed if place in (2, 3)} <= {
        row["event_id"] for row in found.observations
    }


def _runs_on(before: tuple[int, tuple[str, float]] | None) -> bool:
    return before is not None and before[1][0] in ("splice", "join")


def test_p4_random_bytes_are_accounted_for() -> None:
    chance = random.Random(4)
    for _ in range(200):
        content = bytes(chance.choices(b'{}[]":,\\\n\0\xff abcdefgh0123', k=chance.randint(0, 400)))
        counted = account(read(content))
        assert counted[0] == sum(counted[1:])
        assert min(counted) >= 0


def test_a_line_that_a_sync_rejects_is_counted_from_the_beginning_of_the_file() -> None:
    before = text(call("a"), call("b"))
    found = read(before + b"[broken\n" + text(call("c")), offset=len(before))
    assert [line for line, _ in found.account.rejects] == [3]
