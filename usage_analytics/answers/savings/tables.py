"""What is behind savings as tables: the conversations of each, simple calls to check, and the way of working that each conversation was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from usage_analytics.answers.burn import LONG_FROM, SHORT_TO, conversations
from usage_analytics.answers.savings.scope import asked

if TYPE_CHECKING:
    import pandas as pd

    from usage_analytics.answers.savings.economics import Economics
    from usage_analytics.answers.savings.judged import Saving
    from usage_analytics.answers.savings.spot_check import Spot
    from usage_analytics.question import Question

SESSIONS: Final = 50  # conversations whose way of working is listed


def behind(question: Question, savings: Sequence[Saving]) -> pd.DataFrame:
    """The conversations behind each saving, the most first: title, id, project, app, model, first_at, calls, cost_nanos, saves_nanos."""
    import pandas as pd  # here: the command line answers without it

    question = asked(question)
    rows = [(one.title, each.key, each.saves) for one in savings for each in one.behind]
    known = question.read("savings_conversations", keys=sorted({str(key) for _, key, _ in rows}))
    table = pd.DataFrame(rows, columns=["title", "key", "saves_nanos"]).astype({"key": "uint64"})
    table = table.merge(known.astype({"key": "uint64"}), on="key")
    return table.assign(id=table["conversation_id"].str[:8]).drop(columns=["key", "conversation_id"])


def spots(question: Question, calls: Sequence[Spot]) -> pd.DataFrame:
    """The same as a table: id, occurred_at, model, lighter, prompt_tokens, output_tokens, saves_nanos, project and app."""
    import pandas as pd  # here: the command line answers without it

    columns = ["key", "occurred_at", "model", "lighter", "prompt_tokens", "output_tokens", "saves_nanos"]
    rows = [tuple(getattr(one, name) for name in one.__slots__) for one in calls]
    found = pd.DataFrame(rows, columns=columns).astype(
        {"key": "uint64", "occurred_at": "datetime64[us]", "saves_nanos": "float64"}
    )
    known = question.read("savings_conversations", keys=sorted({str(key) for key in found["key"]}))
    known = known[["key", "conversation_id", "project", "app"]].astype({"key": "uint64"})
    found = found.merge(known, on="key").sort_values("occurred_at", ignore_index=True)
    return found.assign(id=found["conversation_id"].str[:8]).drop(columns=["key", "conversation_id"])


def sessions(question: Question) -> pd.DataFrame:
    """The most expensive conversations with the way of working that each was; see `burn.conversations`."""
    rows = asked(question).read("burn_conversations", limit=SESSIONS, short_to=SHORT_TO, long_from=LONG_FROM)
    return conversations(rows)


def economics(question: Question, found: Economics) -> pd.DataFrame:
    """The most expensive conversations: columns of `Economics.table`, and id, project, app, model, first_at and cost_nanos."""
    known = question.read("savings_conversations", keys=[str(one.key) for one in found.talks]).drop(columns="calls")
    rows = found.table.merge(known.astype({"key": "uint64"}), on="key", how="left")
    return rows.assign(id=rows["conversation_id"].str[:8]).drop(columns=["key", "conversation_id"])
