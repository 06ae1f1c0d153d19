"""The first visit: three ways in, what we read and what we never keep, progress, and then the page's answer."""

from __future__ import annotations

from typing import Final

import streamlit as st

from usage_analytics import format
from usage_analytics.answers import imports
from usage_analytics.importers import NAMES
from usage_analytics.ingest.uploads import pasted
from usage_analytics.ui import access, incoming, intake, session
from usage_analytics.ui.text import md

SETTINGS_PAGE: Final = "pages/data/settings.py"
KEPT: Final = {
    "We keep": "Times, models, apps, token counts, costs, limits, and the names of projects and accounts.",
    "We never keep": "Prompts, answers, titles, tool results or code. We read each log line by line and keep only the counts.",
    "We never open": "Sign-in tokens, browser cookies or your source files. Your data stays on this machine.",
}
_PROSE: Final = 760
_PASTED: Final = "pasted export"


def show() -> None:
    """Draw the way in: the three offers, or what the person is in the middle of."""
    st.title("Get started", anchor=False)
    if not access.is_owner():
        st.markdown("No usage imported yet. An owner of this dashboard can import some.", width=_PROSE)
        return
    if intake.underway():
        return
    intake.notice()
    if receipt := incoming.current().receipt:  # and there is still no call: the account's balance, or nothing that we could read
        said = imports.received(receipt)
        st.header(md(said.lead), anchor=False)
        st.markdown(md(f"{said.detail} Add usage to see where the money went."), width=_PROSE)
    else:
        st.header("No usage imported yet. Choose one of three ways to start.", anchor=False)
    machine, file, paste = st.columns(3, gap="small")
    with machine.container(border=True, height="stretch", key="this machine"):
        found = _this_machine()
    with file.container(border=True, height="stretch", key="a file"):
        st.header("Drop a file", anchor=False)
        intake.uploader("An export, a transcript or a spreadsheet")
        st.caption(
            f"We read {len(NAMES) - 1} formats, including Claude Console, claude.ai, Cursor and OpenRouter, and any table of usage. "
            "You'll see what's in a file before we add anything."
        )
    with paste.container(border=True, height="stretch", key="paste"):
        st.header("Paste from claude.ai", anchor=False)
        with st.form("paste export", border=False, clear_on_submit=True):
            st.text_area(
                "Usage, credits or spend, as JSON or CSV",
                key=_PASTED,
                height=90,
                placeholder='{"amount": 1250, "currency": "USD", …}',
            )
            st.form_submit_button("Read what I pasted", icon=":material/content_paste:", on_click=access.for_owners(_read_pasted))
        st.caption(
            "Never paste a password, a cookie or a token. "
            "For your chats, export your data on claude.ai (Settings, Privacy) and drop the file."
        )
    with st.container(border=True, key="what we keep"), st.grid(3, min_column_width=230, gap="medium"):
        for title, text in KEPT.items():
            st.markdown(f"**{title}**  \n{text}")
    if session.has_sample():
        st.button("Look at sample data", type="tertiary" if found else "secondary", on_click=session.look_at_sample)


def _this_machine() -> bool:
    """The Claude Code folders of this machine, one click away; whether there are any."""
    known, _ = intake.offered()
    st.header("This machine", anchor=False)
    folders = [folder for folder in known.folders if folder.files]
    if not folders:
        st.markdown("We found no Claude Code usage here. If yours is elsewhere, add its folder in Settings.")
        st.page_link(SETTINGS_PAGE, label="Add a folder", icon=":material/create_new_folder:")
        return False
    st.markdown("Claude Code keeps a log of your usage here.")
    for folder in folders:
        size = f"{format.plural(folder.files, 'transcript')}, {format.size(folder.bytes)}"
        st.markdown(f"{md(folder.name)}  \n:gray[{md(size)}]")
    st.button(
        "Read my Claude Code usage", type=session.main_button(), icon=":material/sync:", on_click=access.for_owners(incoming.sync)
    )
    return True


def _read_pasted() -> None:
    text = str(st.session_state.get(_PASTED, ""))
    if text.strip():
        incoming.read([pasted(text, session.now())])
