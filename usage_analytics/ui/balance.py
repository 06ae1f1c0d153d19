"""How long the balance lasts: read, typed or imported, it goes on by the log."""

from __future__ import annotations

from typing import Final

import streamlit as st

from usage_analytics.answers.balance import answer as balance_of
from usage_analytics.answers.overview import Overview
from usage_analytics.control.balances import Reading, add_reading
from usage_analytics.control.settings import nanos_of
from usage_analytics.question import Question
from usage_analytics.ui import access, background, session
from usage_analytics.ui.text import md

_KEY: Final = "balance"


def card(question: Question, asked: Overview) -> None:
    """The card: what is left, until when it lasts, and the pace of spending."""
    with st.container(border=True, key="card balance"):
        st.header("Balance and runway", anchor=False)
        found = balance_of(question)
        if found.left_nanos is None:
            st.markdown(
                md(f"{asked.pace} Enter your balance to see how long it lasts. It stays on this machine."),
                width=760,
            )
        else:
            said = zip(found.runways, found.lines, strict=True)
            lines = [line for one, line in said if one.why is None or one.gauge == "balance"]
            st.markdown("  \n".join((f"**{md(found.headline.lead)}**", *map(md, lines))), width=760)
            st.caption(md(" ".join(filter(None, (asked.pace, background.not_counted(question))))))
        if access.is_owner():
            code = found.known.currency.code
            st.number_input(
                f"Balance now, {code}",
                value=None,
                step=5.0,
                format="%.2f",
                key=_KEY,
                placeholder="Enter your balance",
                width=260,
                on_change=_keep,
                args=(code,),
            )


@access.for_owners
def _keep(code: str) -> None:
    """Keep the typed balance as a reading of now."""
    typed = st.session_state[_KEY]
    if typed is not None:
        add_reading(session.control(), Reading(session.now(), nanos_of(typed), code))
        st.session_state[_KEY] = None
