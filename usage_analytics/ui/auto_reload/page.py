"""What surrounds the replay: the three numbers, the current setting, common mistakes, and the cost of a blocked hour."""

from __future__ import annotations

import re
from typing import Final, Literal

import pandas as pd
import streamlit as st

from usage_analytics import format
from usage_analytics.answers import auto_reload, blocks
from usage_analytics.answers.auto_reload import AutoReload
from usage_analytics.figures import auto_reload as figures
from usage_analytics.question import Question
from usage_analytics.ui import access, parts, tables
from usage_analytics.ui.auto_reload import settings as account_settings
from usage_analytics.ui.columns import BLOCKED, BY_ACCOUNT, SETTINGS
from usage_analytics.ui.text import md

_PROSE: Final = 760
_A_MOMENT: Final = 60  # seconds: what is shorter was only a move from the plan to credits
_ALL: Final = "All accounts together"
_WORDS: Final[dict[bool | None, tuple[str, Literal["orange", "green", "gray"]]]] = {
    True: ("Applies to you", "orange"),
    False: ("Doesn't apply", "green"),
    None: ("Unknown", "gray"),
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


def tradeoff(question: Question, found: AutoReload) -> None:
    """What less blocked time costs in idle balance."""
    parts.chart(
        "Idle balance vs. blocked hours",
        parts.figure(figures.tradeoff, *auto_reload.curve(question, found)),
        found.rows,
        SETTINGS,
        key="tradeoff",
        alt=f"Blocked hours a month against idle balance. {found.flat}",
        note=auto_reload.CURVE_NOTE,
    )


def has_accounts(found: AutoReload) -> bool:
    """Whether there are enough accounts to compare."""
    return len(found.accounts) >= auto_reload.FEWEST_ACCOUNTS


def by_account(question: Question) -> None:
    """What each account would need on its own balance, and as its own limit."""
    with st.container(border=True, key="card accounts"):
        st.header("Settings for each account", anchor=False)
        st.markdown(
            "For each account on its own balance. As a member's limit, the monthly limit stops a runaway agent before it empties "
            "everyone's balance.",
            width=_PROSE,
        )
        with st.spinner("Trying settings for each account …"):
            table = auto_reload.member_rows(question)
            pooled = auto_reload.pooled(question)
        tables.table(table, BY_ACCOUNT, key="accounts", alt="Settings for each account", total={})
        if pooled:
            st.markdown(md(pooled.said), width=_PROSE)


def steps(found: AutoReload) -> None:
    """How to set it up."""
    with st.container(border=True, key="card steps"):
        st.header("How to set it up", anchor=False)
        lines = []
        for number, step in enumerate(found.steps, 1):
            line = f"{number}. "
            for place, part in enumerate(re.split(r"(\$[\d,]+(?:\.\d+)?)", step)):
                if place % 2:
                    line += f"**{md(part)}**"  # what to type is in bold
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
        st.header("Common mistakes", anchor=False)
        with st.grid(2, min_column_width=320, gap="medium"):
            for one in auto_reload.mistakes_of(question, found):
                word, colour = _WORDS[one.yours]
                with st.container(gap="xsmall"):
                    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                        st.badge(word, color=colour)
                        st.markdown(f"**{md(one.title)}**", width="content")
                    st.markdown(md(one.said))


def was_refused(question: Question) -> bool:
    """Whether work was blocked for longer than a moment."""
    return len(_blocks(question)) > 0


def refused(question: Question) -> None:
    """When work was blocked for longer than a moment, and what that has cost."""
    rows = _blocks(question)
    together = f"All your data: {format.dollars(rows['cost_nanos'].sum())} in total, at your cost of a blocked hour."
    alt, zone = "Blocks, newest first", question.filters.zone
    parts.breakdown("Blocks that cost you time", rows, BLOCKED, key="blocked", alt=alt, most=6, zone=zone, note=together)


def _blocks(question: Question) -> pd.DataFrame:
    rows = blocks.answer(question).rows
    return rows[rows["seconds"] >= _A_MOMENT]
