"""What observations come to: one call each, who led to it, its place, its price, and who pays for it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.databases import add, content, derived_again, new, rows
from tests.transcripts import Line, call, prompt, record, result, text, usage
from usage_analytics.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new(tmp_path)


def calls(store: Store, *files: bytes, select: str = "*") -> list[dict[str, Any]]:
    """The calls that these files come to, in order of time."""
    add(store, {f"{number}.jsonl": content for number, content in enumerate(files)})
    return rows(store, f"select {select} from event order by occurred_at, event_id")


def forked(line: Line, session: str) -> Line:
    return line | {"sessionId": session, "forkedFrom": {"sessionId": line["sessionId"], "messageUuid": line["uuid"]}}


# One call is one call.


def test_a_call_that_one_import_alone_observes_is_stored_once_until_another_observes_it_too(store: Store) -> None:
    asked = "select (select count(*) from stored_call) as apart, count(*) filter (is_call) as within from stored_observation"
    add(store, {"one.jsonl": text(prompt(0), call("a", 5), call("b", 9))})
    assert rows(store, asked) == [{"apart": 0, "within": 2}]
    before = content(store)
    (other,) = add(store, {"two.jsonl": text(call("a", 5, counts=usage(output=70)))})
    assert rows(store, asked)[0]["within"] < 2
    derived_again(store)
    store.undo([other.import_id])
    assert content(store) == before
    derived_again(store)
    assert (content(store), rows(store, asked)) == (before, [{"apart": 2, "within": 0}])


def test_a_call_that_a_fork_copied_belongs_to_where_it_was_made(store: Store) -> None:
    first = call("a", 5)
    for files in ([forked(first, "zero"), call("b", 60, sessionId="zero")], [first]):
        found = calls(store, text(*files))
    assert [(one["event_id"], one["conversation_id"]) for one in found] == [("msg_a", "one"), ("msg_b", "zero")]


def test_a_call_that_a_resumed_session_copied_without_saying_so_belongs_to_the_first(store: Store) -> None:
    found = calls(store, text(call("a", 90, sessionId="later")), text(call("a", 5, sessionId="sooner")))
    assert [(one["conversation_id"], one["occurred_at"].minute) for one in found] == [("sooner", 0)]


def test_a_replay_beside_the_main_thread_is_the_same_call_whatever_its_request(store: Store) -> None:
    replay = call("a", 1, request="req_other", isSidechain=True, agentId="ab")
    for files in ((text(call("a", 5)), text(replay)), (text(replay, call("a", 5)),)):
        (found,) = calls(store, *files)
        assert (found["agent_id"], found["run"]) == (None, "interactive")


def test_a_copy_without_a_request_id_is_the_same_call(store: Store) -> None:
    assert len(calls(store, text(call("a", 5)), text(call("a", 9, request=None, sessionId="two")))) == 1


def test_two_requests_that_carry_one_id_are_two_calls(store: Store) -> None:
    found = calls(store, text(call("a", 5, request="r1"), call("a", 9, request="r2")), text(call("a", 9, request="r2")))
    assert len(found) == 2


def test_the_largest_of_each_count_over_all_files_counts(store: Store) -> None:
    early = call("a", 5, stop=None, counts=usage(10, 500, 0, 90, 1))
    late = forked(call("a", 5, counts=usage(10, 500, 0, 90, 700)), "two")
    (found,) = calls(store, text(early), text(late))
    assert (found["output_tokens"], found["output_is_estimated"], found["conversation_id"]) == (700, False, "one")


def test_an_unfinished_output_is_estimated_from_what_is_seen_once(store: Store) -> None:
    lines = [
        call("a", place, stop=None, counts=usage(0, output=1), content=[{"type": "text", "text": letter * 31}])
        for place, letter in enumerate("xyz")
    ]
    copies = [forked(line, "two") | {"uuid": f"new-{place}"} for place, line in enumerate(lines)]
    (found,) = calls(store, text(*lines), text(*copies))
    assert (found["output_tokens"], found["output_is_estimated"]) == (1, True)
    assert found["cost_usd"] == Decimal("0.000015")
    assert found["estimated_cost_usd"] == Decimal("0.00045")  # 93 characters at 3.1 a token


# Who led to it.


def test_only_the_first_call_after_a_persons_prompt_was_led_by_a_person(store: Store) -> None:
    lines = [prompt(0), call("a", 1), result(2), call("b", 3), result(4), call("c", 5), prompt(10), call("d", 11)]
    assert [one["human_prompt"] for one in calls(store, text(*lines))] == [True, False, False, True]


def test_a_call_before_any_prompt_was_led_by_nobody_knows_whom(store: Store) -> None:
    assert [one["human_prompt"] for one in calls(store, text(call("a", 1), prompt(5), call("b", 6)))] == [None, True]


def test_a_notification_a_timer_or_a_program_leads_as_itself(store: Store) -> None:
    origins = ("task_notification", "scheduled", "sdk", "peer")
    turns = [text(prompt(0, turnOrigin=origin, sessionId=origin), call(origin, 1, sessionId=origin)) for origin in origins]
    assert [one["human_prompt"] for one in calls(store, *turns)] == [False] * 4


def test_a_subagent_is_never_led_by_a_person(store: Store) -> None:
    inside = [call("b", 2, isSidechain=True, agentId="x"), call("c", 3, isSidechain=True, agentId="x")]
    found = calls(store, text(prompt(0), call("a", 1)), text(*inside))
    assert [(one["human_prompt"], one["run"]) for one in found] == [
        (True, "interactive"),
        (False, "subagent"),
        (False, "subagent"),
    ]


RUNS: list[tuple[str, Line, Line]] = [
    ("interactive", {}, {"entrypoint": "cli"}),
    ("interactive", {}, {"entrypoint": "claude-vscode"}),
    ("interactive", {"entrypoint": None}, {"entrypoint": None}),
    ("headless", {"entrypoint": "sdk-cli"}, {"entrypoint": "sdk-cli"}),
    ("headless", {"entrypoint": "sdk-ts"}, {"entrypoint": "sdk-ts"}),
    ("headless", {"promptSource": "sdk"}, {"entrypoint": None}),
    ("scheduled", {"entrypoint": "remote_trigger"}, {"entrypoint": "remote_trigger"}),
    ("scheduled", {"turnOrigin": "scheduled"}, {"entrypoint": "cli"}),
    ("ci", {"entrypoint": "claude-code-github-action"}, {"entrypoint": "claude-code-github-action"}),
    ("subagent", {}, {"isSidechain": True}),
]


def test_a_call_says_what_kind_of_run_it_belongs_to(store: Store) -> None:
    lines = []
    for number, (_, asked, made) in enumerate(RUNS):
        session = f"s{number}"
        lines += [prompt(0, sessionId=session, **asked), call(session, 1, sessionId=session, **made)]
    found = {one["conversation_id"]: one["run"] for one in calls(store, text(*lines))}
    assert found == {f"s{number}": run for number, (run, _, _) in enumerate(RUNS)}


def test_where_nothing_tells_the_kind_of_run_is_unknown(store: Store) -> None:
    (found,) = calls(store, text(call("a", 1, entrypoint=None)))
    assert found["run"] is None


# Its place in the conversation.


def test_calls_are_numbered_by_thread_in_order_of_time(store: Store) -> None:
    main = [call(name, seconds) for name, seconds in (("c", 9), ("a", 1), ("b", 4))]
    agents = [call(f"x{seconds}", seconds, isSidechain=True, agentId="x") for seconds in (2, 3)]
    found = calls(store, text(*main), text(*agents))
    assert [(one["event_id"], one["message_index"]) for one in found] == [
        ("msg_a", 1),
        ("msg_x2", 1),
        ("msg_x3", 2),
        ("msg_b", 2),
        ("msg_c", 3),
    ]


def test_an_earlier_call_that_comes_later_moves_the_others_up(store: Store) -> None:
    calls(store, text(call("b", 5), call("c", 6)))
    assert [one["message_index"] for one in calls(store, text(call("a", 1)))] == [1, 2, 3]


def test_what_is_sent_again_is_what_had_been_sent_or_answered_before(store: Store) -> None:
    lines = [
        call("a", 1, counts=usage(1000, output=200)),  # nothing before it
        call("b", 2, counts=usage(500, read=1000, output=100)),  # 1,200 before; of its 1,500 all 1,000 read and 200 of 500 fresh
        call("c", 3, counts=usage(10, read=900, output=1)),  # 1,600 before, but only 910 are sent
    ]
    add(store, {"one.jsonl": text(*lines)})
    found = rows(store, "select resend_nanos from call order by occurred_at")
    # $0.30 a million read: 300 nanos a token; $3 fresh: 3,000
    assert [one["resend_nanos"] for one in found] == [0, 1000 * 300 + 200 * 3000, 900 * 300 + 10 * 3000]


def test_a_conversation_is_worked_on_between_its_calls_but_not_for_longer_than_ten_minutes(store: Store) -> None:
    lines = [call("a", 0), call("b", 30), call("c", 5000), call("x", 5010, isSidechain=True, agentId="x")]
    add(store, {"one.jsonl": text(*lines, call("d", 5020, sessionId="two"))})
    found = rows(store, "select event_id, active_seconds from call order by occurred_at")
    assert [one["active_seconds"] for one in found] == [60, 30, 600, 10, 60]


def test_time_worked_is_never_negative(store: Store) -> None:
    add(store, {"one.jsonl": text(call("a", 100), call("b", 200))})
    add(store, {"two.jsonl": text(forked(call("b", 50), "two"))})
    found = rows(store, "select event_id, occurred_at, active_seconds from call order by event_id")
    assert [one["active_seconds"] for one in found] == [60, 0]


# What it costs.


PRICED: list[tuple[Line, str, str]] = [
    (usage(1_000_000, output=0), "claude-sonnet-4-5-20250929", "3"),
    (usage(0, 1_000_000, output=0), "claude-sonnet-4-5-20250929", "0.3"),
    (usage(0, 0, 1_000_000, output=0), "claude-sonnet-4-5-20250929", "3.75"),
    (usage(0, 0, 0, 1_000_000, output=0), "claude-sonnet-4-5-20250929", "6"),
    (usage(0, output=1_000_000), "claude-sonnet-4-5-20250929", "15"),
    (usage(0, output=0, server_tool_use={"web_search_requests": 1000}), "claude-opus-4-6", "10"),
    (usage(1_000_000, output=0, inference_geo="us"), "claude-opus-4-6", "5.5"),
    (usage(1_000_000, output=0, service_tier="batch"), "claude-opus-4-6", "2.5"),
    (usage(1_000_000, output=0, speed="fast"), "claude-opus-4-6", "30"),
    (usage(100_000, output=0), "claude-haiku-5-5", "0.01"),
    (usage(100_001, output=0), "claude-haiku-5-5", "0.0500005"),
    (usage(60_000, 41_000, output=0), "claude-haiku-5-5", "0.03205"),
]


def test_a_call_costs_what_the_list_says(store: Store) -> None:
    lines = [call(str(place), place, model=model, counts=counts) for place, (counts, model, _) in enumerate(PRICED)]
    assert [one["cost_usd"] for one in calls(store, text(*lines))] == [Decimal(cost) for _, _, cost in PRICED]


def test_a_call_of_several_passes_is_long_only_where_a_pass_is(store: Store) -> None:
    short = [{"type": "message", "input_tokens": 60_000, "output_tokens": 0}] * 2
    mixed = [{"type": "message", "input_tokens": count, "output_tokens": 0} for count in (100_001, 19_999)]
    for name, passes in (("a", short), ("b", mixed)):
        add(
            store,
            {f"{name}.jsonl": text(call(name, model="claude-haiku-5-5", counts=usage(120_000, output=0, iterations=passes)))},
        )
    found = rows(store, "select cost_usd from event order by event_id")
    assert [one["cost_usd"] for one in found] == [Decimal("0.012"), Decimal("0.0500005") + Decimal("0.0019999")]


def test_an_advisers_answer_and_a_compaction_are_charged_beside_the_call(store: Store) -> None:
    passes = [
        {"type": "message", "input_tokens": 10, "output_tokens": 50},
        {"type": "advisor_message", "model": "claude-opus-4-6", "input_tokens": 1_000_000, "output_tokens": 0},
        {"type": "compaction", "input_tokens": 0, "output_tokens": 100_000},
    ]
    found = calls(store, text(prompt(), call("a", counts=usage(10, output=50, iterations=passes))))
    assert sorted(one["cost_usd"] for one in found) == [Decimal("0.00078"), Decimal("1.5"), Decimal(5)]


def test_a_model_without_a_price_is_unpriced_and_never_free(store: Store) -> None:
    found = calls(store, text(call("a", model="claude-sonnet-9"), call("b", 1, model=None)))
    assert [(one["cost_usd"], one["estimated_cost_usd"]) for one in found] == [(None, None), (None, None)]
    (total,) = rows(store, "select sum(unpriced_calls)::int as unpriced, sum(cost_nanos) as cost from rollup_half_hour")
    assert total == {"unpriced": 2, "cost": None}


def test_the_cost_that_a_client_wrote_counts_only_where_we_have_none(store: Store) -> None:
    found = calls(store, text(call("a", costUSD=9.5), call("b", 1, model="claude-sonnet-9", costUSD=0.25)))
    assert [one["cost_usd"] for one in found] == [Decimal("0.00078"), Decimal("0.25")]


# Who pays for it.


def paid(store: Store, *lines: Line) -> dict[str, tuple[str | None, str | None]]:
    found = calls(store, text(*lines), select="event_id, paid_from, paid_from_reason")
    return {one["event_id"].removeprefix("msg_"): (one["paid_from"], one["paid_from_reason"]) for one in found}


def hour(name: str, seconds: float, **fields: Any) -> Line:
    return call(name, seconds, counts=usage(write_1h=100), **fields)


def five(name: str, seconds: float, **fields: Any) -> Line:
    return call(name, seconds, counts=usage(write_5m=100), **fields)


def test_caches_that_live_an_hour_say_that_the_plan_pays_and_short_ones_after_them_that_credits_do(store: Store) -> None:
    found = paid(store, hour("a", 1), five("b", 2, sessionId="two"))
    assert {name: who for name, (who, _) in found.items()} == {"a": "plan", "b": "credits"}
    assert all(why and why.startswith("inferred: ") for _, why in found.values())


def test_short_caches_alone_say_nothing(store: Store) -> None:
    assert paid(store, five("a", 1)) == {"a": (None, None)}


def test_short_caches_of_a_client_that_knew_no_others_say_nothing(store: Store) -> None:
    versions = ["2.1.17", "2.0.99", "1.0.128", None, "unknown"]
    old = [five(str(place), 2, version=version, sessionId=f"s{place}") for place, version in enumerate(versions)]
    found = paid(
        store, hour("a", 1), *old, five("b", 2, version="2.1.42", sessionId="new"), five("c", 2, version="2.10.0", sessionId="n")
    )
    assert {name: who for name, (who, _) in found.items() if who} == {"a": "plan", "b": "credits", "c": "credits"}


def test_a_call_without_cache_writes_is_paid_as_the_one_before_it(store: Store) -> None:
    found = paid(store, call("a", 1), hour("b", 2), call("c", 3), five("d", 4), call("e", 5))
    assert {name: who for name, (who, _) in found.items()} == {
        "a": None,
        "b": "plan",
        "c": "plan",
        "d": "credits",
        "e": "credits",
    }


def test_a_subagent_is_paid_as_the_main_thread_before_it(store: Store) -> None:
    inside = five("b", 2, isSidechain=True, agentId="x")
    assert paid(store, hour("a", 1), inside)["b"][0] == "plan"


def test_fast_mode_is_always_paid_from_credits(store: Store) -> None:
    who, why = paid(store, call("a", counts=usage(write_1h=5, speed="fast")))["a"]
    assert (who, why) == ("credits", "inferred: fast mode is always paid from credits")


# What else is in a transcript.


def test_a_session_total_is_compared_and_never_added(store: Store) -> None:
    state = {"type": "cost-state", "sessionId": "one", "modelUsage": {"claude-opus-4-6": {"costUSD": 99.0, "outputTokens": 5}}}
    found = calls(store, text(call("a"), state))
    assert sum(one["cost_usd"] for one in found) == Decimal("0.00078")


def test_a_roll_up_in_a_tools_result_is_no_call(store: Store) -> None:
    done = result(2, toolUseResult={"totalTokens": 9, "usage": usage(9_000)})
    assert len(calls(store, text(prompt(), call("a", 1), done, record("progress", 3, data={"message": call("z")})))) == 1
