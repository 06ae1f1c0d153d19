"""What we store on this machine, column by column; and the way to remove all of it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from usage_analytics import format
from usage_analytics.errors import UsageError
from usage_analytics.events import TABLES
from usage_analytics.ingest.removal import kept_beside, remove_everything
from usage_analytics.ui import access, session, states
from usage_analytics.ui.text import md

_PROSE: Final = 760
_WORD: Final = "delete"
_TYPED: Final = "delete word"
_GONE: Final = "_gone"
_TABLES: Final = {
    "observation": "Calls, as each import lists them",
    "prompt": "Times of prompts",
    "limit_seen": "Times at which a limit blocked work",
    "session_total": "What Claude Code says a session cost",
    "balance_seen": "Balances and limits from the account",
    "range_total": "Totals that an export gives for a date range",
}


def show() -> None:
    """The card: what is kept and where, and the button that removes it."""
    if said := st.session_state.pop(_GONE, None):
        st.toast(md(said), icon=":material/delete:")
    with st.container(border=True, key="card privacy"):
        st.header("What we store, and where?", anchor=False)
        st.markdown(
            md(
                f"Everything is on this machine, beside {session.database().name}. Nothing leaves it except what you send (reports, links, "
                "alerts) and, if you turn them on, requests to your organization's APIs. We store no text from your conversations."
            ),
            width=_PROSE,
        )
        with st.expander("Every column we store", icon=":material/shield:"):
            for table, columns in TABLES.items():
                names = ", ".join(f"`{column}`" for column in columns if column != "import_no")
                st.markdown(f"{md(_TABLES[table])}: {names}")
            st.markdown(
                "Your settings, balances, expected runs, alerts and links are in `control.sqlite`, your own prices in `prices.json`."
            )
        files = [path.name for path in kept_beside(session.database())]
        st.caption(md(f"Files: {format.listed(files, most=6)}." if files else "No files yet."))
        if st.button("Delete everything", icon=":material/delete_forever:", disabled=not files):
            _ask()


@st.dialog("Delete everything?")
def _ask() -> None:
    with states.errors():
        files = [path.name for path in kept_beside(session.database())]
        calls = int(session.store().rows("events_total")[0]["events"])
        st.markdown(
            md(
                f"{format.plural(calls, 'call')} and all your settings will be deleted: {format.listed(files, most=6)}. "
                "Your exports stay where they are."
            )
        )
        st.text_input(f"Type “{_WORD}” to confirm", key=_TYPED)
        if st.button("Delete for good", on_click=_confirmed):
            st.rerun()


@access.for_owners
def _confirmed() -> None:
    """Delete everything if the confirmation word was typed."""
    if str(st.session_state.get(_TYPED, "")).strip().lower() != _WORD:
        st.session_state[_GONE] = f"Nothing was deleted. To delete everything, type “{_WORD}” first."
        return
    try:
        removed = remove_everything(session.store())
    except UsageError as problem:
        st.session_state[_GONE] = str(problem)
        return
    session.forget()
    st.session_state[_GONE] = f"Deleted: {format.listed(removed, most=6)}."
