"""The filters: drawn once, above every page, bound to the URL. Clicks on figures and tables end here (`keep`, `keep_days`).

Keys press what is drawn here (`server/keyboard.js`), which finds it by its `key`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

import pandas as pd
import streamlit as st

from usage_analytics import format, periods
from usage_analytics.figures.template import model_label
from usage_analytics.filters import Filters, TimeGrain
from usage_analytics.periods import COMPARISONS, PRESETS, Clocks, Compare, Period, Preset
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
_CARRIED: Final = "_carried filters"
_USUAL: Final[dict[str, object]] = {
    "span": _DEFAULT,
    "dates": None,
    "compare": COMPARISONS[0],
    "against": None,
    "grain": next(iter(_GRAINS)),
    **{dimension: [] for dimension in DIMENSIONS},
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the person asked for."""

    period: Period
    filters: Filters


def draw(
    choices: pd.DataFrame,
    now: datetime,
    zone: str,
    clocks: Clocks,
    extent: tuple[datetime | None, datetime | None] = (None, None),
) -> Chosen:
    """Draw the bar and say what is chosen. `choices` has a row per dimension and value; `extent` is from when to when there is data."""
    last = format.local(now, zone).date()
    bar = st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="filters")
    with bar:
        preset = st.segmented_control(
            "Period",
            PRESETS,
            default=_DEFAULT,
            required=True,
            key="span",
            bind="query-params",
            label_visibility="collapsed",
            wrap=True,
        )
        days = _days("First and last day", "dates", last) if preset == "Custom" else None
        with st.popover("Filter", icon=":material/filter_list:", key="filter"):
            kept = {dimension: _kept(dimension, choices) for dimension in DIMENSIONS}
            compare: Compare = st.selectbox("Compare with", COMPARISONS, key="compare", bind="query-params")
            against = _days("Compare with these days", "against", last) if compare == "Custom dates" else None
            grain = st.selectbox("Bars", list(_GRAINS), key="grain", bind="query-params")
    period = periods.period(preset, now, zone, days, clocks=clocks, compare=compare, against=against)
    with bar:
        steps(period, zone, last)
    chips([(dimension, value) for dimension, values in kept.items() for value in values], compare)
    filters = Filters(
        start=period.start,
        end=period.end,
        models=kept["model"],
        apps=kept["app"],
        projects=kept["project"],
        accounts=kept["account"],
        grain=_GRAINS[grain] or periods.grain(period.start or extent[0], period.end or extent[1]),
        zone=zone,
    )
    return Chosen(period, filters)


def steps(period: Period, zone: str, today: date) -> None:
    """The ways to the range before and the one after, each as long as this one."""
    if period.start is None or period.end is None:
        return
    first, last = (format.local(at, zone).date() for at in (period.start, period.end - timedelta(microseconds=1)))
    length = last - first + timedelta(days=1)
    for key, icon, label, step in (("earlier", "left", "Earlier", -length), ("later", "right", "Later", length)):
        st.button(
            f":material/chevron_{icon}:",
            key=key,
            help=f"{label}: the {format.plural(length.days, 'day')} {'before' if key == 'earlier' else 'after'}",
            type="tertiary",
            disabled=first + step > today,
            on_click=keep_days,
            args=(first + step, min(last + step, today)),
        )


def _days(label: str, key: str, last: date) -> periods.Dates | None:
    """Two days that the person chose; None until there are any."""
    with st.container(width=265):
        chosen: tuple[date, ...] = st.date_input(
            label, [], max_value=last, key=key, bind="query-params", label_visibility="collapsed", format="YYYY-MM-DD"
        )
    return (chosen[0], chosen[-1]) if chosen else None


def chips(active: list[tuple[Dimension, str]], compare: Compare) -> None:
    """What is kept, and another comparison than usual: a click on one lets it go, and Esc lets go of them all."""
    if not active and compare == COMPARISONS[0]:
        return
    with st.container(horizontal=True, gap="small", key="chips"):
        for dimension, value in active:
            label = f"{DIMENSIONS[dimension]}: {md(value_label(dimension, value))}"
            _chip(label, f"{dimension} {value}", _drop, dimension, value)
        if compare != COMPARISONS[0]:
            _chip(f"Compare: {compare.lower()}", "compare", _usual)
        st.button("Clear filters", type="tertiary", on_click=clear, key="clear filters")


def _chip(label: str, key: str, on_click: Callable[..., None], *args: object) -> None:
    st.button(
        label,
        key=f"chip {key}",
        icon=":material/close:",
        icon_position="right",
        help="Remove this filter",
        on_click=on_click,
        args=args,
    )


def carry(values: Mapping[str, object] | None = None) -> None:
    """Have the page that comes next begin with these values of its widgets, by default the filters of now, and write them to its URL."""
    st.session_state[_CARRIED] = (
        {key: st.session_state[key] for key in _USUAL if key in st.session_state} if values is None else values
    )


def arrive() -> None:
    """Set what was carried, before anything is drawn. What is set is written to the URL, also when it is as before."""
    for key, value in st.session_state.pop(_CARRIED, {}).items():
        st.session_state[key] = value


def written() -> dict[str, tuple[str, ...]]:
    """What the URL holds of widgets, as texts to be kept: days in ISO form, a value alone or several."""
    known = {key: st.session_state[key] for key in st.query_params if key in st.session_state}
    return {
        key: tuple(
            one.isoformat() if isinstance(one, date) else str(one) for one in ([value] if isinstance(value, str) else value)
        )
        for key, value in known.items()
    }


def read_back(texts: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    """The values of widgets that `written` kept; filters that it does not name are as usual."""
    found: dict[str, object] = {key: value for key, value in _USUAL.items() if value is not None}
    for key, values in texts.items():
        if key in ("dates", "against"):
            found[key] = tuple(date.fromisoformat(one) for one in values)
        else:
            found[key] = list(values) if key in DIMENSIONS else values[0]
    return found


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
    """Drop what is kept and go back to the usual comparison, but keep the span. Call it from a callback."""
    for dimension in DIMENSIONS:
        st.session_state[dimension] = []
    _usual()


def _usual() -> None:
    st.session_state["compare"] = COMPARISONS[0]


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
