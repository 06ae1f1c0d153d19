"""A figure in its card: the question it answers, the figure or its numbers, CSV, PNG, and a click that filters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Final, Literal

import pandas as pd
import streamlit as st

from usage_analytics.figures.template import Figure
from usage_analytics.ui import filterbar, screen, tables
from usage_analytics.ui.tables import Column
from usage_analytics.ui.text import md

_LINE: Final = 19  # pixels of a legend
TOOLBAR: Final[dict[str, Any]] = {
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "doubleClick": False,
    "scrollZoom": False,
}


def chart(
    question: str,
    figure: Figure,
    rows: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    key: str,
    alt: str,
    picks: filterbar.Dimension | Literal["days"] | None = None,
    note: str = "",
    zone: str = "UTC",
) -> None:
    """A card with a figure and its twin in numbers. `alt` says in a sentence what the figure shows; it is read out and cached nowhere.

    With `picks`, a click keeps what the point's `customdata` holds: a value of that dimension ("" for none), or for "days" the first
    and the last day in ISO form. The figure comes from `parts.figure(…)`, so that it is built once.
    """
    with st.container(border=True, key=f"card {key}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
            st.header(md(question), anchor=False, width="content")
            with st.container(horizontal=True, vertical_alignment="center", width="content", gap="small"):
                as_data = st.toggle("Show data", key=f"{key} as data", persist_state="page")
                tables.download(rows, columns, name=key, key=key)
        if as_data:
            tables.table(rows, columns, key=f"{key} data", alt=f"{question} In numbers.", zone=zone, most=15)
        else:
            chosen = f"{key} chart"
            select: dict[str, Any] = {"on_select": partial(_picked, chosen, picks), "selection_mode": "points"} if picks else {}
            config = {**TOOLBAR, "toImageButtonOptions": {"format": "png", "filename": key, "scale": 2}}
            st.plotly_chart(figure, key=chosen, config=config, alt=alt, height=_height(figure), **select)
        if note:
            st.caption(md(note))


def _height(figure: Figure) -> Literal["content"] | int:
    """On a phone, a legend may take a line for each name: the figure is taller by as much, so that its bars are not squeezed."""
    names = sum(trace.showlegend is not False for trace in figure.data) if figure.layout.showlegend else 0
    return int(figure.layout.height) + max(0, names - 4) * _LINE if screen.is_narrow() and names else "content"


def _picked(key: str, picks: filterbar.Dimension | Literal["days"]) -> None:
    points = st.session_state[key]["selection"]["points"]
    found = next((point["customdata"] for point in points if point.get("customdata")), None)
    if found is None:
        return
    values = found if isinstance(found, list | tuple) else [found]
    if picks == "days":
        filterbar.keep_days(date.fromisoformat(values[0][:10]), date.fromisoformat(values[-1][:10]))
    else:
        filterbar.keep(picks, str(values[0] or ""))
