"""The digest: which channel gets the numbers of each week or month. For owners only."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

import streamlit as st

from usage_analytics import format, watch
from usage_analytics.control import Control, digests, settings
from usage_analytics.control.alerts import Channel, channels
from usage_analytics.control.digests import Cadence, Digest
from usage_analytics.reports import REDACTIONS
from usage_analytics.ui import access, session, states
from usage_analytics.ui.text import md

_OFTEN: Final[dict[str, Cadence | None]] = {"Never": None, "Weekly": "weekly", "Monthly": "monthly"}


def section() -> None:
    """The card: one line for each channel that alerts go to."""
    if not access.is_owner():
        return
    with states.errors(), st.container(border=True, key="card digest"):
        control, now = session.control(), session.now()
        st.header("Send a weekly or monthly digest", anchor=False)
        known = channels(control)
        if not known:
            st.markdown("Add an alert channel under *Settings* to get weekly or monthly numbers.")
            return
        starts = settings.week_start(control) or "Monday"
        st.caption(md(f"The figures of the report, every {starts} or on the first of the month at 8:00."))
        kept = {one.channel_id: one for one in digests.digests(control)}
        for channel in known:
            _line(control, channel, kept.get(channel.id), now)
        if kept and not watch.is_switched_on(control):
            st.caption("Digests need watching to be on: turn it on under *Settings*, or run `usage-analytics watch`.")


def _line(control: Control, channel: Channel, kept: Digest | None, now: datetime) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"digest {channel.id}"):
        st.markdown(md(channel.label), width=260)
        often = st.segmented_control(
            "How often",
            list(_OFTEN),
            default=next(words for words, cadence in _OFTEN.items() if cadence == (kept.cadence if kept else None)),
            required=True,
            key=f"digest often {channel.id}",
            on_change=access.for_owners(_changed),
            args=(control, channel, now),
            label_visibility="collapsed",
        )
        if _OFTEN[often] is None or kept is None:
            return
        st.selectbox(
            "Names",
            list(REDACTIONS),
            index=list(REDACTIONS).index(kept.redaction),
            format_func=REDACTIONS.__getitem__,
            key=f"digest names {channel.id}",
            on_change=access.for_owners(_changed),
            args=(control, channel, now),
            label_visibility="collapsed",
            width=200,
        )
        st.toggle(
            "Include a link to the dashboard",
            value=kept.with_link,
            key=f"digest link {channel.id}",
            on_change=access.for_owners(_changed),
            args=(control, channel, now),
        )
        st.caption(f"Next {md(format.moment(digests.next_at(kept, now), kept.zone))}", width="content")


def _changed(control: Control, channel: Channel, now: datetime) -> None:
    """Keep what the widgets of a channel say."""
    cadence = _OFTEN[st.session_state[f"digest often {channel.id}"]]
    kept = next((one for one in digests.digests(control) if one.channel_id == channel.id), None)
    if cadence is None:
        if kept is not None:
            digests.forget(control, channel.id)
        return
    begun = kept or Digest(channel.id, cadence, session.zone(), "none", with_link=False, made_at=now)
    digests.keep(
        control,
        replace(
            begun,
            cadence=cadence,
            redaction=st.session_state.get(f"digest names {channel.id}", begun.redaction),
            with_link=st.session_state.get(f"digest link {channel.id}", begun.with_link),
        ),
    )
