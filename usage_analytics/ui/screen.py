"""How wide the window is, in CSS pixels, as a cookie says (`server/screen.js`); None without it, and then nothing is left out."""

from __future__ import annotations

from typing import Final

import streamlit as st

COOKIE: Final = "screen"
_SMALLEST, _LARGEST = 200, 10_000
_WITHOUT_MENU: Final = 768  # up to here the menu lies over the page
_MENU: Final = 263
_MARGINS: Final = {True: 28, False: 140}  # left and right of the page, without the menu and beside it
_CARD: Final = 28  # left and right within a card
_GAP: Final = 14
_NARROW: Final = 600


def width() -> int | None:
    """How wide the window was when the page was opened."""
    said = st.context.cookies.get(COOKIE, "")
    return int(said) if said.isascii() and said.isdigit() and _SMALLEST <= int(said) <= _LARGEST else None


def is_narrow() -> bool:
    """Whether it is a phone's."""
    found = width()
    return found is not None and found < _NARROW


def room() -> int | None:
    """How wide a table in a card may be."""
    page = _page()
    return None if page is None else page - _CARD


def figure_room() -> int | None:
    """How wide the text of one of four figures may be: they are in one row, or two and two."""
    page = _page()
    return None if page is None else (page - 3 * _GAP) // 4 - _CARD if page >= 2 * 340 + _GAP else (page - _GAP) // 2 - _CARD


def _page() -> int | None:
    found = width()
    if found is None:
        return None
    alone = found <= _WITHOUT_MENU
    return found - _MARGINS[alone] - (0 if alone else _MENU)
