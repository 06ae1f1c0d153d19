"""Codex rollouts: steps of a running total, and a fork's copied beginning, which is not used twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests import databases
from tests.importers.conftest import Import, Imported
from tests.transcripts import SPARED
from usage_analytics.ingest import import_paths

FIXTURES = Path(__file__).parents[1] / "fixtures" / "codex"
PARENT, CHILD, AGENT = sorted(FIXTURES.glob("*.jsonl"))
META = {"type": "session_meta", "timestamp": "2026-11-02T09:00:00Z", "payload": {"id": "s"}}


def counted(
    total: int, cached: int = 0, output: int = 10, *, at: str | None = "2026-11-02T09:00:05Z", **more: Any
) -> dict[str, Any]:
    usage = {"input_tokens": total, "cached_input_tokens": cached, "output_tokens": output}
    payload = {"type": "token_count", "info": {"total_token_usage": usage}} | more
    return {"type": "event_msg", "timestamp": at, "payload": payload}


def rollout(*events: dict[str, Any]) -> str:
    return "".join(json.dumps(one) + "\n" for one in (META, *events))


def table(found: Imported, name: str) -> list[dict[str, Any]]:
    return [row for part in sorted(found.folder.glob(f"{name}-*.parquet")) for row in pq.read_table(part).to_pylist()]


def test_a_call_is_the_step_from_one_total_to_the_next(imported: Import) -> None:
    found = imported(PARENT)
    columns = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "output_tokens")
    assert [tuple(row[column] for column in columns) for row in found.rows] == [
        (1000, 0, 0, 100),
        (500, 1500, 0, 80),
        (300, 2000, 200, 120),
        (100, 400, 0, 10),
    ]
    assert found.every_line_is_accounted_for()


def test_the_call_after_a_message_was_led_by_a_person(imported: Import) -> None:
    assert [row["human_prompt"] for row in imported(PARENT).rows] == [True, False, True, False]
    assert [row["kind"] for row in table(imported(PARENT), "prompt")] == ["human", "human"]


def test_a_limit_that_was_reached_is_said_once_with_its_window(imported: Import) -> None:
    reached = {
        "primary": {"used_percent": 12.0},
        "secondary": {"used_percent": 100.0, "window_minutes": 10080, "resets_at": 1794000000},
    }
    limits = reached | {"rate_limit_reached_type": "rate_limit_reached"}
    found = imported(rollout(counted(10, rate_limits=limits), counted(20, rate_limits=limits)), "rollout.jsonl")
    assert [row["gauge"] for row in table(found, "limit_seen")] == ["weekly"]
    assert [(row["gauge"], row["account"]) for row in table(imported(PARENT), "limit_seen")] == [("session", "OpenAI")]


@pytest.mark.parametrize("order", [(PARENT, CHILD, AGENT), (AGENT, CHILD, PARENT)], ids=["parent first", "fork first"])
def test_the_history_that_a_fork_copied_is_counted_once_in_any_order(order: tuple[Path, ...], tmp_path: Path) -> None:
    store = databases.new(tmp_path / "store")
    for file in order:
        import_paths(store, [file])
    rows = databases.rows(
        store,
        "select conversation_id, run, count(*)::int as calls, sum(input_tokens + cache_read_tokens + cache_write_5m_tokens + output_tokens)"
        "::int as tokens, count(cost_nanos)::int as priced from call group by all order by all",
    )
    assert [tuple(row.values()) for row in rows] == [
        ("a-parent", "interactive", 4, 6310, 0),
        ("b-child", "interactive", 1, 5200 + 260 - 3000 - 180, 0),
        ("c-agent", "subagent", 1, 750, 0),
    ]


def test_a_fork_of_a_fork_knows_its_first_ancestor(imported: Import) -> None:
    chain = (("c", "b"), ("b", "a-parent"), ("a-parent", None))
    metas = [META | {"payload": {"id": session, "forked_from_id": parent}} for session, parent in chain]
    events = [json.loads(line) for line in PARENT.read_text(encoding="utf-8").splitlines()][1:]
    grandchild = imported("".join(json.dumps(one) + "\n" for one in (*metas, *events)), "rollout-c.jsonl")
    assert [row["event_id"] for row in grandchild.rows] == [row["event_id"] for row in imported(PARENT).rows]
    assert {row["conversation_id"] for row in grandchild.rows} == {"c"}


def test_sessions_that_name_each_other_as_parents_end(imported: Import) -> None:
    metas = [META | {"payload": {"id": one, "forked_from_id": other}} for one, other in (("a", "b"), ("b", "a"))]
    assert len(imported("".join(json.dumps(one) + "\n" for one in (*metas, counted(5))), "rollout.jsonl").rows) == 1


def test_a_counter_that_begins_anew_goes_on_from_there(imported: Import) -> None:
    last = {"input_tokens": 40, "cached_input_tokens": 0, "output_tokens": 4}
    again = counted(40, output=4)
    again["payload"]["info"]["last_token_usage"] = last
    rows = imported(rollout(counted(900, output=90), again, counted(100, output=14)), "rollout.jsonl").rows
    assert [(row["input_tokens"], row["output_tokens"]) for row in rows] == [(900, 90), (40, 4), (60, 10)]


def test_without_totals_every_count_is_a_step(imported: Import) -> None:
    events = [counted(30), counted(50)]
    for one in events:
        one["payload"]["info"] = {"last_token_usage": one["payload"]["info"]["total_token_usage"], "model": "gpt-5.4"}
    rows = imported(rollout(*events), "rollout.jsonl").rows
    assert [(row["input_tokens"], row["model"]) for row in rows] == [(30, "gpt-5.4"), (50, "gpt-5.4")]


@pytest.mark.parametrize(
    ("about", "app", "run"),
    [
        ({"originator": "codex_exec"}, "codex exec", "headless"),
        ({"originator": "codex_cli_rs", "source": "exec"}, "Codex CLI", "headless"),
        ({"originator": "Codex Desktop"}, "Codex Desktop", "interactive"),
        ({"originator": "somebody wrote a whole sentence here"}, "Codex", "interactive"),
    ],
)
def test_the_originator_says_which_app_it_was(about: dict[str, str], app: str, run: str, imported: Import) -> None:
    meta = META | {"payload": {"id": "s"} | about}
    (row,) = imported(json.dumps(meta) + "\n" + json.dumps(counted(5)), "rollout.jsonl").rows
    assert (row["app"], row["run"]) == (app, run)


def test_broken_lines_are_rejected_or_saved(imported: Import) -> None:
    good = json.dumps(counted(10))
    lines = [
        json.dumps(META),
        good[:-4],
        good + json.dumps(counted(20)),
        json.dumps(counted(30, at=None)),
        json.dumps(counted(-4)),
        "null",
    ]
    found = imported("\n".join(lines) + "\n", "rollout.jsonl")
    assert (len(found.rows), found.account.salvaged, found.rejected_lines) == (2, 1, [2, 4, 5, 6])


def test_no_word_of_a_prompt_is_kept(imported: Import) -> None:
    assert SPARED in PARENT.read_text(encoding="utf-8")
    assert not [part for part in imported(PARENT).folder.iterdir() if SPARED.encode() in part.read_bytes()]


def test_a_real_fork_and_its_parent_come_to_the_forks_total(tmp_path: Path, samples: Path) -> None:
    files = [samples / "codex" / f"codexbar_fork_{one}.jsonl" for one in ("child", "parent")]
    store = databases.new(tmp_path / "store")
    import_paths(store, files)
    last = json.loads(files[0].read_text(encoding="utf-8").splitlines()[-1])["payload"]["info"]["total_token_usage"]
    (row,) = databases.rows(
        store, "select sum(input_tokens + cache_read_tokens)::bigint as input, sum(output_tokens)::bigint as output from call"
    )
    assert (row["input"], row["output"]) == (last["input_tokens"], last["output_tokens"])
    import_paths(
        store, [samples / "codex" / "ccusage_session-alpha.jsonl", samples / "codex" / "agentsview_standard_session.jsonl"]
    )
    assert {one.format for one in store.imports()} == {"codex"}
