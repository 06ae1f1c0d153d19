"""Claude Code's list of prompts: times and sessions, never text; no call, no conversation; read on where the last sync ended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.databases import content, new, rows
from tests.importers.conftest import Import, Imported
from tests.transcripts import START, call, prompt, write
from usage_analytics import ingest
from usage_analytics.filters import Filters

FIXTURE = Path(__file__).parents[1] / "fixtures" / "claude_code_history" / "history.jsonl"
AT = 1_793_610_000_000


def line(at: object, session: object = "session-one", **more: object) -> str:
    return json.dumps(
        {"display": "kanarienvogel1", "pastedContents": {}, "timestamp": at, "project": "/g", "sessionId": session} | more
    )


def prompts(found: Imported) -> list[dict[str, Any]]:
    return [row for part in sorted(found.folder.glob("prompt-*.parquet")) for row in pq.read_table(part).to_pylist()]


def test_a_line_is_a_moment_and_a_session(imported: Import) -> None:
    found = imported(FIXTURE)
    assert found.format == "claude_code_history"
    assert [(row["occurred_at"].isoformat(), row["conversation_id"], row["kind"]) for row in prompts(found)] == [
        ("2026-11-02T09:00:00", None, "present"),
        ("2026-11-02T10:00:00.123000", "5c3f2742-b736-4776-8848-dcaccba554d5", "present"),
        ("2026-11-02T11:00:00.456000", "5c3f2742-b736-4776-8848-dcaccba554d5", "present"),
    ]
    assert (found.rows, found.account.lines, found.account.other) == ([], 3, 3)


def test_lines_that_are_odd_cost_themselves_alone(imported: Import) -> None:
    odd = [line(None), line(-5), line("soon"), line(AT, "kanarienvogel 2 words"), line(AT, 7), "{broken", "", "[1]"]
    found = imported("\n".join([line(AT), *odd]) + "\n", "history.jsonl")
    assert {row["conversation_id"] for row in prompts(found)} == {"session-one", None}
    assert "kanarienvogel" not in repr(prompts(found))
    assert found.account.lines == found.account.other + found.account.rejected == 9
    assert not any("kanarienvogel" in reason for reason in found.reasons)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A `.claude` folder with a transcript of one session, and a list of prompts of that and of another."""
    folder = tmp_path / ".claude"
    write(folder / "projects" / "-g" / "one.jsonl", prompt(0), call("a", 5))
    return folder


def test_prompts_whose_transcripts_are_gone_make_no_call_and_no_conversation(home: Path, tmp_path: Path) -> None:
    alone, both = new(tmp_path / "alone"), new(tmp_path / "both")
    ingest.sync(alone, [home / "projects"])
    (home / "history.jsonl").write_text("".join(f"{line(AT + 60_000 * n, 'gone')}\n" for n in range(3)))
    receipt = ingest.sync(both, [home / "projects"])
    assert {one.format for one in receipt.files} == {"claude_code", "claude_code_history"}
    assert content(both) == content(alone)
    assert rows(both, "select count(*) as n from conversation")[0]["n"] == 1
    assert len(rows(both, "from prompt where kind = 'present'")) == 3


def test_the_list_is_read_on_where_the_last_sync_ended(home: Path, tmp_path: Path) -> None:
    store = new(tmp_path / "store")
    history = home / "history.jsonl"
    history.write_text(f"{line(AT)}\n{line(AT + 1)[:30]}")
    ingest.sync(store, [home / "projects"])
    history.write_text(f"{line(AT)}\n{line(AT + 1)}\n{line(AT + 2)}\n")
    receipt = ingest.sync(store, [home / "projects"])
    assert [(one.format, one.lines) for one in receipt.files] == [("claude_code_history", 2)]
    assert len(rows(store, "select distinct occurred_at from prompt where kind = 'present'")) == 3


def test_a_prompt_that_a_transcript_has_too_is_one(home: Path, tmp_path: Path) -> None:
    store = new(tmp_path / "store")
    asked = int(START.timestamp() * 1000)
    moments = [(asked + 1500, "one"), (asked + 1500, "another"), (asked + 60_000, "one"), (asked + 60_000, None)]
    (home / "history.jsonl").write_text("".join(f"{line(at, session)}\n" for at, session in moments))
    ingest.sync(store, [home / "projects"], account="Ann")
    found = store.rows("present", Filters())
    assert [(row["moment"] - asked, row["account"]) for row in found] == [(1500, "Ann"), (60_000, "Ann")]
