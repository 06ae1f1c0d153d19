"""The filters: drawn once, above every page, bound to the URL. Clicks on figures and tables end here (`keep`, `keep_days`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

import pandas as pd
import streamlit as st

from usage_analytics import format, periods
from usage_analytics.figures.template import model_label
from usage_analytics.filters import Filters, TimeGrain
from usage_analytics.periods import PRESETS, Period, Preset
from usage_analytics.ui.text import md

Dimension = Literal["model", "app", "project", "account"]
DIMENSIONS: Final[dict[Dimension, str]] = {"model": "Model", "app": "App", "project": "Project", "account": "Account"}

_GRAINS: Final[dict[str, TimeGrain | None]] = {
    "Automatic bars": None,
    "Hourly bars": "hour",
    "Daily bars": "day",
    "Weekly bars": "week",
    "Monthly bars": "month",
}
_DEFAULT: Final[Preset] = "30 days"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the person asked for."""

    period: Period
    filters: Filters


def draw(choices: pd.DataFrame, now: datetime, zone: str) -> Chosen:
    """Draw the bar and say what is chosen. `choices` has a row per dimension and value."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        preset = st.segmented_control(
            "Period", PRESETS, default=_DEFAULT, required=True, key="span", bind="query-params", label_visibility="collapsed"
        )
        days: tuple[date, ...] = ()
        if preset == "Custom":
            label, last, form = "First and last day", format.local(now, zone).date(), "YYYY-MM-DD"
            days = st.date_input(
                label, [], max_value=last, key="dates", bind="query-params", label_visibility="collapsed", format=form, width=265
            )
        grain = st.selectbox("Bars", list(_GRAINS), key="grain", bind="query-params", label_visibility="collapsed", width=150)
        with st.popover("Filter", icon=":material/filter_list:"):
            kept = {dimension: _kept(dimension, choices) for dimension in DIMENSIONS}
    active = [(dimension, value) for dimension, values in kept.items() for value in values]
    if active:
        with st.container(horizontal=True, gap="small", key="chips"):
            for dimension, value in active:
                st.button(
                    f"{DIMENSIONS[dimension]}: {md(format.name(value_label(dimension, value), 40))}",
                    key=f"chip {dimension} {value}",
                    icon=":material/close:",
                    icon_position="right",
                    help="Remove this filter",
                    on_click=_drop,
                    args=(dimension, value),
                )
            if len(active) > 1:
                st.button("Clear filters", type="tertiary", on_click=clear)
    period = periods.period(preset, now, zone, (days[0], days[-1]) if days else None)
    filters = Filters(
        start=period.start,
        end=period.end,
        models=kept["model"],
        apps=kept["app"],
        projects=kept["project"],
        accounts=kept["account"],
        grain=_GRAINS[grain] or periods.grain(period.start, period.end),
        zone=zone,
    )
    return Chosen(period, filters)


def keep(dimension: Dimension, value: str) -> None:
    """Keep only `value` ("" for rows that have none) of a dimension. Call it from a callback."""
    st.session_state[dimension] = [value]


def keep_days(first: date, last: date) -> None:
    """Look at the days from `first` to `last`, both included. Call it from a callback."""
    if st.session_state.get("span") != "Custom":  # then the widget is not there yet, and its value would not reach the URL
        st.query_params["dates"] = [first.isoformat(), last.isoformat()]
    st.session_state["span"] = "Custom"
    st.session_state["dates"] = (first, last)


def show_all() -> None:
    """Look at everything that there is. Call it from a callback."""
    st.session_state["span"] = "All"
    clear()


def clear() -> None:
    """Drop what is kept, but not the span. Call it from a callback."""
    for dimension in DIMENSIONS:
        st.session_state[dimension] = []


def value_label(dimension: Dimension, value: str) -> str:
    """A value as people know it: the model's display name, or the name itself."""
    return model_label(value) if dimension == "model" else format.name(value)


def _kept(dimension: Dimension, choices: pd.DataFrame) -> tuple[str, ...]:
    values = choices.loc[choices["dimension"] == dimension, "value"].tolist()
    return tuple(
        st.multiselect(
            DIMENSIONS[dimension],
            values,
            format_func=lambda value: value_label(dimension, value),
            key=dimension,
            bind="query-params",
            placeholder=f"Every {dimension}",
            disabled=len(values) < 2,
        )
    )


def _drop(dimension: Dimension, value: str) -> None:
    st.session_state[dimension] = [kept for kept in st.session_state[dimension] if kept != value]
