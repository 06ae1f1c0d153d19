"""What surrounds every page: the menu, the filters, the sample badge, errors.

`app.py` calls `show` once. A page begins with `view = frame.current()`: what it is about, and how to ask for it.
The filters are widgets bound to the URL, so a reload, a bookmark and the back button show the same view.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeVar

import pandas as pd
import streamlit as st

from usage_analytics import periods
from usage_analytics.figures.template import Figure, Palette
from usage_analytics.filters import Filters
from usage_analytics.periods import Period
from usage_analytics.question import Question
from usage_analytics.store import Store
from usage_analytics.ui import filterbar, session, states

T = TypeVar("T")

_VIEW: Final = "_view"


@dataclass(frozen=True, slots=True)
class View:
    """What a page is about.

    `filters` is the span and what is kept; `before` the same for the weekday-matched span before it, None where there is none.
    `first_at` and `last_at` are the ends of the whole database in naive UTC; `now` is the moment of asking.
    """

    store: Store
    period: Period
    filters: Filters
    before: Filters | None
    now: datetime
    first_at: datetime
    last_at: datetime
    palette: Palette
    sample: bool
    question: Question

    def read(self, query: str, filters: Filters | None = None, **parameters: Any) -> pd.DataFrame:
        """The rows of `store/queries/<query>.sql` for this view, or for other filters; cached."""
        return session.read(query, filters or self.filters, **parameters)

    def read_before(self, query: str, **parameters: Any) -> pd.DataFrame | None:
        """The same for the period before; None where there is none, or where the data does not reach back that far."""
        if self.before is None or self.before.start is None or self.first_at > self.before.start:
            return None
        return session.read(query, self.before, **parameters)

    def load(self, queries: Mapping[str, Mapping[str, Any]]) -> dict[str, pd.DataFrame]:
        """The rows of several queries, by name; each has its own parameters."""
        return {query: self.read(query, **parameters) for query, parameters in queries.items()}

    def load_before(self, queries: Mapping[str, Mapping[str, Any]]) -> dict[str, pd.DataFrame] | None:
        """The same for the period before; None as in `read_before`."""
        found = {query: self.read_before(query, **parameters) for query, parameters in queries.items()}
        known = {query: rows for query, rows in found.items() if rows is not None}
        return known if len(known) == len(queries) else None

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What `make` returns; made once for a name while the view and the store stay the same. Do not change it: it is shared."""
        hour = self.now.replace(minute=0, second=0, microsecond=0)
        found: T = session.kept(name, (self.filters, self.before, self.period, hour), make)
        return found

    def figure(self, build: Callable[..., Figure], *judgement: Any) -> Figure:
        """The figure that `build` makes of a judgement (hashable), built once and shared."""
        return session.drawn(build, *judgement)


def show(page: Callable[[], None], *, filtered: bool) -> None:
    """Draw what surrounds a page, then the page, and turn what goes wrong into a sentence."""
    with states.errors():
        if session.is_sample():
            states.sample_badge()
        st.session_state[_VIEW] = view = _view(filterbar.draw) if filtered else None
        if view is not None:
            states.stale(view.last_at, view.now, view.filters.zone)
        page()


def current() -> View:
    """What this page is about. Ends the page with the first visit's offer when there is no data at all."""
    view = st.session_state.get(_VIEW)
    if not isinstance(view, View):
        states.first_visit()
        st.stop()
    return view


def palette() -> Palette:
    """The colors of models, by what they have spent of all time."""
    return current().palette


def everything() -> View:
    """All data up to now, for a page that no filter narrows. Ends the page with the first visit's offer when there is none."""
    view = _view(lambda _choices, now, zone: filterbar.whole(now, zone))
    if view is None:
        states.first_visit()
        st.stop()
    states.stale(view.last_at, view.now, view.filters.zone)
    return view


def asked() -> Question:
    """The question about all data, on a page that is there without any."""
    return session.question(periods.everything, Filters())


def unfiltered(view: View) -> View:
    """The same data, whatever the filters keep."""
    chosen = filterbar.whole(view.now, view.filters.zone)
    return replace(view, period=chosen.period, filters=chosen.filters, before=None, question=view.question.everything())


def _view(choose: Callable[[pd.DataFrame, datetime, str], filterbar.Chosen]) -> View | None:
    extent = session.read("extent", Filters()).iloc[0]
    if not extent["rows"]:
        return None
    choices = session.read("choices", Filters())
    now, zone = session.now(), session.zone()
    chosen = choose(choices, now, zone)
    last_at = extent["last_at"].to_pydatetime()
    before = replace(chosen.filters, start=chosen.period.before[0], end=chosen.period.before[1]) if chosen.period.before else None
    models = choices.loc[choices["dimension"] == "model", "value"]
    return View(
        store=session.store(),
        period=chosen.period,
        filters=chosen.filters,
        before=before,
        now=now,
        first_at=extent["first_at"].to_pydatetime(),
        last_at=last_at,
        palette=Palette(tuple(models[models != ""])),
        sample=session.is_sample(),
        question=session.question(lambda _moment, _zone: chosen.period, chosen.filters),
    )
