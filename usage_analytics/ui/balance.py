"""How long the balance lasts: read, typed or imported, it goes on by the log; and every way of working shows when it would be gone."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from usage_analytics import format
from usage_analytics.answers import burn as burning
from usage_analytics.answers.balance import answer as balance_of
from usage_analytics.answers.burn import Burn
from usage_analytics.answers.overview import Overview
from usage_analytics.control.balances import Reading, add_reading
from usage_analytics.control.settings import nanos_of
from usage_analytics.figures import burn as figures
from usage_analytics.question import Question
from usage_analytics.ui import access, cards, parts, session, tables
from usage_analytics.ui.tables import Column
from usage_analytics.ui.text import md

_KEY: Final = "balance"
_EXAMPLE: Final = 10 * 10**9  # nano-dollars: what the article asks about, until a balance is typed


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
            st.caption(md(asked.pace))
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


def burn_card(question: Question, asked: Overview) -> None:
    """The card of what an active hour costs: your four ways of working beside the article's figures."""
    lasting = max(balance_of(question).left_usd_nanos or 0, 0) or _EXAMPLE
    rows, columns = _rows(asked.burn, lasting), _columns(lasting)
    with st.container(border=True, key="card burn"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header("Burn rate by way of working", anchor=False, width="content")
            tables.download(rows, columns, name="burn", key="burn")
        st.plotly_chart(
            parts.figure(figures.rates, asked.burn),
            key="burn chart",
            config=cards.TOOLBAR,
            alt="Burn rate in four ways of working, beside the ranges in Claude's guide. The table below has the numbers.",
        )
        tables.table(rows, columns, key="burn", alt="Burn rate and runway by way of working")


def _columns(balance: int) -> dict[str, Column]:
    lasts = "At your own rate for that work, or the midpoint in Claude's guide where we don't know yours."
    return {
        "name": Column("Pattern"),
        "meaning": Column("Which conversations"),
        "per_hour": Column("Your $/h", "dollars_each"),
        "article": Column("Guide's $/h"),
        "lasts": Column(f"{format.dollars(balance)} lasts", "span", lasts),
        "hours": Column("Active hours", "number"),
        "conversations": Column("Conversations", "count"),
    }


@access.for_owners
def _keep(code: str) -> None:
    """Keep the typed balance as a reading of now."""
    typed = st.session_state[_KEY]
    if typed is not None:
        add_reading(session.control(), Reading(session.now(), nanos_of(typed), code))
        st.session_state[_KEY] = None


def _rows(burn: Burn, balance: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": pattern.name,
            "meaning": pattern.meaning,
            "conversations": pattern.conversations,
            "hours": pattern.active_hours,
            "per_hour": pattern.per_hour,
            "article": f"${pattern.article[0]:.2f} to ${pattern.article[1]:.2f}",
            "lasts": burning.lasts(balance, pattern.per_hour or sum(pattern.article) / 2 * 1e9),
        }
        for pattern in burn.patterns
    ).astype({"per_hour": "float64", "lasts": "float64"})
