"""One conversation, call by call."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from tests.databases import add
from tests.transcripts import call, prompt, text
from usage_analytics import periods
from usage_analytics.answers import conversations
from usage_analytics.answers.conversations.evidence import judge
from usage_analytics.control import Control
from usage_analytics.question.ask import ask
from usage_analytics.store import Store

BEGUN = datetime(2026, 11, 2, 9)


def calls(*nanos: float | None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "occurred_at": [BEGUN + timedelta(minutes=place) for place in range(len(nanos))],
            "message_index": range(1, len(nanos) + 1),
            "model": "claude-opus-5-5",
            "app": "claude_code",
            "project": "web",
            "is_agents": [place == 1 for place in range(len(nanos))],
            "prompt_tokens": 1000,
            "output_tokens": 10.0,
            "cost_nanos": pd.Series(nanos, dtype="float64"),
            "resend_nanos": pd.Series([None if one is None else one / 2 for one in nanos], dtype="float64"),
        }
    )


def test_what_a_conversation_cost_is_said_with_its_calls_and_their_history() -> None:
    found = judge(calls(1e9, 3e9), "Europe/Vienna")
    assert found.headline.lead == "$4.00 for 2 calls in web."
    assert found.headline.detail == "From Nov 2, 2026, 10:00 to Nov 2, 2026, 10:01."
    assert [figure.value for figure in found.figures] == ["$4.00", "2", "$2.00", "50%"]
    assert found.costs == (1.0, 3.0)
    assert found.rows["who"].tolist() == ["Main thread", "Agent"]


def test_a_call_without_a_price_is_unknown_and_not_free() -> None:
    found = judge(calls(None, 3e9), "UTC")
    assert (found.costs, found.figures[2].value) == ((None, 3.0), "$3.00")
    nothing = judge(calls(None, None), "UTC")
    assert [figure.value for figure in nothing.figures] == ["unknown", "2", "unknown", "unknown"]


def test_the_evidence_adds_up_to_what_the_table_says(tmp_path: Path) -> None:
    store = Store(tmp_path / "usage.duckdb")
    add(store, {"one.jsonl": text(prompt(), call("a", 1), call("b", 2), call("c", 3))})
    question = ask(store, Control(tmp_path / "control.sqlite"), now=datetime(2026, 11, 22), dates=periods.everything)
    (row,) = question.read("conversations_costliest", limit=5).to_dict("records")
    found = conversations.evidence(question, row["conversation_id"])
    assert found is not None
    assert (found.rows["cost_nanos"].sum(), len(found.rows)) == (row["cost_nanos"], row["calls"])
    assert conversations.evidence(question, "no such conversation") is None
    store.close()
