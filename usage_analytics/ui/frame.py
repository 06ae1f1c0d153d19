"""What surrounds every page: the menu, the filters, the sample badge, errors.

`app.py` calls `show` once. A page begins with `question = frame.current()`: what it is about, and the way to its answers.
The filters are widgets bound to the URL, so a reload, a bookmark and the back button show the same view.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from usage_analytics import periods
from usage_analytics.figures.template import Palette
from usage_analytics.filters import Filters
from usage_analytics.question import Question
from usage_analytics.ui import filterbar, incoming, session, states

_ASKED: Final = "_question"
_EMPTY: Final = "_without data"


def show(page: Callable[[], None], *, filtered: bool, sample: Callable[[], None], without_data: Callable[[], None]) -> None:
    """Draw what surrounds a page, then the page, or `without_data` instead; and turn what goes wrong into a sentence.

    `sample` is drawn above a page that shows sample data.
    """
    st.session_state[_EMPTY] = without_data
    with states.errors():
        session.use_numbers()
        if session.is_sample():
            sample()
        top = st.container()
        try:
            incoming.settle()
            st.session_state[_ASKED] = question = _filtered() if filtered else None
            if question is not None:
                _stale(question)
            page()
        finally:  # the database may be opened by any of these, and be found damaged then
            if notices := session.notices():
                with top:
                    states.made_again(notices)


def current() -> Question:
    """What this page is about. Ends the page with the first visit's offer when there is no data at all."""
    question = st.session_state.get(_ASKED)
    if not isinstance(question, Question):
        st.session_state[_EMPTY]()
        st.stop()
    return question


def palette() -> Palette:
    """The colors of models, by what they have spent of all time."""
    choices = session.read("choices", Filters())
    models = choices.loc[choices["dimension"] == "model", "value"]
    return Palette(tuple(models[models != ""]))


def everything() -> Question:
    """All data up to now, for a page that no filter narrows. Ends the page with the first visit's offer when there is none."""
    question = asked()
    if question.first_at is None or incoming.is_first():
        st.session_state[_EMPTY]()
        st.stop()
    _stale(question)
    return question


def asked() -> Question:
    """The question about all data, on a page that is there without any."""
    return session.question(periods.everything, Filters())


def _stale(question: Question) -> None:
    if question.last_at is not None:
        states.stale(question.last_at, question.as_of, question.filters.zone)


def _filtered() -> Question | None:
    extent = session.read("extent", Filters()).iloc[0]
    if incoming.is_first() or not extent["rows"]:
        return None
    reach = (extent["first_at"].to_pydatetime(), extent["last_at"].to_pydatetime())
    chosen = filterbar.draw(session.read("choices", Filters()), session.now(), session.zone(), session.clocks(), reach)
    return session.question(lambda _moment, _zone: chosen.period, chosen.filters)
