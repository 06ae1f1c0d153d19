"""The panel beside a page with one conversation, call by call. Its id is in the URL, so that a link shows it too."""

from __future__ import annotations

from typing import Final

import streamlit as st

from usage_analytics.answers import conversations
from usage_analytics.figures import conversations as figures
from usage_analytics.question import Question
from usage_analytics.ui import cards, parts, tables
from usage_analytics.ui.columns import CALLS
from usage_analytics.ui.text import md

PARAMETER: Final = "conversation"


def show(question: Question) -> None:
    """Open the panel when the URL asks for a conversation."""
    if wanted := st.query_params.get(PARAMETER):
        panel(question, wanted)


def _closed() -> None:
    st.query_params.pop(PARAMETER, None)


@st.dialog("Conversation", width="medium", position="right", on_dismiss=_closed)
def panel(question: Question, wanted: str) -> None:
    found = conversations.evidence(question, wanted)
    if found is None:
        st.markdown("This conversation isn't in your data. It may have been part of an import that was undone.")
        return
    st.markdown(f"**{md(found.headline.lead)}** {md(found.headline.detail)}")
    with st.grid(2, min_column_width=120, gap="small"):
        for figure in found.figures:
            st.metric(md(figure.label), md(figure.value), help=figure.help, border=True)
    st.header("Cost of each call", anchor=False)
    alt = f"Cost of each call in order. {found.headline.lead}"
    st.plotly_chart(parts.figure(figures.calls, found.costs), key="conversation chart", config=cards.TOOLBAR, alt=alt)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Calls", anchor=False, width="content")
        tables.download(found.rows, CALLS, name=f"conversation {wanted[:8]}", key="conversation")
    zone = question.filters.zone
    tables.table(found.rows, CALLS, key="conversation", alt="Calls of this conversation in order", total={}, most=12, zone=zone)
