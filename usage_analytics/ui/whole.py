"""Names and sentences that a table has no room for, whole: below it, behind a button that works by touch as well."""

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
_MOST: Final = 40  # names
_LONGEST: Final = 500  # characters of one


def offer(rows: pd.DataFrame, columns: Mapping[str, Column], wide: Mapping[str, int], shown: list[str]) -> None:
    """Offer the full text of the cells of `rows` that are wider than their column; nothing where all fit."""
    found = list(dict.fromkeys(cut(rows, columns, wide, shown)))
    if not found:
        return
    with st.popover("Full names", type="tertiary", icon=":material/short_text:"):
        st.markdown("\n".join(f"- {md(text)}" for text in found[:_MOST]))
        if len(found) > _MOST:
            st.caption(f"The CSV has {format.plural(len(found) - _MOST, 'more name')}.")


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
