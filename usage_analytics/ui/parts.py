"""The parts of a page, in their order: question, answer, figures, chart, table, method.

question = frame.current()
found = models.answer(question)
parts.question("Which model costs the most?")
parts.some(question, found.rows)             # ends the page with a way out when nothing is there
parts.answer(found.headline)
parts.kpis(question, found.figures)
parts.chart("…?", parts.figure(figures.spend, found.bars, frame.palette()), found.rows, COLUMNS, key="models", alt="…", picks="model")
parts.breakdown("…?", found.rows, COLUMNS, key="models table", alt="…", picks=Pick("model", "model"), total={})
parts.method(question)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

import pandas as pd
import streamlit as st

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi, coverage
from usage_analytics.figures.template import Figure
from usage_analytics.question import Question
from usage_analytics.ui import filterbar, screen, session, tables
from usage_analytics.ui.cards import chart
from usage_analytics.ui.tables import Column, Pick
from usage_analytics.ui.text import md

__all__ = [
    "Column",
    "Pick",
    "answer",
    "breakdown",
    "breakdown_by",
    "chart",
    "figure",
    "kpis",
    "method",
    "notes",
    "one_of",
    "question",
    "some",
]

_PROSE: Final = 760
_PILL, _PILL_CHARACTER, _CHARACTER = 36, 6.2, 5.6  # pixels, of a figure's change and of what is beside it


class Found(Protocol):
    """What every answer has."""

    @property
    def headline(self) -> Headline: ...
    @property
    def figures(self) -> Sequence[Kpi]: ...


_COLOURS: Final[dict[str, Any]] = {"bad": "inverse", "good": "normal", "neutral": "off"}


def question(text: str) -> None:
    """The page's title: the question it answers."""
    st.title(md(text), anchor=False)


def answer(found: Headline) -> None:
    """The first line: what was found, in bold; then what is behind it."""
    if found.enough:
        st.header(md(found.lead), anchor=False, width=_PROSE)
    else:
        st.markdown(md(found.lead), width=_PROSE)
    if found.detail:
        st.markdown(md(found.detail), width=_PROSE)


def kpis(asked: Question, figures: Sequence[Kpi]) -> None:
    """At most four figures, each with its change against the period before where that is known: in one row, or two and two.

    All have a sparkline or none has, so that no card is half empty. Where a card has no room for what it is compared with, one line
    below says it.
    """
    known = coverage.answer(asked)
    deltas = [figure.delta or format.signed_percent(figure.change) for figure in figures]
    compared = [figure.compared or asked.period.since for figure in figures]
    beside = _has_room(deltas, compared)
    drawn = all(len(figure.trend) > 2 for figure in figures)
    with st.grid(2, min_column_width=340, gap="small"):
        for pair in (range(len(figures))[:2], range(len(figures))[2:]):
            with st.grid(2, min_column_width=150, gap="small", height="stretch"):
                for place in pair:
                    figure, delta = figures[place], deltas[place]
                    same = delta in ("0%", "0 pts")
                    small = figure.change is not None and abs(figure.change) < format.ABOUT_THE_SAME
                    st.metric(
                        md(figure.label),
                        md(figure.value),
                        delta,
                        delta_color="off" if small or same else _COLOURS[figure.more_is],
                        delta_arrow="off" if same else "auto",
                        delta_description=compared[place] if delta and beside else None,
                        chart_data=list(figure.trend) if drawn else None,
                        chart_type="area",
                        help=md(" ".join(filter(None, (figure.help, known.basis)))) or None,
                        border=True,
                        height="stretch",
                    )
    if not beside:
        named = dict.fromkeys(said for said, delta in zip(compared, deltas, strict=True) if delta)
        st.caption(md(f"Changes {format.listed(list(named))}"))
    if known.guess:
        st.badge(md(known.guess), icon=":material/straighten:", color="orange")


def _has_room(deltas: Sequence[str | None], compared: Sequence[str]) -> bool:
    """Whether every card has room for its change and what that is compared with, side by side."""
    room = screen.figure_room()
    needed = (
        _PILL + _PILL_CHARACTER * len(delta) + _CHARACTER * len(said)
        for delta, said in zip(deltas, compared, strict=True)
        if delta
    )
    return room is None or max(needed, default=0) <= room


def figure(build: Callable[..., Figure], *judgement: Any) -> Figure:
    """The figure that `build` makes of hashable parts of an answer, built once and shared."""
    return session.drawn(build, *judgement)


