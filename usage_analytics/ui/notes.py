"""Notes on days, which the chart over time marks: the list, and a form for one more."""

from __future__ import annotations

from functools import partial

import streamlit as st

from usage_analytics import format
from usage_analytics.control import notes
from usage_analytics.control.notes import Note
from usage_analytics.question import Question
from usage_analytics.ui import access, session
from usage_analytics.ui.text import md


def card(question: Question) -> None:
    """Draw the card. People who aren't owners can only read the notes."""
    known = question.decisions.notes
    with st.container(border=True, key="card notes"):
        st.header("Notes", anchor=False)
        if not known:
            st.markdown("No notes yet. Add what explains your spend, such as a new agent or a new plan. The chart marks the day.")
        for note in reversed(known):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{format.day(note.day)}** {md(note.text)}", width="content")
                if access.is_owner():
                    st.button(
                        f"Delete the note of {format.day(note.day)}",
                        key=f"delete note {note.day} {note.text}",
                        icon=":material/delete:",
                        type="tertiary",
                        on_click=access.for_owners(partial(notes.delete, session.control(), note)),
                    )
        if not access.is_owner():
            return
        with st.form("add note", border=False, clear_on_submit=True):
            today = format.local(question.as_of, question.filters.zone).date()
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                day = st.date_input("Day", today, max_value=today, format="YYYY-MM-DD", width=150)
                text = st.text_input("What happened", max_chars=notes.LONGEST, placeholder="Started the nightly agent", width=360)
                pressed = st.form_submit_button("Add note")
            if pressed:
                access.owner_only()
                notes.add(session.control(), Note(day, text))
                st.rerun()
