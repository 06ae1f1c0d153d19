"""What surrounds the replay: what is read, the three numbers, what is set today, the pitfalls, and what an hour is worth."""

from __future__ import annotations

import re
from typing import Final, Literal

import streamlit as st

from usage_analytics import format
from usage_analytics.answers import auto_reload, blocks
from usage_analytics.answers.auto_reload import AutoReload
from usage_analytics.question import Question
from usage_analytics.ui import access, parts, tables
from usage_analytics.ui.auto_reload import settings as account_settings
from usage_analytics.ui.columns import BLOCKED, BY_ACCOUNT
from usage_analytics.ui.text import md

_PROSE: Final = 760
_A_MOMENT: Final = 60  # seconds: what is shorter was only a move from the plan to credits
_ALL: Final = "All accounts together"
_WORDS: Final[dict[bool | None, tuple[str, Literal["orange", "green", "gray"]]]] = {
    True: ("Look here", "orange"),
    False: ("Not you", "green"),
    None: ("Not known", "gray"),
}


def asked(question: Question) -> AutoReload:
    """The advice for the balance in question: everybody's together, or one account's where there are several."""
    with st.spinner("Trying settings on your past weeks …"):
        together = auto_reload.answer(question)
        if len(together.accounts) < auto_reload.FEWEST_ACCOUNTS:
            return together
        names: dict[str, str | None] = {_ALL: None, **{format.name(account): account for account in together.accounts}}
        account = names[st.selectbox("Balance of", list(names), key="reload account", bind="query-params", width=320)]
        return auto_reload.answer(question, account) if account else together


def numbers(question: Question, found: AutoReload) -> None:
    """The three numbers and how sure they are; how far they may be off; and what is set today."""
    parts.kpis(question, found.figures)
    st.caption(md(f"{found.today} {found.flat}"), width=_PROSE)
    with st.container(horizontal=True, gap="small"):
        with st.popover("Why these numbers?", icon=":material/help:"):
            st.markdown("\n".join(f"- {md(line)}" for line in (*found.reasons, *found.limits)), width=520)
        if access.is_owner():
            account_settings.set_today(found.current)


def by_account(question: Question, found: AutoReload) -> None:
    """What each account would need on a balance of its own, and as a limit of its own; worked out when it is asked for."""
    if len(found.accounts) < auto_reload.FEWEST_ACCOUNTS:
        return
    with st.container(border=True, key="card accounts"):
        st.header("What would each account need?", anchor=False)
        st.markdown(
            "Each by itself, on a balance of its own. As a limit for the member, the monthly limit stops one that runs away before it "
            "empties the balance of all.",
            width=_PROSE,
        )
        if st.toggle("Work it out for each account", key="each account"):
            with st.spinner("Trying settings for each account …"):
                table = auto_reload.member_rows(question)
            tables.table(table, BY_ACCOUNT, key="accounts", alt="Settings for each account", total={})


def steps(found: AutoReload) -> None:
    """How to set it up."""
    with st.container(border=True, key="card steps"):
        st.header("How do I set it up?", anchor=False)
        lines = []
        for number, step in enumerate(found.steps, 1):
            line = f"{number}. "
            for place, part in enumerate(re.split(r"(\$[\d,]+(?:\.\d+)?)", step)):
                if place % 2:
                    line += f"**{md(part)}**"  # what is to be typed stands out
                else:
                    line += f"{' ' * part.startswith(' ')}{md(part)}{' ' * (part.endswith(' ') and bool(part.strip()))}"
            lines.append(line)
        st.markdown("\n".join(lines), width=_PROSE)


def notes(found: AutoReload) -> None:
    """What the advice rests on, and what it had to leave out."""
    parts.notes(*filter(None, (auto_reload.SCOPE_NOTE, found.unknown)))


def pitfalls(question: Question, found: AutoReload) -> None:
    """The article's pitfalls, checked."""
    with st.container(border=True, key="card pitfalls"):
        st.header("Which of the usual mistakes are yours?", anchor=False)
        with st.grid(2, min_column_width=320, gap="medium"):
            for one in auto_reload.mistakes_of(question, found):
                word, colour = _WORDS[one.yours]
                with st.container(gap="xsmall"):
                    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                        st.badge(word, color=colour)
                        st.markdown(f"**{md(one.title)}**", width="content")
                    st.markdown(md(one.said))


def refused(question: Question) -> None:
    """When work was refused for longer than a moment, and what that has cost."""
    rows = blocks.answer(question).rows
    rows = rows[rows["seconds"] >= _A_MOMENT]
    if len(rows):
        title, zone = "When could you not work, and what did it cost?", question.filters.zone
        together = f"Together {format.dollars(rows['cost_nanos'].sum())}, at the worth of an hour that is set below."
        alt = "Times without work, the newest first"
        parts.breakdown(title, rows, BLOCKED, key="blocked", alt=alt, most=6, zone=zone, note=together)
