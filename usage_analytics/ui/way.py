"""The way from one page to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

import streamlit as st

from usage_analytics.ui import filterbar


def go(page: str, values: Mapping[str, object] | None = None, parameters: Mapping[str, str] | None = None) -> NoReturn:
    """Go to a page, given by its script, with these values of its widgets, or with the filters of now."""
    filterbar.carry(values)
    # Without a mapping, Streamlit refuses to leave a page on which a widget is bound to the URL.
    st.switch_page(page, query_params=parameters or {})
