"""Savings on the page: how each lever is pulled."""

from __future__ import annotations

from typing import Final

import streamlit as st

from usage_analytics import format
from usage_analytics.answers.savings import Savings
from usage_analytics.ui.text import md

_PROSE: Final = 760


def levers(found: Savings) -> None:
    """A card for each lever that saves something, the largest first."""
    if not found.pulled:
        return
    with st.container(border=True, key="card pulls"):
        st.header("How do I pull each lever?", anchor=False)
        with st.grid(2, min_column_width=320, gap="medium"):
            for lever, saves in found.pulled:
                with st.container(gap="xsmall", key=f"lever {lever.name}"):
                    amount = f"{format.dollars(saves.mid)} a month, {saves.words}"
                    st.markdown(f"**{md(lever.title)}** · {md(amount)}")
                    st.markdown(md(f"{lever.evidence} {lever.how}"), width=_PROSE)
                    st.caption(md(lever.caveat), width=_PROSE)
