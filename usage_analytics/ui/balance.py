"""How long a balance lasts: the person types it in, it is kept, and every way of working shows when it would be gone."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import pandas as pd
import streamlit as st

from usage_analytics import format
from usage_analytics.analysis import burn as burning
from usage_analytics.analysis.burn import Burn
from usage_analytics.figures import burn as figures
from usage_analytics.ui import cards, session, tables
from usage_analytics.ui.frame import View
from usage_analytics.ui.tables import Column
from usage_analytics.ui.text import md

_SETTING: Final = "balance_usd"
_KEY: Final = "balance"
_EXAMPLE: Final = 10 * 10**9  # nano-dollars: what the article asks about, until a balance is typed


def card(view: View, burn: Burn, spent_nanos: int) -> None:
    """The card: balance, pace, the four patterns beside the article's figures."""
    with st.container(border=True, key="card balance"):
        head = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
        head.header("How long will the balance last?", anchor=False, width="content")
        balance = _typed()
        st.markdown(_sentence(view, balance, spent_nanos), width=760)
        st.plotly_chart(
            view.figure(figures.rates, burn),
            key="burn chart",
            config=cards.TOOLBAR,
            alt="What an active hour costs in four ways of working, beside the article's ranges; the table below has the numbers.",
        )
        rows, columns = _rows(burn, balance or _EXAMPLE), _columns(balance or _EXAMPLE)
        tables.table(rows, columns, key="burn", alt="Burn rate by way of working, and how long the balance lasts at it")
        with head:
            tables.download(rows, columns, name="burn", key="burn")


def _columns(balance: int) -> dict[str, Column]:
    lasts = "Of such work, at your own rate; at the middle of the article's where yours is not known."
    return {
        "name": Column("Way of working"),
        "meaning": Column("Which conversations"),
        "per_hour": Column("Yours, an hour", "dollars_each"),
        "article": Column("The article's"),
        "lasts": Column(f"{format.dollars(balance)} lasts", "span", lasts),
        "hours": Column("Active hours", "number"),
        "conversations": Column("Conversations", "count"),
    }


def _typed() -> int | None:
    """The balance in nano-dollars, kept across visits; None until one was typed."""
    if _KEY not in st.session_state:
        kept = session.control().setting(_SETTING)
        st.session_state[_KEY] = float(kept) if kept else None
    dollars = st.number_input(
        "Balance of usage credits, in dollars",
        min_value=0.0,
        max_value=1_000_000.0,
        step=5.0,
        format="%.2f",
        key=_KEY,
        persist_state="session",
        placeholder="Type your balance",
        icon=":material/attach_money:",
        width=260,
        on_change=_keep,
    )
    return None if dollars is None else round(dollars * 1e9)


def _keep() -> None:
    dollars = st.session_state[_KEY]
    session.control().set_setting(_SETTING, None if dollars is None else str(Decimal(str(dollars))))


def _sentence(view: View, balance: int | None, spent_nanos: int) -> str:
    end = min(view.now, view.last_at if view.period.end is None else view.period.end)
    span = end - max(view.first_at, view.period.start or view.first_at)
    drain = burning.drain(balance or 0, spent_nanos, span)
    if drain.nanos_per_day is None:
        return md(f"There is too little data in {view.period.name} to say how fast you spend.")
    pace = f"{format.dollars(drain.nanos_per_day)} a day, as in {view.period.name}"
    if not balance:
        return md(f"You spend {pace}. Type your balance to see when it is gone; it stays on this machine.")
    assert drain.lasts is not None
    until = format.day(format.local(view.now + drain.lasts, view.filters.zone))
    lead = f"At {pace}, {format.dollars(balance)} lasts {format.span(drain.lasts.total_seconds())}, until about {until},"
    return f"**{md(lead)}** {md('if all of it is paid from the balance. What your plan still covers makes it last longer.')}"


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
