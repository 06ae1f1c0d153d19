"""What was imported, batch by batch: its files, its undo, and the lines that were left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from usage_analytics import format, ingest
from usage_analytics.answers import Kpi, imports
from usage_analytics.answers.imports import Imports
from usage_analytics.filters import Filters
from usage_analytics.ui import access, incoming, parts, session, states, tables
from usage_analytics.ui.import_columns import BATCHES, LEFT_OUT, RECEIVED
from usage_analytics.ui.text import md

EVERYTHING: Final = Filters()
_UNDONE: Final = "_undone"


def toast() -> None:
    """A word about an undo that was just made."""
    if said := st.session_state.pop(_UNDONE, None):
        st.toast(md(said), icon=":material/undo:")


def lines(figures: Sequence[Kpi]) -> None:
    """Where every line went."""
    with st.grid(len(figures), min_column_width=150, gap="small"):
        for figure in figures:
            st.metric(figure.label, figure.value, help=figure.help, border=True)


def privacy(found: Imports) -> None:
    """What was read, and that nothing of what anyone wrote is kept; with the columns that are."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="privacy"):
        read = format.plural(found.lines.read, "line")
        st.markdown(f"{read} read. No conversation text is stored.", width="content")
        with st.popover("What we store", icon=":material/shield:"):
            for what, columns in imports.KEPT.items():
                st.markdown(f"{md(what)}: " + ", ".join(f"`{column}`" for column in columns))
            st.caption(
                "For a rejected line: its number and the reason. For a file: its name, size and digest; "
                "for a synced file, also its location."
            )


def show(rows: pd.DataFrame) -> None:
    """The history; choosing a row shows its files and offers the undo."""
    history = imports.history(rows, session.zone())
    with st.container(border=True, key="card history"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header("Import history", anchor=False, width="content")
            tables.download(history, BATCHES, name="imports", key="history")
        chosen = tables.choose(history, BATCHES, key="history", alt="Imports, newest first", zone=session.zone())
        if chosen is None:
            st.caption("Select an import to see its files or undo it.")
        else:
            found = imports.files(session.read("imports_of_batch", EVERYTHING, batch=int(rows["batch"].iloc[chosen])))
            tables.table(found, RECEIVED, key="files of batch", alt="Files of this import", zone=session.zone())
            if st.button("Undo this import", icon=":material/undo:"):
                _ask([int(number) for number in found["import_id"]])


def rejects(rows: pd.DataFrame) -> None:
    """The lines that could not be read."""
    if not rows["rejected"].sum():
        return
    found = session.read("imports_rejects", EVERYTHING, limit=imports.REJECTS_SHOWN)
    more = int(rows["rejected"].sum()) - len(found)
    parts.breakdown(
        "Rejected lines",
        imports.left_out(found),
        LEFT_OUT,
        key="left-out",
        alt="Lines we couldn't read, newest import first",
        zone=session.zone(),
        note="We keep the line number and the reason, never the text."
        + (f" {format.plural(more, 'older line')} not shown." if more > 0 else ""),
    )


@st.dialog("Undo this import?")
def _ask(import_ids: list[int]) -> None:
    with states.errors():
        store = session.store()
        effect = store.rows("imports_undone", imports=import_ids)[0]
        st.markdown(md(imports.undoing(**effect)))
        st.caption("You can import the same files again later.")
        with st.container(horizontal=True):
            if st.button("Undo import", type=session.main_button()):
                access.owner_only()
                with st.spinner("Undoing …"):
                    ingest.undo(store, import_ids)
                incoming.forget()
                st.session_state[_UNDONE] = imports.undone(effect["calls"], effect["cost_nanos"])
                st.rerun()
            if st.button("Keep it"):
                st.rerun()
