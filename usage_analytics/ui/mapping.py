"""Mapping the columns of a table that has no importer: what we recognized, what is left to ask, and the first rows as they read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Chosen
from functools import partial
from typing import Any, Final
from zoneinfo import available_timezones

import streamlit as st

from usage_analytics.answers import mappings
from usage_analytics.errors import UsageError
from usage_analytics.importers.mapped.mapping import Mapping
from usage_analytics.importers.mapped.proposal import ColumnFacts, Proposal, Question
from usage_analytics.importers.sink import Summary
from usage_analytics.ui import parts, session
from usage_analytics.ui.tables import Column
from usage_analytics.ui.text import md

_NONE: Final = "Not in this table"
_LABELS: Final = {
    "date_order": "Day or month first",
    "zone": "Time zone",
    "decimal": "Decimal sign",
    "tokens_in": "Unit of the tokens",
    "input_includes_cache": "Cache tokens",
    "currency": "Currency",
    "cost_column": "Column of the cost",
    "one_call_per_id": "Shared IDs",
    "amounts_in": "Unit of the amounts",
}
_READ: Final = {
    "at": Column("Time", "moment"),
    "model": Column("Model"),
    "app": Column("App"),
    "tokens": Column("Tokens", "tokens"),
    "cost_nanos": Column("Cost", "dollars"),
    "left_out": Column("Left out because", "prose"),
}


def show(proposal: Proposal, more: int, key: str, *, on_use: Callable[[Mapping], None], on_skip: Callable[[], None]) -> None:
    """Ask what the columns of one table mean; `more` tables wait behind it."""
    with st.container(border=True, key="mapping"):
        st.header("Map the columns", anchor=False)
        parts.answer(mappings.headline(proposal))
        mapping = _columns(proposal, key)
        open_questions = mappings.asked(proposal, mapping, session.zone())
        mapping, left = _answers(mapping, open_questions, key)
    rows = mappings.rows(proposal, mapping) if mapping.columns.get("occurred_at") else None
    if rows is not None and rows["at"].notna().any():
        parts.breakdown(
            "First rows as we read them", rows, _READ, key="first rows", alt="First rows of the table", zone=session.zone()
        )
    with st.container(border=True, key="use mapping"):
        name = st.text_input(
            "Save the mapping as",
            proposal.mapping.name or proposal.table.like or next(iter(proposal.mapping.constants.values()), ""),
            key=f"{key} name",
            max_chars=60,
            help="The next file with the same columns imports by itself. Leave empty to use it once.",
            width=360,
        )
        ready = not left and rows is not None
        try:
            mapping = mappings.named(mapping, name)
        except UsageError as error:
            st.error(md(str(error)))
            ready = False
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Show totals",
                type=session.main_button(),
                icon=":material/calculate:",
                disabled=not ready,
                on_click=on_use,
                args=(mapping,),
            )
            st.button("Leave this file out", icon=":material/close:", on_click=on_skip)
            if left:
                st.caption(f"{left} more to answer.")
            elif rows is None:
                st.caption("Choose the column with the time.")
            elif more:
                st.caption(f"{more} more to map after this one.")


def summaries(found: Sequence[tuple[str, Summary]], *, on_change: Callable[[], None] | None) -> None:
    """What each table came to that was read with a mapping; `on_change` maps the uploads again."""
    with st.container(border=True, key="mapped"):
        st.header("Read with a mapping", anchor=False)
        for name, summary in found:
            st.markdown(md(mappings.read_as(name, summary)))
        if on_change:
            st.button("Change the mapping", icon=":material/undo:", on_click=on_change)


def _columns(proposal: Proposal, key: str) -> Mapping:
    """Which column fills which field: as recognized, until the person chooses another."""
    facts, base = proposal.table.facts, proposal.mapping
    labels = {one.name: one for one in facts.columns}
    offered = mappings.fields(proposal)
    known = [one for one in offered if one.main or one.role in base.columns]
    wide = st.toggle("More fields", key=f"{key} more") if len(known) < len(offered) else True
    chosen: dict[str, str] = {}
    app = ""
    with st.grid(3, min_column_width=200, gap="small"):
        for field in offered if wide else known:
            now = next(iter(base.source(field.role)), None)
            options = [None, *labels]
            picked = st.selectbox(
                field.label,
                options,
                index=options.index(now) if now in labels else 0,
                format_func=partial(_column, labels, base.source(field.role)),
                key=f"{key} {field.role}",
                help=field.help,
            )
            if picked:
                chosen[field.role] = picked
        if "app" not in chosen:
            app = st.text_input("App for every row", base.constants.get("app", ""), key=f"{key} app name", max_chars=60)
    return mappings.draft(proposal, chosen, app)


def _column(labels: Chosen[str, ColumnFacts], together: list[str], name: str | None) -> str:
    """Return a column's name with an example value; two columns that are read together, such as a date and a time, as one."""
    if name is None:
        return _NONE
    read = [labels[one] for one in (together if together[:1] == [name] else [name]) if one in labels]
    examples = [one.examples[0] for one in read if one.examples]
    shown = " + ".join(one.label for one in read)
    return f"{shown} · {' '.join(examples)}" if examples else shown


def _answers(mapping: Mapping, asked: list[Question], key: str) -> tuple[Mapping, int]:
    """The mapping with what was answered, and how many questions are left."""
    left = 0
    for question in asked:
        st.markdown(f"**{md(question.asks)}**")
        value = _answer(question, f"{key} {question.about} {question.asks}")
        if value is None or value == "":
            left += 1
            continue
        try:
            mapping = mappings.with_answer(mapping, question.about, value)
        except UsageError as error:
            st.error(md(str(error)))
            left += 1
    return mapping, left


def _answer(question: Question, place: str) -> object:
    """What the person chose or typed; None while they have not. The widget's own label is for screen readers."""
    label = _LABELS.get(question.about, "Answer")
    means = {one.value: one.means for one in question.choices}
    if question.kind == "rate":
        code = question.about.rpartition(" ")[2]
        return st.text_input(f"US dollars for 1 {code}", placeholder="1.08", key=place, width=240, label_visibility="collapsed")
    if question.kind == "zone":
        zones = [*means, *sorted(available_timezones() - means.keys())]
        return st.selectbox(
            label,
            zones,
            index=None,
            format_func=partial(_meaning, means),
            key=place,
            placeholder="Choose a time zone",
            label_visibility="collapsed",
        )
    return st.radio(
        label,
        list(means),
        index=None,
        format_func=lambda value: md(_meaning(means, value)),
        captions=[f"{one.rows:,} rows" if one.rows else "" for one in question.choices],
        key=place,
        label_visibility="collapsed",
    )


def _meaning(means: Chosen[Any, str], value: object) -> str:
    return means.get(value, str(value))
