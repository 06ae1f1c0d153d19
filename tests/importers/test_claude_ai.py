"""claude.ai's data export: no tokens, so they're estimated; branches; connected apps; and not a word of what was written."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.databases import rows
from tests.importers.conftest import Import, Imported
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

FIXTURES = Path(__file__).parents[1] / "fixtures" / "claude_ai"
TOKENS = ("input_tokens", "cache_read_tokens", "output_tokens")


def by_id(found: Imported) -> dict[str, dict[str, Any]]:
    return {row["event_id"]: row for row in found.rows}


def prompts(found: Imported) -> list[dict[str, Any]]:
    return [row for part in found.folder.glob("prompt-*.parquet") for row in pq.read_table(part).to_pylist()]


def tokens(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(row[name] for name in TOKENS)


def conversation(*messages: dict[str, Any], **more: Any) -> str:
    return json.dumps([{"uuid": "one", "chat_messages": list(messages)} | more])


def message(number: int, sender: str, text: str = "x" * 40, **more: Any) -> dict[str, Any]:
    at = f"2026-10-01T09:{number:02}:00Z"
    return {"uuid": f"m{number}", "sender": sender, "created_at": at, "text": text, "content": []} | more


def test_each_answer_is_a_call_that_was_sent_all_that_stands_before_it(imported: Import) -> None:
    calls = by_id(imported(FIXTURES / "conversations.json"))
    assert tokens(calls["m-2"]) == (100, 0, 200)
    assert tokens(calls["m-4"]) == (210, 100, 100)  # the answer before and the question are new, the rest was sent 110 s ago
    assert tokens(calls["m-6"]) == (920, 0, 100)  # ten minutes later, no cache holds it


def test_a_conversation_is_as_long_as_its_answers_and_a_person_asked_for_them(imported: Import) -> None:
    found = imported(FIXTURES / "conversations.json")
    calls = [row for row in found.rows if row["conversation_id"] == "conv-short"]
    assert [(row["message_index"], row["run"], row["human_prompt"]) for row in calls] == [
        (number, "interactive", True) for number in (1, 2, 3)
    ]
    assert sorted(row["conversation_id"] for row in prompts(found)) == ["conv-short"] * 3 + ["conv-tools"] * 2
    assert {row["kind"] for row in prompts(found)} == {"human"}
    assert found.every_line_is_accounted_for()


def test_the_counts_are_estimates_with_a_low_and_a_high_one(imported: Import) -> None:
    low, high = by_id(imported(FIXTURES / "conversations.json"))["m-4"]["estimates"]
    assert tokens(low) == (168, 80, 80)
    assert tokens(high) == (413, 0, 133)


def test_a_picture_counts_in_the_high_estimate_alone(imported: Import) -> None:
    row = by_id(imported(FIXTURES / "conversations.json"))["t-2"]
    low, high = row["estimates"]
    assert row["input_tokens"] < 2000
    assert high["input_tokens"] - low["input_tokens"] > 2 * 1600  # it was sent twice


def test_a_tools_result_means_another_pass(imported: Import) -> None:
    row = by_id(imported(FIXTURES / "conversations.json"))["t-2"]
    used = len(json.dumps({"query": "q" * 28}, separators=(",", ":")))
    assert tokens(row) == (round((80 + used + 4000) / 4), 20, round((used + 400) / 4))


def test_the_connected_app_is_the_connector_or_its_server(imported: Import) -> None:
    calls = by_id(imported(FIXTURES / "conversations.json"))
    assert [calls[one]["app"] for one in ("m-2", "t-2", "t-4")] == ["claude.ai", "Gmail", "mcp.tracker.example.com"]


def test_the_sites_own_tools_are_no_connected_app(imported: Import) -> None:
    searched = message(2, "assistant", content=[{"type": "tool_use", "name": "web_search", "integration_name": "Web Search"}])
    assert imported(conversation(message(1, "human"), searched), "c.json").rows[0]["app"] == "claude.ai"


def test_no_model_is_named_and_none_is_made_up(imported: Import) -> None:
    assert {row["model"] for row in imported(FIXTURES / "conversations.json").rows} == {None}
    assert {row["model"] for row in imported(FIXTURES / "single.json").rows} == {"claude-opus-4-8"}


def test_a_branch_that_was_left_is_beside_the_main_thread_and_not_in_what_is_sent_later(imported: Import) -> None:
    calls = by_id(imported(FIXTURES / "conversations-0001.json"))
    assert {one: (row["is_sidechain"], row["message_index"]) for one, row in calls.items()} == {
        "b-2": (True, 1),
        "b-3": (False, 1),
        "b-5": (False, 2),
    }
    assert tokens(calls["b-5"])[0] == 30  # the short answer and the question; the long answer was never sent


def test_the_current_leaf_decides_where_the_main_thread_ends(imported: Import) -> None:
    document = json.loads((FIXTURES / "conversations-0001.json").read_text())
    document[0]["current_leaf_message_uuid"] = "b-2"
    calls = by_id(imported(json.dumps(document), "c.json"))
    assert [calls[one]["is_sidechain"] for one in ("b-2", "b-3", "b-5")] == [False, True, True]


def test_messages_that_are_their_own_ancestors_are_read(imported: Import) -> None:
    one = message(1, "human", parent_message_uuid="m2")
    other = message(2, "assistant", parent_message_uuid="m1")
    assert len(imported(conversation(one, other), "c.json").rows) == 1


def test_what_lies_beside_the_conversations_is_known_and_holds_no_usage(imported: Import) -> None:
    for name in ("users.json", "projects.json", "memories.json"):
        found = imported(FIXTURES / name)
        assert (found.format, found.rows, found.account.lines, found.account.other) == ("claude_ai", [], 1, 1)


def test_a_message_without_a_time_and_a_damaged_conversation_are_rejected(imported: Import) -> None:
    whole = (FIXTURES / "conversations.json").read_text()
    timeless = conversation(message(1, "human"), message(2, "assistant") | {"created_at": "secret"})
    assert imported(timeless, "c.json").reasons == ["A message has no time; export your data again."]
    cut = imported(whole[:-200], "c.json")
    assert (len(cut.rows), len(cut.reasons)) == (3, 1)
    broken = imported(whole.replace('"conv-tools"', "conv-tools"), "c.json")
    assert (len(broken.rows), len(broken.reasons)) == (3, 1)
    nameless = imported(json.dumps([{"uuid": 7, "chat_messages": []}, {"uuid": "x", "chat_messages": "none"}]), "c.json")
    assert len(nameless.reasons) == 2
    for one in (cut, broken, nameless):
        assert one.every_line_is_accounted_for()


def test_values_of_any_kind_are_no_reason_to_fail(imported: Import) -> None:
    odd: list[Any] = [None, 7, "x", [], {}, [7], [{"type": "text", "text": 7}], True]
    for value in odd:
        one = message(1, "human", content=value, attachments=value, files=value)
        other = message(2, "assistant", content=value, parent_message_uuid=value)
        found = imported(conversation(one, other, account=value, project=value, model=value), "c.json")
        assert (len(found.rows), found.account.rejected) == (1, 0)


def test_the_samples_are_read(imported: Import, samples: Path) -> None:
    files = sorted((samples / "claude_ai_export").glob("*.json"))
    found = [imported(file) for file in files]
    assert [(one.format, one.account.rejected) for one in found] == [("claude_ai", 0)] * 4
    assert sum(len(one.rows) for one in found) == 9


@pytest.fixture
def store(tmp_path: Path, store_path: Path) -> Store:
    """A database of the export as it is mailed."""
    archive = tmp_path / "data-2026-11-01-batch-0000.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for file in sorted(FIXTURES.iterdir()):
            opened.write(file, f"data-2026-11-01-batch-0000/{file.name}")
    found = Store(store_path)
    receipt = import_paths(found, [archive])
    assert not receipt.unread
    return found


def test_the_mailed_archive_is_priced_by_the_assumed_model_between_its_bounds(store: Store) -> None:
    calls = rows(store, "select * from call")
    assert len(calls) == 10
    assert all(call["tokens_are_estimated"] for call in calls)
    assert all(call["low_cost_nanos"] <= call["cost_nanos"] <= call["high_cost_nanos"] for call in calls)
    one = next(call for call in calls if call["event_id"] == "m-4")
    assert one["model"] is None
    assert one["cost_nanos"] == 210 * 2_000 + 100 * 200 + 100 * 10_000  # Sonnet 5.5 before 7 October, nano-dollars a token


def test_what_is_estimated_is_no_recorded_cost(store: Store) -> None:
    (spent,) = store.rows("spend", by="project")[-1:]
    assert spent["recorded_nanos"] is None
    assert spent["guessed_calls"] > 0
    (event, *_) = rows(store, "select * from event where event_id = 'm-4'")
    assert (event["cost_usd"], event["output_is_estimated"], event["tokens_are_estimated"]) == (None, True, True)
    assert event["low_cost_usd"] < event["estimated_cost_usd"] < event["high_cost_usd"]


def test_nothing_that_was_written_is_anywhere_in_the_database(store: Store) -> None:
    store.close()
    kept = b"".join(file.read_bytes() for file in store.path.parent.rglob("*") if file.is_file())
    for word in (b"filler", b"hhhhhhhh", b"aaaaaaaa", b"Robin", b"search_messages"):
        assert word not in kept


def test_an_undo_removes_everything_that_the_import_brought(store: Store) -> None:
    store.undo([one.import_id for one in store.imports()])
    assert rows(store, "select * from call") == rows(store, "select * from rollup_half_hour") == []


@pytest.mark.slow
def test_what_chats_truly_cost_lies_between_the_bounds(tmp_path: Path) -> None:
    """Sixty people whose tokens are known: texts of 3.1 to 4.9 characters a token, and a cache that a pause may have emptied."""
    for seed in range(60):
        dice = random.Random(seed)
        truth, messages, before = 0.0, [], 0.0
        at = datetime(2026, 10, 20, 9)
        for number in range(2 * dice.randint(1, 40)):
            words = "x" * dice.randint(20, 3000)
            counted = len(words) / dice.uniform(3.1, 4.9)
            pause = dice.choice((20, 90, 200, 900)) if number % 2 == 0 else 10
            at += timedelta(seconds=pause)
            if number % 2:  # Sonnet 5.5 since 7 October, nano-dollars a token: what was sent before is read again or sent in full
                fresh, cached = messages[-1]["tokens"], dice.random() < 0.8
                truth += fresh * 2_000 + before * (100 if cached else 2_000) + counted * 10_000
                before += fresh + counted
            stated = message(
                0, "assistant" if number % 2 else "human", words, created_at=f"{at.isoformat()}Z", uuid=f"{seed}-{number}"
            )
            messages.append({"tokens": counted, "stated": stated})
        folder = tmp_path / str(seed)
        folder.mkdir()
        (folder / "conversations.json").write_text(conversation(*(one["stated"] for one in messages)), encoding="utf-8")
        found = Store(folder / "usage.duckdb")
        import_paths(found, [folder / "conversations.json"])
        (sums,) = rows(found, "select sum(low_cost_nanos)::bigint as low, sum(high_cost_nanos)::bigint as high from call")
        found.close()
        assert sums["low"] <= truth <= sums["high"], seed


@pytest.mark.slow
def test_a_large_export_is_read_in_little_memory(tmp_path: Path) -> None:
    """75 MB of conversations: a child process reads them, and its peak is compared with that of a file of one conversation."""
    body = "words " * 400
    talks = (
        {"uuid": f"c{number}", "chat_messages": [message(one % 60, ("human", "assistant")[one % 2], body) for one in range(100)]}
        for number in range(300)
    )
    small, large = tmp_path / "small.json", tmp_path / "large.json"
    with large.open("w") as out:
        for number, talk in enumerate(talks):
            text = json.dumps(
                talk | {"chat_messages": [one | {"uuid": f"{number}-{n}"} for n, one in enumerate(talk["chat_messages"])]}
            )
            if not number:
                small.write_text(f"[{text}]")
            out.write(f"{',' if number else '['}{text}")
        out.write("]")
    assert large.stat().st_size > 75_000_000
    peaks = [peak(path, tmp_path) for path in (small, large)]
    assert peaks[1] - peaks[0] < 60_000  # KiB


def peak(path: Path, folder: Path) -> int:
    """The most memory that a process takes to read a file, in KiB."""
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from usage_analytics.importers import claude_ai; from usage_analytics.importers.sink import Opened, Sink\n"
        "sink = Sink(Path(sys.argv[2])); sink.begin(0)\n"
        "claude_ai.read(Opened(Path(sys.argv[1]), 'x', 0), sink); sink.flush()\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path), str(folder)], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_a_chat_in_claude_design_is_a_conversation_too(imported: Import) -> None:
    found = imported(FIXTURES / "design_chat.json")
    (row,) = found.rows
    assert (row["app"], row["account"], row["conversation_id"], row["human_prompt"]) == (
        "Claude Design",
        "acc-0001",
        "design-1",
        True,
    )
    assert tokens(row) == (20, 0, 20)
    assert found.every_line_is_accounted_for()


def test_a_design_chat_of_any_values_is_no_reason_to_fail(imported: Import) -> None:
    odd: list[Any] = [None, 7, "x", [], {}, [7], {"contentBlocks": [{"toolCall": 7, "message": {}}], "attachments": [7]}]
    for value in odd:
        chat = {
            "uuid": "d",
            "created_at": "2026-10-05T09:00:00Z",
            "updated_at": "x",
            "messages": [{"role": "assistant", "content": value}],
        }
        assert len(imported(json.dumps(chat), "d.json").rows) == 1
        assert imported(json.dumps(chat | {"messages": value}), "d.json").rows == []
