"""Savings on the page: how to get each saving."""

from __future__ import annotations

from typing import Final

import streamlit as st

from usage_analytics import format
from usage_analytics.answers.savings import Savings
from usage_analytics.ui.text import md

_PROSE: Final = 760


def how(found: Savings) -> None:
    """A card for each saving worth the trouble, the largest first."""
    if not found.worth:
        return
    with st.container(border=True, key="card how"):
        st.header("How to get each saving", anchor=False)
        with st.grid(2, min_column_width=320, gap="medium"):
            for saving, saves in found.worth:
                with st.container(gap="xsmall", key=f"saving {saving.name}"):
                    amount = f"{format.dollars(saves.mid)} a month, {saves.words}"
                    st.markdown(f"**{md(saving.title)}** · {md(amount)}")
                    st.markdown(md(f"{saving.evidence} {saving.how}"), width=_PROSE)
                    st.caption(md(saving.caveat), width=_PROSE)
