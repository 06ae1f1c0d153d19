"""The sample data: its badge on every page, and a tour of four pages through what goes wrong in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from usage_analytics import periods
from usage_analytics.answers import auto_reload, background, savings
from usage_analytics.filters import Filters
from usage_analytics.ui import session
from usage_analytics.ui.text import md

HABIT: Final = "fresh_starts"  # the saving that Robin's habit stands for
_SKIPPED: Final = "_tour skipped"
_PROSE: Final = 900


@dataclass(frozen=True, slots=True)
class Stop:
    """One page of the tour: `title` and `text` say what to look at."""

    page: str
    path: str
    title: str
    text: str


TOUR: Final = (
    Stop(
        "Overview",
        "pages/spend/overview.py",
        "Robin, a made-up developer, loses money in three ways:",
        "a drain, the wrong auto-reload settings and an expensive habit.",
    ),
    Stop(
        "Background drain",
        "pages/control/background.py",
        "The drain: an agent that Robin forgot.",
        "It looks for new mail every few minutes and sends its whole history each time. Below: when it started, what it cost and how to "
        "stop it.",
    ),
    Stop(
        "Auto-reload",
        "pages/control/auto_reload.py",
        "The wrong auto-reload settings: Robin kept claude.ai's defaults.",
        "They reload little and often, and the balance has run out in the middle of work. Below: the setting that would have cost least in "
        "Robin's own past weeks.",
    ),
    Stop(
        "Savings",
        "pages/control/savings.py",
        "The expensive habit: conversations that never end.",
        "Each call sends the whole history again. Below: how much fresh starts and other changes would save, as a range.",
    ),
)


def show(page: str) -> None:
    """Say that the data is not the person's, offer their own, and draw the tour's stop on this page, if it has one: two lines in all."""
    skipped = st.session_state.get(_SKIPPED, False)
    number = next((number for number, stop in enumerate(TOUR) if stop.page == page), None)
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="sample"):
            st.badge(
                "Sample data",
                icon=":material/science:",
                color="orange",
                help="A made-up person's usage, so you can look around.",
            )
            if number is not None and not skipped:
                _steps(number)
            st.button(
                "Start with my own data",
                type=session.main_button() if number == len(TOUR) - 1 and not skipped else "tertiary",
                icon=":material/arrow_forward:",
                on_click=session.start_with_own_data,
            )
            if skipped and st.button("Take the tour", type="tertiary", icon=":material/tour:"):
                st.session_state[_SKIPPED] = False
                st.switch_page(TOUR[0].path)
        if number is not None and not skipped:
            st.markdown(f"**{TOUR[number].title}** {TOUR[number].text}", width=_PROSE)


def findings() -> None:
    """What goes wrong in the sample, with its figures, for as long as the tour is open; nothing on a person's own data."""
    if not session.is_sample() or st.session_state.get(_SKIPPED, False):
        return
    with st.container(border=True, key="tour"):
        st.header("Robin's three problems", anchor=False)
        st.markdown("\n".join(f"- **{what}.** {md(said)}" for what, said in story().items()), width=_PROSE)


def story() -> dict[str, str]:
    """Return what goes wrong in the sample, in the sentences of the answers that the tour leads to."""
    question = session.question(periods.everything, Filters())
    recent = session.question(lambda moment, zone: periods.period("30 days", moment, zone, None), Filters())
    reload, saved = auto_reload.answer(question), savings.answer(recent)
    return {
        "A drain": background.answer(question.recent()).headline.lead,
        "A wrong auto-reload": f"{reload.today} Better: {reload.headline.lead[:1].lower()}{reload.headline.lead[1:]}",
        "An expensive habit": next((one.evidence for one in saved.savings if one.name == HABIT), saved.headline.lead),
    }


def _steps(number: int) -> None:
    """The way on, and the way out."""
    following = TOUR[number + 1 : number + 2]
    for one in following:
        label = f"Next: {one.page.lower()}"
        if st.button(label, type=session.main_button(), icon=":material/arrow_forward:", icon_position="right"):
            st.switch_page(one.path)
    skip = partial(st.session_state.__setitem__, _SKIPPED, True)
    st.button("Skip the tour" if following else "End the tour", type="tertiary", on_click=skip)
    st.caption(f"{number + 1} of {len(TOUR)}", width="content")
