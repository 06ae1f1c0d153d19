"""How much is left and how long it lasts: the ledger between readings of the balance, with its drift and when each gauge is empty."""

from __future__ import annotations

import streamlit as st

from usage_analytics.answers import balance
from usage_analytics.question import Question
from usage_analytics.ui import access, tables
from usage_analytics.ui.columns import LEDGER
from usage_analytics.ui.text import md

SETTINGS_PAGE = "pages/data/settings.py"


def card(question: Question) -> None:
    """The card: what is left, when it runs out, and the readings beside the log."""
    found = balance.answer(question)
    with st.container(border=True, key="card ledger"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
            st.header("Balance and runway", anchor=False, width="content")
            if access.is_owner():
                st.page_link(SETTINGS_PAGE, label="Enter or paste your balance", icon=":material/edit:")
        st.markdown(f"**{md(found.headline.lead)}** {md(found.headline.detail)}", width=760)
        if others := [one.headline.lead for one in found.each[1:]]:
            st.markdown("  \n".join(map(md, others)), width=760)
        if lines := [*found.lines, *filter(None, [found.expiring])]:
            st.markdown("\n".join(f"- {md(line)}" for line in lines), width=760)
        if found.book.stretches:
            tables.table(found.rows, LEDGER, key="ledger", alt="Balance readings vs. log", most=6, zone=question.filters.zone)
            if found.book.notes:
                st.caption(md(" ".join(found.book.notes)))
