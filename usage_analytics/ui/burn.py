"""What an active hour costs in four ways of working, how long the balance lasts in each, and which of them each conversation was."""

from __future__ import annotations

from typing import Final

import streamlit as st

from usage_analytics.answers import savings
from usage_analytics.figures import burn as figures
from usage_analytics.question import Question
from usage_analytics.ui import cards, parts, tables
from usage_analytics.ui.columns import CONVERSATION
from usage_analytics.ui.tables import Column
from usage_analytics.ui.text import md

_PROSE: Final = 760
_SESSIONS: Final = {
    "id": Column("Conversation"),
    "pattern": Column("Pattern"),
    "per_hour": Column("$/h", "dollars_each", "Per active hour; unknown below three minutes"),
    "hours": Column("Active hours", "number"),
    **CONVERSATION,
}


def card(question: Question) -> None:
    """The card of what an active hour costs: your four ways of working beside those of Claude's guide."""
    found = savings.burn_rate(question)
    rows, columns = found.rows, _columns(found.lasts_title)
    with st.container(border=True, key="card burn"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header("Burn rate by way of working", anchor=False, width="content")
            tables.download(rows, columns, name="burn", key="burn")
        st.markdown(f"**{md(found.said)}**", width=_PROSE)
        st.plotly_chart(
            parts.figure(figures.rates, found.burn),
            key="burn chart",
            config=cards.TOOLBAR,
            alt="Burn rate in four ways of working, beside the ranges in Claude's guide. The table below has the numbers.",
        )
        tables.table(rows, columns, key="burn", alt="Burn rate and runway by way of working")
        st.caption(md(f"{savings.answer(question).judged_by} {savings.BURN_NOTE}"), width=_PROSE)


def sessions(question: Question) -> None:
    """The most expensive conversations, each with its way of working."""
    parts.breakdown(
        "Conversations by way of working",
        savings.sessions(question),
        _SESSIONS,
        key="burn-sessions",
        alt="The most expensive conversations and the way of working in each",
        most=20,
        zone=question.filters.zone,
    )


def _columns(lasts_title: str) -> dict[str, Column]:
    lasts = "At your own rate for that work, or the midpoint in Claude's guide where we don't know yours."
    return {
        "name": Column("Pattern"),
        "per_hour": Column("Your $/h", "dollars_each"),
        "lasts": Column(lasts_title, "span", lasts),
        "article": Column("Guide's $/h"),
        "meaning": Column("Which conversations"),
        "hours": Column("Active hours", "number"),
        "conversations": Column("Conversations", "count"),
    }
