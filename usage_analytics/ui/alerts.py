"""The section of the settings about alerts: where they go, from how many dollars on, a test, what was sent, and the switch to watch."""

from __future__ import annotations

from collections.abc import Callable
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
_KINDS: Final = {"webhook": "Webhook", "email": "E-mail", "desktop": "This desktop"}
_LEVELS: Final[dict[Level, str]] = {"notify": "All alerts", "act": "Only what calls for action"}
_HEARS: Final[dict[Level, str]] = {"notify": "hears of all alerts", "act": "hears only of what calls for action"}
_HISTORY: Final = {
    "at": Column("When", "moment"),
    "channel": Column("Where"),
    "state": Column("What became of it"),
    "title": Column("What", "prose"),
    "problem": Column("Why", "prose"),
}
_KEY: Final = "_signing_key"
_SAID: Final = "_alerts_said"
_PROSE: Final = 760


def section() -> None:
    """The card, for owners only: whoever sets a channel decides whom this machine calls."""
    if not access.is_owner():
        return
    with states.errors(), st.container(border=True, key="card alerts"):
        control, now = session.control(), session.now()
        st.header("Who is told when something drains?", anchor=False)
        _said()
        _switch(control)
        known = decided.thresholds(control)
        with st.form("alert amounts", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            notify = _dollars(
                "Tell me from, in dollars", known.notify_nanos, "What a drain has spent, or will have by your next usual hour."
            )
            act = _dollars("Calls for action from", known.act_nanos, "Channels may be set to hear only of this.")
            if st.form_submit_button("Keep"):
                _doing(lambda: decided.set_thresholds(control, Thresholds(nanos_of(notify), nanos_of(act))))
        _channels(control)
        with st.container(horizontal=True, gap="small"):
            _add(control)
            _mail_server(control)
        sent = history(control)
        if sent:
            rows = pd.DataFrame(
                {
                    "at": one.claimed_at,
                    "channel": one.channel,
                    "state": STATES[one.state] + _again(one.next_try_at, now),
                    "title": one.title,
                    "problem": one.problem or "",
                }
                for one in sent
            )
            st.markdown("**What was sent, and when?**")
            tables.table(rows, _HISTORY, key="alerts sent", alt="Alerts that were sent, newest first", zone=session.zone())


def _said() -> None:
    """What the last click came to; a signing key is shown this once."""
    for told in st.session_state.pop(_SAID, ()):
        words = f"{told.channel}: {STATES[told.state].lower()}." if told.problem is None else f"{told.channel}: {told.problem}"
        (st.success if told.state == "sent" else st.warning)(md(words))
    if made := st.session_state.get(_KEY):
        st.markdown("Messages to this webhook are signed with this key. It is shown only now.")
        st.code(made, language=None)
        st.button("Done", on_click=st.session_state.pop, args=(_KEY, None), icon=":material/check:", key="key noted")


def _switch(control: Control) -> None:
    st.toggle(
        "Watch while the dashboard is open",
        value=watch.is_switched_on(control),
        key="watch switch",
        on_change=access.for_owners(_switched),
        help="It reads your Claude Code folders every minute and tells the channels below. "
        "“usage-analytics watch” does the same without the dashboard; both at once tell once.",
    )
    look = watch.latest(session.database())
    if look is not None and watch.is_switched_on(control):
        found = format.plural(len(look.alerts), "thing needs you", "things need you") if look.alerts else "nothing needs you"
        when = format.moment(look.at, session.zone())
        st.caption(md(f"Last looked {when}: {found}. {' '.join(look.problems)}"))


def _switched() -> None:
    watch.switch(session.control(), on=bool(st.session_state["watch switch"]))


def _dollars(label: str, nanos: int, text: str) -> float:
    return st.number_input(label, min_value=0.0, max_value=1e6, value=nanos / 1e9, step=1.0, format="%.2f", help=text, width=220)


def _channels(control: Control) -> None:
    known = decided.channels(control)
    if not known:
        st.markdown("Nobody is told yet. Add a channel:", width=_PROSE)
        return
    for one in known:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
            st.markdown(f"{_ICONS[one.kind]} **{md(one.label)}** · {_HEARS[one.from_level]}", width="content")
            with st.container(horizontal=True, width="content", gap="small"):
                st.button(
                    "Test",
                    key=f"test {one.id}",
                    on_click=access.for_owners(_test),
                    args=(one,),
                    type="tertiary",
                    icon=":material/send:",
                )
                st.button(
                    "Remove",
                    key=f"remove {one.id}",
                    on_click=access.for_owners(_remove),
                    args=(one,),
                    type="tertiary",
                    icon=":material/delete:",
                )


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
                text = "Slack, or whatever takes a POST of JSON. It is kept in a file that only you can read, and shown no more."
                address = st.text_input(
                    "Address", type="password", placeholder="https://hooks.slack.com/services/…", help=text, autocomplete="off"
                )
            else:
                address = st.text_input("E-mail address", placeholder="me@example.com") if kind == "email" else ""
            level = st.radio("It hears of", list(_LEVELS), format_func=_LEVELS.__getitem__, horizontal=True)
            allowed = kind != "desktop" and st.checkbox(
                "It may lie in a private network", help="Leave this off unless you run it yourself."
            )
            if st.form_submit_button("Add", type=session.main_button()):
                _doing(lambda: _added(control, kind, address, level, allowed=allowed))


def _added(control: Control, kind: str, address: str, level: Level, *, allowed: bool) -> None:
    now: datetime = session.now()
    if kind == "webhook":
        st.session_state[_KEY] = channels.add_webhook(
            control, address, now, from_level=level, private_allowed=allowed
        ).signing_key
    elif kind == "email":
        channels.add_email(control, address, now, from_level=level, private_allowed=allowed)
    else:
        channels.switch_desktop(control, now, on=True, from_level=level)


def _mail_server(control: Control) -> None:
    if not any(one.kind == "email" for one in decided.channels(control)):
        return
    known = mail.configured(control)
    label = "Mail server" if known is None else f"Mail server: {known.host}"
    with st.popover(md(label), icon=":material/outgoing_mail:"), st.form("mail server", border=False, enter_to_submit=False):
        url = st.text_input(
            "Server and user",
            placeholder="smtps://me@mail.example.com",
            help="smtps:// or smtp://, which then has to offer STARTTLS",
        )
        password = st.text_input(
            "Password", type="password", autocomplete="new-password", help="It is kept in a file that only you can read."
        )
        if st.form_submit_button("Keep", type=session.main_button()):
            _doing(lambda: channels.set_mail_server(control, url or None, password or None))


def _again(next_try_at: datetime | None, now: datetime) -> str:
    if next_try_at is None:
        return ""
    wait = max(0.0, (next_try_at - now).total_seconds())
    return f", next try in {format.span(wait)}" if wait else ", tried again at the next look"


def _doing(act: Callable[[], None]) -> None:
    """Do what a form asks, for owners only, and draw anew; what is off is said in place."""
    access.owner_only()
    try:
        act()
    except UsageError as problem:
        st.error(md(str(problem)))
    else:
        st.rerun()
