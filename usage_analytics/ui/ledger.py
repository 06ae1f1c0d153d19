"""How much is left and how long it lasts: the ledger between readings of the balance, with its drift and when each gauge is empty."""

from __future__ import annotations

import streamlit as st

from usage_analytics.answers.balance import account, runway
from usage_analytics.answers.balance.ledger import Ledger
from usage_analytics.answers.balance.runway import Runway
from usage_analytics.control import settings
from usage_analytics.control.decisions import Decisions
from usage_analytics.ui import access, balances, session, tables
from usage_analytics.ui.columns import LEDGER
from usage_analytics.ui.frame import View
from usage_analytics.ui.text import md

SETTINGS_PAGE = "pages/data/settings.py"


def known(view: View) -> Decisions:
    """All that is known of the account, asked once while it stays the same."""
    found: Decisions = view.kept(f"account {session.control().revision}", balances.known)
    return found


def card(view: View, known: Decisions) -> None:
    """The card: what is left, when it runs out, and the readings beside the log."""
    book, runways = view.kept(f"ledger {known}", lambda: _judged(view, known))
    said = account.answer(known, book, view.now)
    with st.container(border=True, key="card ledger"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
            st.header("How much is left, and how long does it last?", anchor=False, width="content")
            if access.is_owner():
                st.page_link(SETTINGS_PAGE, label="Type or paste the balance", icon=":material/edit:")
        st.markdown(f"**{md(said.lead)}** {md(said.detail)}", width=760)
        lines = [account.until(one, view.now, view.filters.zone) for one in runways]
        if lines:
            st.markdown("\n".join(f"- {md(line)}" for line in lines), width=760)
        if book.stretches:
            rows = account.ledger_rows(book)
            tables.table(rows, LEDGER, key="ledger", alt="Readings of the balance beside the log", most=6, zone=view.filters.zone)
            if book.notes:
                st.caption(md(" ".join(book.notes)))


def _judged(view: View, known: Decisions) -> tuple[Ledger, tuple[Runway, ...]]:
    """The ledger, and when each gauge that is known is empty."""
    book = balances.run(known)
    calls = view.read("credit_calls", own_pools=settings.own_pools(session.control()))
    found = [runway.balance(calls, book.balance_nanos if book.currency == "USD" else None, view.now)]
    if known.policy and known.policy.monthly_limit_nanos is not None:
        found.append(runway.monthly_limit(calls, known.policy.monthly_limit_nanos, None, view.now))
    windows = runway.windows(view.read("balances"), view.read("spend_hours"), view.now)
    return book, (*(one for one in found if book.balance_nanos is not None), *windows)
