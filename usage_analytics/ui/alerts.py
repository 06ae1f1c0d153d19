"""The section of the settings about alerts: where they go, from how many dollars on, a test, what was sent, and the switch to watch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import pandas as pd
import streamlit as st

from usage_analytics import format, watch
from usage_analytics.alerts import channels, delivery, desktop, mail
from usage_analytics.control import Control
from usage_analytics.control import alerts as decided
from usage_analytics.control.alerts import Channel, Level, Thresholds
from usage_analytics.control.deliveries import history
from usage_analytics.control.settings import nanos_of
from usage_analytics.errors import UsageError
from usage_analytics.ui import access, session, states, tables
from usage_analytics.ui.tables import Column
from usage_analytics.ui.text import md

STATES: Final = {
    "claimed": "Being sent",
    "handed": "Being sent",
    "sent": "Sent",
    "failed": "Failed",
    "unsure": "May have arrived",
}
_ICONS: Final = {"desktop": ":material/desktop_windows:", "webhook": ":material/webhook:", "email": ":material/mail:"}
_KINDS: Final = {"webhook": "Webhook", "email": "Email", "desktop": "This desktop"}
_LEVELS: Final[dict[Level, str]] = {"notify": "All alerts", "act": "Only urgent alerts"}
_HEARS: Final[dict[Level, str]] = {"notify": "gets all alerts", "act": "gets only urgent alerts"}
_HISTORY: Final = {
    "at": Column("When", "moment"),
    "channel": Column("Where"),
    "state": Column("Result"),
    "title": Column("What", "prose"),
    "problem": Column("Why", "prose"),
}
_KEY: Final = "_signing_key"
_SAID: Final = "_alerts_said"
_PROSE: Final = 760


def section() -> None:
    """Draw the card, for owners only: a channel decides which addresses this machine contacts."""
    if not access.is_owner():
        return
    with states.errors(), st.container(border=True, key="card alerts"):
        control = session.control()
        st.header("Alerts", anchor=False)

        # What the last click came to; a signing key is shown this once.
        for told in st.session_state.pop(_SAID, ()):
            words = (
                f"{told.channel}: {STATES[told.state].lower()}." if told.problem is None else f"{told.channel}: {told.problem}"
            )
            (st.success if told.state == "sent" else st.warning)(md(words))
        if made := st.session_state.get(_KEY):
            st.markdown("Webhook signing key. Copy it now; we won't show it again.")
            st.code(made, language=None)
            st.button("Done", on_click=st.session_state.pop, args=(_KEY, None), icon=":material/check:", key="key noted")

        st.toggle(
            "Watch while the dashboard is open",
            value=watch.is_switched_on(control),
            key="watch switch",
            on_change=access.for_owners(_switched),
            help="Reads your Claude Code folders every minute and alerts the channels below. "
            "“usage-analytics watch” does the same without the dashboard. If both run, each alert is sent once.",
        )
        look = watch.latest(session.database())
        if look is not None and watch.is_switched_on(control):
            found = (
                format.plural(len(look.alerts), "thing needs your attention", "things need your attention")
                if look.alerts
                else "nothing needs your attention"
            )
            st.caption(md(f"Last checked {format.moment(look.at, session.zone())}: {found}. {' '.join(look.problems)}"))

        known = decided.thresholds(control)
        with st.form("alert amounts", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            notify = _dollars(
                "Alert from, $",
                known.notify_nanos,
                "Counts what a drain has spent, or will have spent by the time you're usually back.",
            )
            act = _dollars("Urgent from, $", known.act_nanos, "A channel can be limited to urgent alerts.")
            if st.form_submit_button("Save"):
                with _doing():
                    decided.set_thresholds(control, Thresholds(nanos_of(notify), nanos_of(act)))
        _channels(control)
        _sent(control, session.now())


def _switched() -> None:
    watch.switch(session.control(), on=bool(st.session_state["watch switch"]))


def _dollars(label: str, nanos: int, text: str) -> float:
    return st.number_input(label, min_value=0.0, max_value=1e6, value=nanos / 1e9, step=1.0, format="%.2f", help=text, width=220)


def _channels(control: Control) -> None:
    known = decided.channels(control)
    if not known:
        st.markdown("No alerts yet. Add a channel:", width=_PROSE)
    for one in known:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
            st.markdown(f"{_ICONS[one.kind]} **{md(one.label)}** · {_HEARS[one.from_level]}", width="content")
            with st.container(horizontal=True, width="content", gap="small"):
                for word, act, icon in (("Test", _test, "send"), ("Remove", _remove, "delete")):
                    key, on_click = f"{word.lower()} {one.id}", access.for_owners(act)
                    st.button(word, key=key, on_click=on_click, args=(one,), type="tertiary", icon=f":material/{icon}:")
    with st.container(horizontal=True, gap="small"):
        _add(control)
        if not any(one.kind == "email" for one in known):
            return
        server = mail.configured(control)
        label = "Mail server" if server is None else f"Mail server: {server.host}"
        with st.popover(md(label), icon=":material/outgoing_mail:"), st.form("mail server", border=False, enter_to_submit=False):
            url = st.text_input(
                "Server and user",
                placeholder="smtps://me@mail.example.com",
                help="smtps://, or smtp:// with STARTTLS",
            )
            password = st.text_input(
                "Password", type="password", autocomplete="new-password", help="Stored in a file that only you can read."
            )
            if st.form_submit_button("Save", type=session.main_button()):
                with _doing():
                    channels.set_mail_server(control, url or None, password or None)


def _test(one: Channel) -> None:
    st.session_state[_SAID] = delivery.send_test(session.control(), session.now(), one.id)


def _remove(one: Channel) -> None:
    channels.remove(session.control(), one.id, session.now())


def _add(control: Control) -> None:
    kinds = [kind for kind in _KINDS if kind != "desktop" or desktop.program()]
    with st.popover("Add a channel", icon=":material/add:"):
        kind = st.segmented_control(
            "What kind?", kinds, default="webhook", required=True, format_func=_KINDS.__getitem__, key="channel kind"
        )
        with st.form("channel", border=False, enter_to_submit=False):
            if kind == "webhook":
                text = "Slack, or any service that accepts a JSON POST. Stored in a file that only you can read, and not shown again."
                address = st.text_input(
                    "Address", type="password", placeholder="https://hooks.slack.com/services/…", help=text, autocomplete="off"
                )
            else:
                address = st.text_input("Email address", placeholder="me@example.com") if kind == "email" else ""
            level = st.radio("Sends", list(_LEVELS), format_func=_LEVELS.__getitem__, horizontal=True)
            allowed = kind != "desktop" and st.checkbox(
                "Allow a private network address", help="Leave this off unless you run the server yourself."
            )
            if st.form_submit_button("Add", type=session.main_button()):
                with _doing():
                    now = session.now()
                    if kind == "webhook":
                        added = channels.add_webhook(control, address, now, from_level=level, private_allowed=allowed)
                        st.session_state[_KEY] = added.signing_key
                    elif kind == "email":
                        channels.add_email(control, address, now, from_level=level, private_allowed=allowed)
                    else:
                        channels.switch_desktop(control, now, on=True, from_level=level)


def _sent(control: Control, now: datetime) -> None:
    rows = []
    for one in history(control):
        state = STATES[one.state]
        if one.next_try_at is not None:
            wait = (one.next_try_at - now).total_seconds()
            state += f", next try in {format.span(wait)}" if wait > 0 else ", retried at the next check"
        rows.append(
            {"at": one.claimed_at, "channel": one.channel, "state": state, "title": one.title, "problem": one.problem or ""}
        )
    if rows:
        st.markdown("**Sent alerts**")
        alt = "Sent alerts, newest first"
        tables.table(pd.DataFrame(rows), _HISTORY, key="alerts sent", alt=alt, zone=session.zone())


@contextmanager
def _doing() -> Iterator[None]:
    """Do what a form asks, for owners only, and redraw; show an error in its place."""
    access.owner_only()
    try:
        yield
    except UsageError as problem:
        st.error(md(str(problem)))
    else:
        st.rerun()
