"""What is below the menu on every page: search, saved views, and keyboard shortcuts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

import streamlit as st

from usage_analytics.control import views
from usage_analytics.control.views import View
from usage_analytics.filters import Filters
from usage_analytics.ui import access, filterbar, search, session, states
from usage_analytics.ui.text import md
from usage_analytics.ui.way import go

_NAME: Final = "view name"
_KEYS: Final = {
    "/": "Search pages, apps, models, projects and conversations",
    "f": "Open the filters",
    "Esc": "Clear the filters, or close what is open",
    "1 … 9, 0": "Choose a date range, from the left",
    "[ and ]": "Go to the range before or after",
    "g o": "Go to Overview",
    "g m": "Go to Models",
    "g c": "Go to Conversations",
    "g a": "Go to Connected apps",
    "g r": "Go to Auto-reload",
    "g b": "Go to Background drain",
    "g s": "Go to Savings",
    "g i": "Go to Imports",
    "g e": "Go to Reports",
    "g t": "Go to Settings",
    "?": "Show these keys",
}


def show(here: str, pages: Mapping[str, str]) -> None:
    """Draw it where there is data. `here` is this page's script; `pages` are the titles and scripts that this person may open."""
    filterbar.arrive()
    with st.sidebar, states.errors():
        st.html('<script src="/keyboard.js"></script>', unsafe_allow_javascript=True)
        if not session.read("extent", Filters())["rows"].iloc[0]:
            return
        search.button(pages)
        saved_views(here, set(pages.values()))
        if st.button("Keyboard shortcuts", icon=":material/keyboard:", key="shortcuts", type="tertiary"):
            keys()


def saved_views(here: str, open_pages: set[str]) -> None:
    """The saved views as buttons, and the way to save this one."""
    saved = [one for one in views.views(session.control()) if one.page in open_pages]
    if saved:
        st.caption("Saved views")
    for one in saved:
        if st.button(md(one.name), icon=":material/bookmark:", type="tertiary", key=f"view {one.name}"):
            go(one.page, filterbar.read_back(dict(one.query)))
    if not access.is_owner():
        return
    with st.popover("Saved views", icon=":material/bookmark_add:", key="views", width="stretch"):
        with st.form("save view", border=False, clear_on_submit=True):
            name = st.text_input("Name of this view", max_chars=views.LONGEST, placeholder="Opus, this cycle", key=_NAME)
            if st.form_submit_button("Save view"):
                access.owner_only()
                views.save(session.control(), View(name, here, tuple(sorted(filterbar.written().items()))))
                st.rerun()
        for one in saved:
            st.button(
                f"Delete {md(one.name)}",
                key=f"delete view {one.name}",
                icon=":material/delete:",
                type="tertiary",
                on_click=access.for_owners(partial(views.delete, session.control(), one.name)),
            )


@st.dialog("Keyboard shortcuts")
def keys() -> None:
    lines = ["| Key | What it does |", "|---|---|", *(f"| `{key}` | {md(what)} |" for key, what in _KEYS.items())]
    st.markdown("\n".join(lines))
