"""Sharing a report by a link: what leaves, until when, behind which passcode; and the links that there are."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from usage_analytics import format, reports
from usage_analytics.control import Control, shares
from usage_analytics.control.access import is_this_machine
from usage_analytics.control.shares import Share
from usage_analytics.errors import BadRequest
from usage_analytics.reports import Report
from usage_analytics.ui import access, session, states
from usage_analytics.ui.text import md

PUBLIC_URL: Final = "public_url"  # the setting: where others reach this server, if it is behind a proxy
_MADE: Final = "_share_made"
_DAYS: Final = (1, 7, 14, 30, 90)
_KEPT: Final = {"none": "with real names", "names": "with names replaced", "totals": "with totals only"}
_STATES: Final = {"open": ("Open", "green"), "paused": ("Paused", "orange")}


def section(report: Report) -> None:
    """Draw the card that shares `report` exactly as it is and lists earlier links; nothing for people who aren't owners."""
    if not access.is_owner():
        return
    with states.errors(), st.container(border=True, key="card sharing"):
        control, now = session.control(), session.now()
        shares.sweep(control, now)
        st.header("Share by link", anchor=False)
        if made := st.session_state.get(_MADE):
            st.markdown("Copy this link now; we won't show it again.")
            st.code(made, language=None, wrap_lines=True)
            if is_this_machine(urlsplit(made).hostname):
                st.caption(
                    "This link works on this machine only, because the dashboard doesn't accept other machines. Send the file, "
                    "or run the dashboard where others can reach it and enter its address below."
                )
            st.button("Done", on_click=st.session_state.pop, args=(_MADE, None), icon=":material/check:")
        else:
            _offer(report, control, now)

        # What was shared before.
        known = shares.shares(control)
        alive = [one for one in known if one.state(now) in _STATES]
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            ended = len(known) - len(alive)
            counted = f"{format.plural(len(alive), 'link')} active" + (f", {ended} ended" if ended else "")
            st.caption(md(counted[:1].upper() + counted[1:] if known else "Nothing has been shared yet."), width="content")
            with (
                st.popover("Address of this server", icon=":material/dns:"),
                st.form("public url", border=False),
            ):
                typed = st.text_input(
                    "Address that others use",
                    value=control.setting(PUBLIC_URL) or "",
                    placeholder="https://usage.example.com",
                    help="For a dashboard behind a proxy. Links use this address.",
                )
                if st.form_submit_button("Save address"):
                    access.owner_only()
                    control.set_setting(PUBLIC_URL, public_url(typed))
                    st.rerun()
        for one in alive:
            _link(one, control, now)


def address(control: Control) -> str:
    """Return the address at which others reach this server: the one that was set, else this browser's."""
    known = control.setting(PUBLIC_URL)
    if known:
        return known
    here = urlsplit(st.context.url or "http://localhost:8501")
    return f"{here.scheme}://{here.netloc}"


def public_url(text: str) -> str | None:
    """What a person typed as the address of the server, without its end; None for nothing. Raises BadRequest."""
    typed = text.strip().rstrip("/")
    found = urlsplit(typed)
    if typed and (found.scheme not in ("http", "https") or not found.hostname or found.query or found.fragment or "@" in typed):
        raise BadRequest("That isn't a server address. Write it like https://usage.example.com.")
    return typed or None


def _offer(report: Report, control: Control, now: datetime) -> None:
    sections = format.plural(len(report.sections), "section")
    st.markdown(
        md(
            f"The link shows a frozen copy of the report above, {_KEPT[report.redaction]}, in {sections}. "
            "It never shows anything else."
        ),
        width=760,
    )
    with st.form("share", border=False, enter_to_submit=False), st.container(horizontal=True, vertical_alignment="bottom"):
        days = st.selectbox(
            "Link expires after",
            _DAYS,
            index=_DAYS.index(shares.DAYS),
            format_func=lambda days: format.plural(days, "day"),
            width=180,
        )
        passcode = st.text_input(
            "Passcode (optional)",
            type="password",
            max_chars=shares.LONGEST_PASSCODE,
            autocomplete="new-password",
            help=f"{shares.SHORTEST_PASSCODE} characters or more. Send it separately from the link.",
            width=260,
        )
        asked = st.form_submit_button("Create link", type=session.main_button(), icon=":material/link:")
    if asked:
        access.owner_only()
        token = shares.create(
            control,
            title=report.title,
            html=reports.render(report, "html").decode(),
            json=reports.render(report, "json").decode(),
            redaction=report.redaction,
            now=now,
            days=days,
            passcode=passcode or None,
            created_by=access.here().email,
        )
        st.session_state[_MADE] = f"{address(control)}/r/{token}"
        st.rerun()


def _link(share: Share, control: Control, now: datetime) -> None:
    word, color = _STATES[share.state(now)]
    zone = session.zone()
    seen = format.plural(share.views, "view") + (
        f", the last {format.ago(now - share.last_view_at)}" if share.last_view_at else ""
    )
    facts = [
        _KEPT[share.redaction],
        *(["with a passcode"] if share.has_passcode else []),
        f"created {format.moment(share.created_at, zone)}" + (f" by {share.created_by}" if share.created_by else ""),
        f"expires {format.moment(share.expires_at, zone)}",
        seen,
    ]
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key=f"share {share.share_id}"
    ):
        st.markdown(f":{color}-badge[{word}] {md(share.title)}  \n:gray[{md(' · '.join(facts))}]", width="stretch")
        with st.container(horizontal=True, width="content", gap="small"):
            change, said, icon = (shares.resume, "Resume", "play_arrow") if share.paused else (shares.pause, "Pause", "pause")
            st.button(
                said,
                key=f"pause {share.share_id}",
                icon=f":material/{icon}:",
                on_click=access.for_owners(change),
                args=(control, share.share_id),
            )
            with st.popover("Revoke", icon=":material/link_off:"):
                st.markdown("We delete the report, and the link stops working.")
                st.button(
                    "Delete it",
                    key=f"revoke {share.share_id}",
                    on_click=access.for_owners(shares.revoke),
                    args=(control, share.share_id, now),
                )
