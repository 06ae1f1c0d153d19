"""What an upload would add, before it is imported, and what it did add, after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from usage_analytics import format
from usage_analytics.answers import imports
from usage_analytics.ingest import Receipt, Unread
from usage_analytics.ingest.preview import Preview
from usage_analytics.ui import parts, session
from usage_analytics.ui.import_columns import COUNT_AGAIN, DUPLICATES, PREVIEWED, RECEIVED, REJECTED, UNREAD
from usage_analytics.ui.text import md

FEW: Final = 6
MOST_CHOICES: Final = 1_000  # in a list that is searched by typing


def preview(found: Preview, *, on_import: Callable[[], None], on_discard: Callable[[], None]) -> None:
    """What files hold, what an import of them would add, and what of them cannot be read."""
    zone = session.zone()
    with st.container(border=True, key="preview"):
        st.header("Check before importing", anchor=False)
        parts.answer(imports.previewed(found))
        with st.container(horizontal=True):
            if found.adds:
                count = sum(not one.repeated for one in found.files)
                st.button(
                    f"Import {format.plural(count, 'file')}",
                    type=session.main_button(),
                    icon=":material/check:",
                    on_click=on_import,
                )
            st.button("Discard" if found.adds else "Choose other files", icon=":material/close:", on_click=on_discard)
    if found.files:
        parts.breakdown(
            "Files found",
            imports.preview_rows(found),
            PREVIEWED,
            key="preview",
            alt="Files we read",
            zone=zone,
        )
    if found.duplicates:
        _duplicates(found, zone)
    if found.unread:
        _unread("Files we can't read", found.unread)
    if found.rejects:
        rows = imports.reject_rows(found.rejects)
        parts.breakdown("Lines we can't read", rows, REJECTED, key="rejected", alt="Lines we can't read")


def _duplicates(found: Preview, zone: str) -> None:
    """Every call that is known, and a way to count equal rows that have no ID: a person may know that they are different calls."""
    parts.breakdown(
        "Known calls",
        imports.duplicate_rows(found),
        DUPLICATES,
        key="duplicates",
        alt="Calls that are in your data or in these files already",
        zone=zone,
    )
    choices = [place for place, one in enumerate(found.duplicates) if not one.has_own_id]
    if choices:
        st.multiselect(
            "Count these as separate calls",
            choices[:MOST_CHOICES],
            format_func=lambda place: imports.duplicate_name(found.duplicates[place], zone),
            key=COUNT_AGAIN,
            placeholder="None: equal rows are one call",
            help="Rows without an ID are the same call if all their values are equal. Choose those that really are two calls.",
        )


def receipt(known: Receipt, *, on_close: Callable[[], None]) -> None:
    """What an import or a sync has done, file by file."""
    with st.container(border=True, key="receipt"):
        st.header("Done", anchor=False)
        parts.answer(imports.received(known))
        with st.container(horizontal=True, vertical_alignment="center"):
            if known.events_total:
                st.page_link("pages/spend/overview.py", label="See your spend", icon=":material/arrow_forward:")
            st.button("Close", type="tertiary", on_click=on_close)
    if known.files:
        parts.breakdown(
            "Imported files",
            imports.receipt_rows(known),
            RECEIVED,
            key="receipt",
            alt="Imported files",
            zone=session.zone(),
        )
    if known.unread:
        _unread("Files we couldn't read", known.unread)


def _unread(title: str, unread: Sequence[Unread]) -> None:
    """Draw a few as sentences, which fit every screen; more as a table."""
    if len(unread) > FEW:
        parts.breakdown(title, imports.unread_rows(unread), UNREAD, key="unread", alt=title)
        return
    with st.container(border=True, key="unread"):
        st.header(title, anchor=False)
        for one in unread:
            st.markdown(md(one.reason))
