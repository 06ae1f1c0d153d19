"""What a sync reads, in Settings: added folders with their accounts, and the organization's APIs with the key that was found."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from usage_analytics import format
from usage_analytics.control import folders, organization
from usage_analytics.errors import BadRequest
from usage_analytics.ingest.sources import Source, sources
from usage_analytics.sources.claude_code import from_home, other_homes
from usage_analytics.sources.organization import key as admin_key
from usage_analytics.ui import access, session
from usage_analytics.ui.text import md
from usage_analytics.ui.way import go

_PROSE: Final = 760
_SAID: Final = "_sources said"
_ROUND: Final = "_sources round"


def section() -> None:
    """Two cards: folders, and the organization."""
    if done := st.session_state.pop(_SAID, None):
        st.toast(md(done), icon=":material/check:")
    left, right = st.columns(2, gap="small")
    with left.container(border=True, height="stretch", key="card folders"):
        st.header("Folders", anchor=False)
        _folders(sources(session.control()))
    with right.container(border=True, height="stretch", key="card organization"):
        st.header("Anthropic organization", anchor=False)
        _organization()


def _folders(known: tuple[Source, ...]) -> None:
    """The folders that a sync reads, a form for one more, and a button to remove each that was added."""
    for one in known:
        if one.kind == "claude_code":
            places = format.listed([from_home(place) for place in one.places], most=3)
            st.markdown(f"{md(places)}  \n:gray[Claude Code on this machine]")
        elif one.kind == "folder" and one.folder is not None:
            name, button = st.columns([4, 1], vertical_alignment="center")
            there = "" if one.folder.is_dir() else ", not connected"
            name.markdown(f"{md(one.name)}  \n:gray[{md(f'Account: {one.account}' if one.account else 'No account')}{there}]")
            button.button(
                "Remove", key=f"remove {one.folder}", on_click=access.for_owners(_remove), args=(str(one.folder), one.name)
            )
    if not known:
        st.markdown("No folder yet. Add one below, or upload files on Imports.")
    found = [home for home in other_homes() if home not in [one.folder for one in known]]
    if found:
        st.caption(md(f"Claude Code also runs on Windows here: add {format.listed([str(home) for home in found], most=3)}."))
    with st.form(f"add folder {st.session_state.get(_ROUND, 0)}", border=False):
        with st.grid(2, min_column_width=150, gap="small"):
            path = st.text_input("Folder", placeholder="/mnt/backup/laptop/.claude")
            account = st.text_input(
                "Account",
                placeholder="Ann's laptop",
                max_chars=folders.LONGEST,
                help="The account for usage from this folder.",
            )
        if st.form_submit_button("Add folder"):
            access.owner_only()
            if not path.strip():
                raise BadRequest("Path of another machine's .claude, another home folder, or a folder of exports.")
            added = folders.add_folder(session.control(), Path(path.strip()), account)
            st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
            st.session_state[_SAID] = f"Added {from_home(Path(added.path))}. Sync now to read it."
            st.rerun()


def _organization() -> None:
    """Whether there is a key, the switch, and what came of the last sync."""
    control = session.control()
    on = organization.is_on(control)
    try:
        key = admin_key.find_key()
    except BadRequest as problem:
        st.warning(md(str(problem)), icon=":material/key_off:")
        return
    if key is None:
        st.markdown(
            f"No Admin key found. An organization admin can create one in the Console. Then start usage-analytics with "
            f"`{admin_key.VARIABLE}` set, or store the key in the system keyring with `usage-analytics sources --keep-key`.",
            width=_PROSE,
        )
    else:
        st.markdown(md(f"Admin key found: {key}, from {key.where}."))
        st.caption(
            "This key can manage your whole organization. We use it only to read usage and cost reports from api.anthropic.com."
        )
    if key is not None or on:
        wanted = st.toggle(
            "Sync usage and cost of this organization", on, key="organization sync", disabled=not access.is_owner()
        )
        if wanted != on:
            access.owner_only()
            organization.switch(control, on=wanted)
            st.rerun()
    if on and key is not None:
        asked_at, failed = organization.asked_at(control), organization.result(control)
        if failed:
            st.warning(md(failed), icon=":material/sync_problem:")
        elif asked_at is None:
            st.caption("Not synced yet. The first sync reads up to a year and takes a few minutes.")
        else:
            st.caption(md(f"Last synced {format.moment(asked_at, session.zone())}."))
        if st.button("Sync now", icon=":material/sync:", type=session.main_button()):
            access.owner_only()
            session.ask_for_sync()
            go("pages/data/imports.py")


def _remove(path: str, name: str) -> None:
    folders.remove_folder(session.control(), Path(path))
    st.session_state[_SAID] = f"Removed {name}. What you imported from it stays."
