"""Which agents a conversation started, what each has cost, and what it went on to spend after the person's last message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from usage_analytics import format
from usage_analytics.pricing import models

if TYPE_CHECKING:
    import pandas as pd

QUERIES: Final = {"background_agents": {"limit": 12}}
NOTE: Final = (
    "“After your last prompt” counts what a conversation spent after your last prompt in it got its first answer. It's unknown if the log "
    "doesn't say who prompted."
)


def tree(rows: pd.DataFrame, zone: str) -> pd.DataFrame:
    """The rows of the query `background_agents` as a tree to read from the top: a conversation, then its thread and its agents."""
    import pandas as pd  # here: the command line answers without it

    found: list[tuple[object, ...]] = []
    for _, threads in rows.groupby("conversation_id", sort=False):
        spent, begun = threads["cost_nanos"].sum(), threads["first_at"].min()
        local = format.local(begun, zone)
        agents = format.plural(int(threads["agent_id"].notna().sum()), "agent")
        where = format.name(_text(threads["project"].iloc[0]) or _text(threads["app"].iloc[0]), 24)
        name = f"{where}, {local:%b} {local.day}, {local:%H:%M}: {agents}"
        after = threads["after_last_human_nanos"].sum(min_count=1)
        found.append((name, None, threads["calls"].sum(), spent, None, after, begun, threads["last_at"].max()))
        for thread in threads.itertuples():
            agent, cost = _text(thread.agent_id), thread.cost_nanos
            found.append(
                (
                    f"↳ Agent {agent[:8]}" if agent else "↳ The conversation itself",
                    format.name(models.display_name(thread.model)) if isinstance(thread.model, str) else None,
                    thread.calls,
                    cost,
                    cost / spent if spent and cost is not None and cost == cost else None,
                    thread.after_last_human_nanos,
                    thread.first_at,
                    thread.last_at,
                )
            )
    columns = ["name", "model", "calls", "cost_nanos", "share", "after_last_human_nanos", "first_at", "last_at"]
    return pd.DataFrame(found, columns=columns)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