def breakdown(
    title: str,
    rows: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    key: str,
    alt: str,
    picks: Pick | None = None,
    total: Mapping[str, object] | None = None,
    most: int = 10,
    zone: str = "UTC",
    note: str = "",
) -> None:
    """A table in its card, with its CSV; see `tables.table`."""
    with st.container(border=True, key=f"card {key}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header(md(title), anchor=False, width="content")
            tables.download(rows, columns, name=key, key=key)
        tables.table(rows, columns, key=key, alt=alt, picks=picks, total=total, most=most, zone=zone)
        if note:
            st.caption(md(note))


def breakdown_by(
    title: str,
    rows_by: Callable[[filterbar.Dimension], pd.DataFrame],
    columns: Mapping[str, Column],
    *,
    key: str,
    alt: str,
    total: Mapping[str, object],
    note: str = "",
) -> None:
    """A table whose rows the person chooses: models, apps, projects or accounts. `rows_by` makes them, with a column `value` to keep.

    `total` gives what the total row cannot sum.
    """
    with st.container(border=True, key=f"card {key}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header(md(title), anchor=False, width="content")
            names = {f"By {dimension}": dimension for dimension in filterbar.DIMENSIONS}
            by = st.segmented_control(
                "Rows",
                list(names),
                default="By model",
                required=True,
                key="by",
                bind="query-params",
                label_visibility="collapsed",
                wrap=True,
            )
            rows = rows_by(names[by])
            tables.download(rows, columns, name=f"{key} {by.lower()}", key=key)
        named = {"label": Column(filterbar.DIMENSIONS[names[by]]), **columns}
        tables.table(rows, named, key=f"{key} {by}", alt=alt, picks=Pick(names[by], "value"), total=total)
        if note:
            st.caption(md(note))


def one_of(drawings: Mapping[str, Callable[[], None]], *, key: str) -> None:
    """Draw the one that the person chose, the first to begin with; the URL holds the choice, and the others cost nothing.

    `key` is the name in the URL, one of its own for each page.
    """
    chosen = next(iter(drawings), None)
    if len(drawings) > 1:
        with st.container(horizontal=True, key=f"choose {key}"):
            chosen = st.segmented_control(
                "Section",
                list(drawings),
                default=chosen,
                required=True,
                key=key,
                bind="query-params",
                label_visibility="collapsed",
                wrap=True,
            )
    if chosen is not None:
        drawings[chosen]()


def method(question: Question, *more: str, found: Found | None = None) -> None:
    """How the page was counted, and what in it is partial, estimated or without a price; and what was `found`, to be copied."""
    if found is not None:
        with st.popover("Copy the figures", icon=":material/content_copy:", key="copy"):
            figures = [f"{one.label}: {one.value}" for one in found.figures]
            st.code(
                "\n".join([found.headline.lead, *filter(None, [found.headline.detail]), *figures]), language=None, wrap_lines=True
            )
    st.caption(md(" ".join([*coverage.answer(question).sentences, *more])), width=_PROSE)


def notes(*sentences: str) -> None:
    """How a page was counted, where it is about no period."""
    st.caption(md(" ".join(sentences)), width=_PROSE)


def some(question: Question, rows: pd.DataFrame, what: str = "usage") -> None:
    """Go on when there are rows; else say what there is elsewhere, offer the way there, and end the page.

    `what` the rows are about: there may be usage without it, which is then said.
    """
    if len(rows):
        return
    narrowed, zone = question.is_narrowed, question.filters.zone
    with st.container(border=True, key="nothing"):
        other = what != "usage" and len(question.read("models")) > 0
        missing = what if other else "usage"
        st.header(f"No {missing} in {md(question.period.name)}" + (" for these filters" if narrowed else ""), anchor=False)
        if other:
            st.markdown(f"The usage in this period is from sources that don't name {what}.", width=_PROSE)
        ends = (at or question.as_of for at in (question.first_at, question.last_at))
        reach = format.days(*(format.local(at, zone).date() for at in ends))
        st.markdown(md(f"Your data covers {reach}."), width=_PROSE)
        with st.container(horizontal=True):
            if narrowed:
                st.button("Clear filters", type=session.main_button(), on_click=filterbar.clear)
            st.button("Show all my data", type="secondary" if narrowed else session.main_button(), on_click=filterbar.show_all)
    st.stop()
