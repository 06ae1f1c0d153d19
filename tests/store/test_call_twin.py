"""What observations come to, worked out a second time: row by row in plain Python, from the rules alone."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import pytest

from tests.databases import rows
from tests.pricing.test_cost_twin import expected
from tests.store.world import made
from usage_analytics.events import TOKEN_COLUMNS
from usage_analytics.periods import half_hour
from usage_analytics.pricing.rates import list_rates
from usage_analytics.store import Store

PROMPT: Final = TOKEN_COLUMNS[:4]
LARGEST: Final = (*TOKEN_COLUMNS, "message_index", "run", "web_searches", "speed", "geo", "reported_cost_nanos", "error", "extra")
OF_THE_FIRST: Final = ("app", "account", "project", "conversation_id", "agent_id", "entrypoint", "version", "model", "model_raw")
ORDER: Final = ("app", "project", "model_raw", "account", "version", "entrypoint")
CHARACTERS_A_TOKEN: Final = 3.1

Row = dict[str, Any]


def known(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if value is not None]


def largest(values: Iterable[Any]) -> Any:
    return max(known(values), default=None)


def any_true(values: Iterable[bool | None]) -> bool | None:
    found = known(values)
    return any(found) if found else None


def calls_of(observed: list[Row]) -> dict[tuple[str, str, str], list[Row]]:
    """The observations of each call: two requests with one id are two calls, a replay or a copy without a request is none."""
    by_id: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in observed:
        by_id[row["source"], row["event_id"]].append(row)
    found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for (source, event_id), same in by_id.items():
        anchors = sorted({row["request_id"] for row in same if row["request_id"] and not row["is_sidechain"]})
        for row in same:
            own = row["request_id"] if row["request_id"] in anchors else anchors[0] if anchors else ""
            found[source, event_id, own if len(anchors) > 1 else ""].append(row)
    return found


def merged(same: list[Row]) -> Row:
    """One call: the largest of what is counted, and the words of the observation that knows best."""
    best = min(
        same,
        key=lambda row: (
            bool(row["is_sidechain"]), bool(row["is_copy"]), row["occurred_at"], row["conversation_id"] or "~",
            row["agent_id"] or "", row["request_id"] or "~", *(row[name] or "~" for name in ORDER),
        ),
    )  # fmt: skip
    found = {name: best[name] for name in OF_THE_FIRST} | {name: largest(row[name] for row in same) for name in LARGEST}
    found |= {name: any_true(row[name] for row in same) for name in ("human_prompt", "output_is_final", "batch")}
    found |= {
        "occurred_at": min(row["occurred_at"] for row in same),
        "paid_from_stated": largest(row["paid_from"] for row in same),
    }
    found |= {"import_id": min(row["import_id"] for row in same)}
    found |= {"reported_cost_kind": min(known(row["reported_cost_kind"] for row in same), default=None)}
    found["output_is_estimated"] = found["output_is_final"] is False
    shown = {(one["line"], one["chars"]) for row in same for one in row["unfinished"] or ()}
    guessed = [math.ceil(sum(chars for _, chars in shown) / CHARACTERS_A_TOKEN)] if shown else []
    is_guessed = found["output_is_estimated"]
    found["estimated_output_tokens"] = largest([found["output_tokens"], *guessed]) if is_guessed else found["output_tokens"]
    return found


def positions(observed: list[Row]) -> dict[tuple[Any, ...], Row]:
    """Where each call stands in each thread that names it, and what came before it there."""
    spots: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in observed:
        if row["conversation_id"] is not None and row["grain"] == "call":
            spots[row["source"], row["conversation_id"], row["agent_id"], row["event_id"]].append(row)
    seen = [
        {
            "spot": spot,
            "at": min(row["occurred_at"] for row in same),
            "tokens": sum(largest(row[name] for row in same) or 0 for name in TOKEN_COLUMNS),
        }
        for spot, same in spots.items()
    ]
    in_thread: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    in_conversation: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for one in sorted(seen, key=lambda one: one["at"]):
        thread, talk = in_thread[one["spot"][:3]], in_conversation[one["spot"][:2]]
        one["place"] = len(thread) + 1
        one["before_at"] = thread[-1]["at"] if thread else None
        one["sent_before"] = thread[-1]["tokens"] if thread else 0
        one["active_before"] = talk[-1]["at"] if talk else None
        thread.append(one)
        talk.append(one)
    return {one["spot"]: one for one in seen}


def asked(prompts: list[Row], spot: tuple[Any, ...], at: datetime) -> tuple[str | None, datetime | None]:
    """Who asked last on the main thread of a transcript, and when; a person goes before what the client says itself."""
    source, conversation, agent, _ = spot
    if source != "claude_code" or agent is not None:
        return None, None
    before = [
        (row["occurred_at"], row["kind"])
        for row in prompts
        if row["conversation_id"] == conversation and row["occurred_at"] <= at
    ]
    moment, kind = max(before, default=(None, None))
    return kind, moment


def led_by_human(call: Row, source: str, kind: str | None, asked_at: datetime | None, before_at: datetime | None) -> bool | None:
    if call["human_prompt"] is not None:
        return bool(call["human_prompt"])
    if source != "claude_code":
        return None
    if call["agent_id"] is not None:
        return False
    if kind is None:
        return None
    return kind == "human" and (before_at is None or asked_at is None or asked_at > before_at)


def run_of(call: Row, source: str, kind: str | None) -> str | None:
    entrypoint = call["entrypoint"] or ""
    if call["run"] is not None or source != "claude_code":
        return call["run"]  # type: ignore[no-any-return]
    if call["agent_id"] is not None:
        return "subagent"
    if entrypoint == "claude-code-github-action":
        return "ci"
    if entrypoint.endswith("_trigger") or kind == "scheduled":
        return "scheduled"
    if entrypoint.startswith("sdk-") or kind == "sdk":
        return "headless"
    return "interactive" if entrypoint or kind == "human" else None


def resent(call: Row, sent_before: int, read_cost: int, fresh_cost: int) -> float | None:
    """Of the cost: what was sent or answered before, first as far as it was read from the cache."""
    read = call["cache_read_tokens"] or 0
    fresh = sum(call[name] or 0 for name in PROMPT) - read
    again = min(read + fresh, sent_before)
    if again <= read:
        return read_cost * again / read if again else 0
    return read_cost + fresh_cost * (again - read) / fresh


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    found = made(tmp_path_factory.mktemp("world"))
    yield found
    found.close()


def test_every_call_is_what_its_observations_come_to(store: Store) -> None:
    observed = rows(store, "select * from observation where grain = 'call'")
    prompts = rows(store, "select * from prompt")
    spots = positions(observed)
    held = {(row["source"], row["event_id"], row["part"]): row for row in rows(store, "select * from call where grain = 'call'")}
    groups = calls_of(observed)
    assert held.keys() == groups.keys()
    moments = Counter((*spot[:2], one["at"]) for spot, one in spots.items())
    priced = 0
    for key, same in groups.items():
        call, found = merged(same), held[key]
        place = spots.get((key[0], call["conversation_id"], call["agent_id"], key[1]))
        kind, asked_at = asked(prompts, place["spot"], place["at"]) if place else (None, None)
        wanted = {name: call[name] for name in call if name not in {"output_is_final", "human_prompt", "run", "message_index"}}
        wanted["human_prompt"] = led_by_human(call, key[0], kind, asked_at, place["before_at"] if place else None)
        wanted["run"] = run_of(call, key[0], kind)
        stated = call["message_index"]
        wanted["message_index"] = place["place"] if stated is None and place else stated
        if moments[key[0], call["conversation_id"], place and place["at"]] < 2:  # else two threads of a conversation hold it
            before = place["active_before"] if place else None
            pause = 60 if before is None else (call["occurred_at"] - before).total_seconds()
            wanted["active_seconds"] = pytest.approx(min(max(pause, 0), 600), abs=1e-5)
        wanted = {name: value for name, value in wanted.items() if name in found}
        assert {name: found[name] for name in wanted} == wanted, key
        passes = {repr(row["iterations"]) for row in same if row["iterations"]}
        if len(passes) > 1:
            continue
        one = call | {"grain": "call", "iterations": next((row["iterations"] for row in same if row["iterations"]), None)}
        cost, estimated, read_cost, fresh_cost = expected(list_rates(), one)
        is_billed, reported = call["reported_cost_kind"] == "billed", call["reported_cost_nanos"]
        assert found["computed_cost_nanos"] == cost, key
        assert found["cost_nanos"] == (reported if is_billed or cost is None else cost), key
        assert found["estimated_cost_nanos"] == (reported if is_billed or estimated is None else estimated), key
        if cost is None or call["conversation_id"] is None:
            assert found["resend_nanos"] is None, key
        else:
            wanted_again = resent(call, place["sent_before"] if place else 0, read_cost or 0, fresh_cost or 0)
            assert found["resend_nanos"] == pytest.approx(wanted_again, abs=2), key
            priced += 1
    assert priced > 300


SUMS: Final = (*TOKEN_COLUMNS, "web_searches", "cost_nanos", "estimated_cost_nanos", "resend_nanos")


def added(found: Iterable[Row], column: str) -> int | None:
    values = known(row[column] for row in found)
    return sum(values) if values else None


def test_every_half_hour_is_the_sum_of_its_calls(store: Store) -> None:
    named = ("source", "model", "app", "project", "account", "run")
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows(store, "select * from call"):
        groups[half_hour(row["occurred_at"]), *(row[name] for name in named)].append(row)
    hours = {(row["half_hour"], *(row[name] for name in named)): row for row in rows(store, "select * from rollup_half_hour")}
    assert hours.keys() == groups.keys()
    for key, same in groups.items():
        talked = [row for row in same if row["conversation_id"] is not None]
        both = [row for row in same if row["computed_cost_nanos"] is not None and row["reported_cost_nanos"] is not None]
        long = [row for row in same if row["grain"] == "call" and (row["estimated_output_tokens"] or 0) >= 4000]
        worked = [row for row in talked if row["cost_nanos"] is not None and row["active_seconds"] is not None]
        wanted = {column: added(same, column) for column in SUMS} | {
            "calls": sum(row["grain"] == "call" for row in same),
            "unpriced_calls": sum(row["cost_nanos"] is None for row in same),
            "estimated_calls": sum(row["output_is_estimated"] for row in same),
            "human_prompts": sum(row["human_prompt"] is True for row in same),
            "computed_cost_nanos": added(both, "computed_cost_nanos"),
            "reported_cost_nanos": added(both, "reported_cost_nanos"),
            "told_nanos": added([row for row in talked if max(row[name] or 0 for name in PROMPT) > 0], "cost_nanos"),
            "active_ms": sum(round(1000 * row["active_seconds"]) for row in worked) if worked else None,
            "active_nanos": added([row for row in talked if (row["active_seconds"] or 0) > 0], "cost_nanos"),
            "long_outputs": len(long),
            "long_output_nanos": added(long, "estimated_cost_nanos"),
            "first_at": min(row["occurred_at"] for row in same),
            "last_at": max(row["occurred_at"] for row in same),
        }
        stored = {name: hours[key][name] for name in wanted if name in hours[key]}
        assert stored == {name: value for name, value in wanted.items() if name in hours[key]}, key
