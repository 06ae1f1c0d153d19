"""Which agents a conversation started, what each has cost, and what it went on to spend after the person's last message."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from usage_analytics import format
from usage_analytics.pricing import models

if TYPE_CHECKING:
    import pandas as pd

QUERIES: Final = {"background_agents": {"limit": 12}}
NOTE: Final = (
    "After your last message is what was spent once the newest message of a person in that conversation had been answered for the "
    "first time; it is unknown where the log does not say who asked."
)


def tree(rows: pd.DataFrame, zone: str) -> pd.DataFrame:
    """The rows of the query `background_agents` as a tree to read from the top: a conversation, then its thread and its agents."""
    import pandas as pd  # here: the command line answers without it

    found = [part for _, threads in rows.groupby("conversation_id", sort=False) for part in _branch(threads, zone)]
    columns = ["name", "model", "calls", "cost_nanos", "share", "after_last_human_nanos", "first_at", "last_at"]
    return pd.DataFrame(found, columns=columns)


def _branch(threads: pd.DataFrame, zone: str) -> list[tuple[object, ...]]:
    spent = threads["cost_nanos"].sum()
    after = threads["after_last_human_nanos"].sum(min_count=1)
    begun = threads["first_at"].min()
    agents = format.plural(int(threads["agent_id"].notna().sum()), "agent")
    name = (
        f"{format.name(_text(threads['project'].iloc[0]) or _text(threads['app'].iloc[0]), 24)}, {_when(begun, zone)}: {agents}"
    )
    whole = (name, None, threads["calls"].sum(), spent, None, after, begun, threads["last_at"].max())
    return [whole, *(_leaf(thread, spent) for thread in threads.itertuples())]


def _leaf(thread: object, spent: float) -> tuple[object, ...]:
    agent, cost = _text(getattr(thread, "agent_id", None)), getattr(thread, "cost_nanos", None)
    model = getattr(thread, "model", None)
    return (
        f"↳ Agent {agent[:8]}" if agent else "↳ The conversation itself",
        format.name(models.display_name(model)) if isinstance(model, str) else None,
        getattr(thread, "calls", None),
        cost,
        cost / spent if spent and cost is not None and cost == cost else None,
        getattr(thread, "after_last_human_nanos", None),
        getattr(thread, "first_at", None),
        getattr(thread, "last_at", None),
    )


def _when(moment: datetime, zone: str) -> str:
    local = format.local(moment, zone)
    return f"{local.day} {local:%b %H:%M}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
