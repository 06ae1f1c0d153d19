"""The balance in Settings: what is left, tables of readings and top-ups to edit, and a field to paste account data."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from usage_analytics import format
from usage_analytics.answers import balance
from usage_analytics.answers.balance import Balance
from usage_analytics.control import balances, settings
from usage_analytics.control.balances import Reading
from usage_analytics.control.decisions import Decisions
from usage_analytics.errors import BadRequest
from usage_analytics.ingest import commit
from usage_analytics.ingest.uploads import PASTED_BALANCE, pasted, stage_uploads
from usage_analytics.ui import access, parts, session
from usage_analytics.ui.columns import LEDGER
from usage_analytics.ui.text import md

_PROSE: Final = 760
_SAID: Final = "_balance said"
_ROUND: Final = "_balance round"  # of the editors: after every change they start over


def show(found: Balance) -> None:
    """The card: a reading to add, the tables, a text to paste, and the ledger."""
    if said := st.session_state.pop(_SAID, None):
        st.toast(md(said), icon=":material/check:")
    with st.container(border=True, key="card balance"):
        st.header("Balance", anchor=False)
        st.markdown(
            "As shown at claude.ai, under **Settings**, **Usage**. From each balance you enter, we "
            "subtract the credit spend in your log. Your next entry shows how far off we were.",
            width=_PROSE,
        )
        code = found.known.currency.code
        with (
            st.form("add reading", clear_on_submit=True, border=False),
            st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
        ):
            label = f"Balance now, {code}"
            amount = st.number_input(label, value=None, step=5.0, format="%.2f", width=240, placeholder="12.50")
            if st.form_submit_button("Save balance", type=session.main_button()):
                access.owner_only()
                if amount is None:
                    st.error("Enter the balance first.")
                else:
                    balances.add_reading(session.control(), Reading(session.now(), settings.nanos_of(amount), code))
                    _done("Balance saved.")
        _tables(found.known)
        st.caption("Fill in the empty row to add one. Select a row to delete it.")
        _paste()
    if found.book.stretches:
        parts.breakdown(
            "Balance readings vs. log",
            found.rows,
            LEDGER,
            key="ledger",
            alt="Spend between balance readings, newest first, with the difference at each",
            zone=session.zone(),
            note=" ".join(filter(None, (found.drift, found.month, *found.book.notes))),
        )


def _tables(found: Decisions) -> None:
    control, zone, code = session.control(), session.zone(), found.currency.code
    less = "Before tax. Less than credited if discounted; 0 for a gift"
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container(key="readings"):
            st.markdown("**Readings you entered**")
            config = {"read_at": _moment("Read at"), "balance": _amount("Balance", code)}
            readings = _edited(balance.reading_rows(found, zone), config, "readings")
            if readings is not None:
                balances.replace_readings(control, balance.readings_of(readings, zone, code))
                _done("Readings saved.")
        with st.container(key="top ups"):
            st.markdown("**Top-ups, reloads and gifts**")
            paid = _amount("Paid", code, less, required=False)
            config = {"paid_at": _moment("Date"), "credited": _amount("Credited", code), "paid": paid}
            top_ups = _edited(balance.top_up_rows(found, zone), config, "top ups")
            if top_ups is not None:
                balances.replace_top_ups(control, balance.top_ups_of(top_ups, zone, code))
                _done("Top-ups saved.")


def _edited(rows: pd.DataFrame, config: dict[str, Any], key: str) -> pd.DataFrame | None:
    """Draw an editable table and save it when asked. Raise NotAllowed."""
    number = st.session_state.get(_ROUND, 0)
    edited: pd.DataFrame = st.data_editor(
        rows,
        key=f"{key} {number}",
        column_config=config,
        hide_index=True,
        num_rows="dynamic",
        height=min(38 + 36 * (len(rows) + 1), 300),
    )
    changed = not edited.reset_index(drop=True).equals(rows)
    pressed = st.button("Save changes", key=f"keep {key}", disabled=not changed)
    if pressed:
        access.owner_only()
    return edited if pressed else None


def _paste() -> None:
    with st.expander("Paste from claude.ai", icon=":material/content_paste:"), st.form("paste", border=False):
        st.markdown(
            "On claude.ai, open your browser's developer tools, choose *Network*, then open *Settings*, *Usage*. Copy the response named "
            "*usage*, *credits* or *overage_spend_limit*, and paste all of it. You can undo it like any import. "
            "Never paste a password, a cookie or a token.",
            width=_PROSE,
        )
        text = st.text_area(
            "JSON",
            key=f"paste {st.session_state.get(_ROUND, 0)}",
            height=140,
            placeholder='{"amount": 1250, "currency": "USD", …}',
        )
        if st.form_submit_button("Import"):
            access.owner_only()
            if session.is_sample():
                session.start_with_own_data()
            upload = pasted(text, session.now())
            if upload.name != PASTED_BALANCE:
                raise BadRequest("This isn't complete JSON of an account. Copy the whole document, from { to }.")
            store = session.store()
            with st.spinner("Reading …"):
                commit(store, stage_uploads(store, [upload]))
            _done("Account data imported.")


def _done(said: str) -> None:
    st.session_state[_SAID] = said
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.rerun()


def _moment(label: str) -> Any:
    return st.column_config.DatetimeColumn(label, format=format.MOMENT_COLUMN, required=True, step=60)


def _amount(label: str, code: str, help_text: str | None = None, *, required: bool = True) -> Any:
    return st.column_config.NumberColumn(f"{label}, {code}", format="%.2f", step=0.01, required=required, help=help_text)
