"""Savings on the page: what would be saved, and how each lever is pulled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from usage_analytics import format
from usage_analytics.answers.savings import Lever
from usage_analytics.answers.savings import wording as answers
from usage_analytics.reports import savings
from usage_analytics.reports.asked import source
from usage_analytics.reports.savings import Judged
from usage_analytics.ui import reporting, session
from usage_analytics.ui.frame import View
from usage_analytics.ui.text import md

_PROSE: Final = 760


def judged(view: View) -> Judged:
    """What would be saved, as a report of the same view says it; judged once while events and decisions stay the same."""
    control = session.control()
    read: Callable[..., Any] = session.read
    return view.kept(f"savings {control.revision}", lambda: savings.judged(source(reporting.asked_of(view), read, control)))


def levers(found: Judged) -> None:
    """A card for each lever that saves something, the largest first."""
    pulled = [lever for lever in found.found.levers if lever.saves]
    if not pulled:
        return
    with st.container(border=True, key="card pulls"):
        st.header("How do I pull each lever?", anchor=False)
        with st.grid(2, min_column_width=320, gap="medium"):
            for lever in pulled:
                _lever(lever)


def _lever(lever: Lever) -> None:
    assert lever.saves is not None
    with st.container(gap="xsmall", key=f"lever {lever.name}"):
        saves = f"{format.dollars(lever.saves.mid)} a month, {answers.said(lever.saves)}"
        st.markdown(f"**{md(lever.title)}** · {md(saves)}")
        st.markdown(md(f"{lever.evidence} {lever.how}"), width=_PROSE)
        st.caption(md(lever.caveat), width=_PROSE)
