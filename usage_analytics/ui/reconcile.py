"""Billed vs. computed cost on the Imports page: the comparison, what it rests on, and totals of date ranges."""

from __future__ import annotations

import streamlit as st

from usage_analytics.answers import reconcile
from usage_analytics.question import Question
from usage_analytics.ui import parts
from usage_analytics.ui.import_columns import RANGES, RECONCILED
from usage_analytics.ui.text import md


def show(question: Question) -> None:
    """The cards; one sentence where there is no bill."""
    found = reconcile.answer(question)
    zone = question.filters.zone
    with st.container(border=True, key="card bill"):
        st.header("Billed vs. computed cost", anchor=False)
        st.markdown(f"**{md(found.headline.lead)}** {md(found.headline.detail)}", width=760)
        if found.headline.enough:
            st.markdown(md(f"Which number should I trust? {found.trust}"), width=760)
        if found.assumptions:
            st.markdown("\n".join(f"- {md(sentence)}" for sentence in found.assumptions), width=760)
    if len(found.rows):
        parts.breakdown(
            "By day and model",
            found.rows,
            RECONCILED,
            key="reconcile",
            alt="Billed and computed cost by day and model",
            zone=zone,
        )
    if len(found.ranges):
        parts.breakdown("Date-range totals", found.ranges, RANGES, key="ranges", alt="Date-range totals", zone=zone)
