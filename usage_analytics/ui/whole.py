"""What a table has no room for: how many columns, and names and sentences in full, behind a button that works by touch as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from usage_analytics import format
from usage_analytics.figures.template import model_label
from usage_analytics.ui import fit
from usage_analytics.ui.text import md

if TYPE_CHECKING:
    from usage_analytics.ui.tables import Column

WRITTEN: Final = ("text", "prose", "model")
_MOST: Final = 40  # texts
_LONGEST: Final = 500  # characters of one


def offer(rows: pd.DataFrame, columns: Mapping[str, Column], wide: Mapping[str, int], shown: list[str], room: int | None) -> None:
    """Say how many columns there is no room for, and offer the full text of the cells of `rows` that are wider than their column."""
    if hidden := len(wide) - len(shown):
        st.caption(f"The CSV has {format.plural(hidden, 'more column')}; a wider screen shows {'it' if hidden == 1 else 'them'}.")
    left = 0 if room is None else max(0, room - sum(wide[name] for name in shown))  # a table gives it to its columns
    found = list(dict.fromkeys(cut(rows, columns, {name: wide[name] + left for name in shown}, shown)))
    if not found or room is None:
        return
    with st.popover("Full text", type="tertiary", icon=":material/short_text:"):
        st.markdown("\n".join(f"- {md(text)}" for text in found[:_MOST]))
        if len(found) > _MOST:
            st.caption(f"The CSV has {format.count(len(found) - _MOST)} more.")


def cut(rows: pd.DataFrame, columns: Mapping[str, Column], wide: Mapping[str, int], shown: list[str]) -> Iterator[str]:
    """Every text of the columns on show that is wider than its column, whole, row by row of each column."""
    for name in shown:
        if columns[name].kind not in WRITTEN:
            continue
        for value in rows[name]:
            if isinstance(value, str) and value:
                text = model_label(value) if columns[name].kind == "model" else format.name(value, _LONGEST)
                if fit.pixels(text) > wide[name]:
                    yield text
