"""What was imported, batch by batch: its files, its undo, and the lines that were left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from usage_analytics import format, ingest
from usage_analytics.answers import Kpi, imports
from usage_analytics.errors import UsageError
from usage_analytics.filters import Filters
from usage_analytics.ingest import Undone
from usage_analytics.ingest.undone import undone as list_undone
from usage_analytics.ui import access, incoming, parts, session, states, tables
from usage_analytics.ui.import_columns import BATCHES, LEFT_OUT, RECEIVED
from usage_analytics.ui.text import md

if TYPE_CHECKING:
    from usage_analytics.store import Store

EVERYTHING: Final = Filters()
_UNDONE: Final = "_undone"


def toast() -> None:
    """Show a toast about an undo or redo that just happened."""
    if said := st.session_state.pop(_UNDONE, None):
        st.toast(md(said), icon=":material/history:")


def lines(figures: Sequence[Kpi]) -> None:
    """Where every line went."""
    with st.grid(len(figures), min_column_width=150, gap="small"):
        for figure in figures:
            st.metric(figure.label, figure.value, help=figure.help, border=True)


def privacy() -> None:
    """Say that nothing of what anyone wrote is kept, and list the columns that are."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="privacy"):
        st.markdown("No conversation text is stored.", width="content")
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


def undone() -> None:
    """What can be redone, with a button for each."""
    found = list_undone(session.store())
    if not found:
        return
    with st.container(border=True, key="card undone"):
        st.header("Undone imports", anchor=False)
        for one in found:
            with st.container(horizontal=True, vertical_alignment="center", key=f"undone {one.ids[0]}"):
                st.markdown(md(imports.undone_line(one, session.zone())), width="stretch")
                given: dict[str, Any] = {"on_click": access.for_owners(_act), "width": "content"}
                st.button("Redo", icon=":material/redo:", key=f"redo {one.ids[0]}", args=(one, ingest.redo), **given)
                st.button(
                    "Delete for good", key=f"delete {one.ids[0]}", type="tertiary", args=(one, ingest.delete_undone), **given
                )


def _act(one: Undone, act: Callable[[Store, Sequence[int]], object]) -> None:
    """Redo it, or delete it, and say so on the page that is drawn next."""
    try:
        act(session.store(), one.ids[:1])
    except UsageError as problem:
        st.session_state[_UNDONE] = str(problem)
        return
    st.session_state[_UNDONE] = imports.redone(one) if act is ingest.redo else "Deleted for good."


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
        st.caption("For 30 days, you can redo it here without the files.")
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
