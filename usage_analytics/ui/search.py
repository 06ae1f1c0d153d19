"""Quick search: a page, an app, a model, a project, an account or a conversation, by a few letters of its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from usage_analytics import format
from usage_analytics.filters import Filters
from usage_analytics.ui import evidence, filterbar, session
from usage_analytics.ui.filterbar import DIMENSIONS, Dimension
from usage_analytics.ui.text import md
from usage_analytics.ui.way import go

_CHOSEN: Final = "search for"
_CONVERSATIONS: Final = 200  # the most expensive ones
CONVERSATIONS_PAGE: Final = "pages/spend/conversations.py"
_SHOWN_ON: Final[dict[Dimension, str]] = {
    "model": "pages/spend/models.py",
    "app": "pages/spend/apps.py",
    "project": "pages/spend/overview.py",
    "account": "pages/spend/overview.py",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Something to go to: a page, a value to keep there, or a conversation to open."""

    label: str
    page: str
    dimension: Dimension | None = None
    value: str = ""
    conversation: str | None = None


def button(pages: Mapping[str, str]) -> None:
    """The button that opens the search. `pages` are the titles and scripts of the pages that this person may open."""
    if st.button("Search", icon=":material/search:", shortcut="Ctrl+K", key="search", width="stretch"):
        panel(pages)


def targets(pages: Mapping[str, str]) -> list[Target]:
    """All that there is to go to: pages first, then what has cost most."""
    choices = session.read("choices", Filters())
    found = [Target(f"{title} · page", path) for title, path in pages.items()]
    for dimension, value in zip(choices["dimension"], choices["value"], strict=True):
        if dimension in DIMENSIONS and value:
            label = f"{filterbar.value_label(dimension, value)} · {DIMENSIONS[dimension].lower()}"
            found.append(Target(label, _SHOWN_ON[dimension], dimension, value))
    rows = session.read("conversations_costliest", Filters(), limit=_CONVERSATIONS)
    columns = (rows[name] for name in ("conversation_id", "project", "first_at", "cost_nanos"))
    for conversation, project, first_at, nanos in zip(*columns, strict=True):
        day = format.day(format.local(first_at.to_pydatetime(), session.zone()).date())
        name = format.name(project) if isinstance(project, str) else "no project"
        label = f"{name}, {day}, {format.dollars(nanos)}, {str(conversation)[:8]} · conversation"
        found.append(Target(label, CONVERSATIONS_PAGE, conversation=str(conversation)))
    return found


@st.dialog("Go to", width="medium")
def panel(pages: Mapping[str, str]) -> None:
    known = targets(pages)
    chosen = st.selectbox(
        "Search pages, apps, models, projects, accounts and conversations",
        range(len(known)),
        index=None,
        format_func=lambda place: known[place].label,
        placeholder="Type a few letters",
        key=_CHOSEN,
        on_change=_keep,
        args=(known,),
    )
    st.caption(md("Choose an app, model, project or account to filter every page by it."))
    if chosen is not None:
        target = known[chosen]
        go(target.page, parameters={evidence.PARAMETER: target.conversation} if target.conversation else None)


def _keep(known: list[Target]) -> None:
    """Filter before the page is drawn: a filter that is drawn already can't be set."""
    chosen = st.session_state[_CHOSEN]
    if chosen is not None and (dimension := known[chosen].dimension):
        filterbar.keep(dimension, known[chosen].value)
