"""What surrounds the replay: what is read, the three numbers, what is set today, the pitfalls, and what an hour is worth."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final, Literal

import pandas as pd
import streamlit as st

from usage_analytics import format
from usage_analytics.answers import blocks
from usage_analytics.answers.auto_reload import accounts
from usage_analytics.answers.auto_reload import mistakes as checked
from usage_analytics.answers.auto_reload import wording as answers
from usage_analytics.answers.auto_reload.advice import Policy
from usage_analytics.answers.auto_reload.demand import by_account as by_account_of
from usage_analytics.answers.auto_reload.mistakes import Finding, Stops
from usage_analytics.answers.auto_reload.wording import Judged
from usage_analytics.answers.blocks import Blocked
from usage_analytics.control import settings
from usage_analytics.ui import access, ledger, parts, session, tables
from usage_analytics.ui.auto_reload import settings as account_settings
from usage_analytics.ui.columns import BLOCKED, BY_ACCOUNT
from usage_analytics.ui.frame import View
from usage_analytics.ui.text import md

_PROSE: Final = 760
_A_MOMENT: Final = 60  # seconds: what is shorter was only a move from the plan to credits
_MOST_APPS: Final = 12
_ALL: Final = "All accounts together"
_WORDS: Final[dict[bool | None, tuple[str, Literal["orange", "green", "gray"]]]] = {
    True: ("Look here", "orange"),
    False: ("Not you", "green"),
    None: ("Not known", "gray"),
}


def judged(view: View) -> Judged:
    """The advice for the balance in question: everybody's together, or one account's where there are several."""
    known = ledger.known(view)
    account = _account(_accounts(view))
    current, worth = answers.policy_of(known.policy), answers.economics_of(known.economics)
    with st.spinner("Trying settings on your past weeks …"):
        found: Judged = view.kept(
            f"auto-reload {account} {current} {worth} {known.pools}",
            lambda: answers.judge(_drawn(view), view.now, economics=worth, current=current, account=account),
        )
    return found


def numbers(view: View, found: Judged) -> None:
    """The three numbers and how sure they are; how far they may be off; and what is set today."""
    parts.kpis(view, answers.numbers(found.advice, found.current))
    st.caption(md(f"{answers.today(found.current)} {answers.flat(found.advice)}"), width=_PROSE)
    with st.container(horizontal=True, gap="small"):
        _because(found)
        if access.is_owner():
            account_settings.set_today(found.current)


def _because(found: Judged) -> None:
    with st.popover("Why these numbers?", icon=":material/help:"):
        st.markdown("\n".join(f"- {md(line)}" for line in (*found.advice.reasons, *answers.about_limit(found.advice))), width=520)


def _with_numbers(line: str) -> str:
    """What is to be typed stands out."""
    parts_ = re.split(r"(\$[\d,]+(?:\.\d+)?)", line)
    return "".join(f"**{md(part)}**" if place % 2 else _kept_spaces(part) for place, part in enumerate(parts_))


def _kept_spaces(part: str) -> str:
    """A piece of a sentence, with the spaces at its ends."""
    return f"{' ' * part.startswith(' ')}{md(part)}{' ' * (part.endswith(' ') and bool(part.strip()))}"


def by_account(view: View, found: Judged) -> None:
    """What each account would need on a balance of its own, and as a limit of its own; worked out when it is asked for."""
    if len(_accounts(view)) < 2:
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
                table = view.kept(
                    f"each account {found.economics} {session.control().revision}",
                    lambda: accounts.each_account(_drawn(view), view.now, economics=found.economics),
                )
            tables.table(table, BY_ACCOUNT, key="accounts", alt="Settings for each account", total={})


def steps(policy: Policy) -> None:
    """How to set it up."""
    with st.container(border=True, key="card steps"):
        st.header("How do I set it up?", anchor=False)
        lines = enumerate(answers.steps(policy), 1)
        st.markdown("\n".join(f"{number}. {_with_numbers(line)}" for number, line in lines), width=_PROSE)


def notes(view: View) -> None:
    """What the advice rests on, and what it had to leave out."""
    pools = view.read("credit_pools", own_pools=settings.own_pools(session.control()))
    parts.notes(*filter(None, (answers.SCOPE_NOTE, accounts.untold(pools))))


def pitfalls(view: View, found: Judged) -> None:
    """The article's pitfalls, checked."""
    with st.container(border=True, key="card pitfalls"):
        st.header("Which of the usual mistakes are yours?", anchor=False)
        with st.grid(2, min_column_width=320, gap="medium"):
            for one in view.kept(f"pitfalls {found.about} {session.control().revision}", lambda: _checked(view, found)):
                _finding(one)


def blocked(view: View, found: Judged) -> Blocked:
    """Every time in which work was refused."""
    hour = found.economics.hour_blocked_usd
    known: Blocked = view.kept(
        f"blocked {hour}",
        lambda: blocks.find(
            view.read("blocks"), view.read("active_hours"), view.now, hour_blocked_usd=hour, zone=view.filters.zone
        ),
    )
    return known


def refused(view: View, found: Judged) -> None:
    """When work was refused for longer than a moment, and what that has cost."""
    rows = view.kept(f"refused {found.economics}", lambda: _refused(view, found))
    if len(rows):
        title, zone = "When could you not work, and what did it cost?", view.filters.zone
        together = f"Together {format.dollars(rows['cost_nanos'].sum())}, at the worth of an hour that is set below."
        alt = "Times without work, the newest first"
        parts.breakdown(title, rows, BLOCKED, key="blocked", alt=alt, most=6, zone=zone, note=together)


def _refused(view: View, found: Judged) -> pd.DataFrame:
    rows = blocks.as_rows(blocked(view, found), found.economics.hour_blocked_usd)
    return rows[rows["seconds"] >= _A_MOMENT]


def _drawn(view: View) -> dict[str, Any]:
    """The calls that credits paid for, as columns: there may be many, and only a judgement needs them."""
    return view.store.columns("credit_calls", view.filters, own_pools=settings.own_pools(session.control()))


def _accounts(view: View) -> tuple[str, ...]:
    """The accounts that drew on credits, the one that drew most first."""
    return view.kept(f"drawing accounts {session.control().revision}", lambda: tuple(by_account_of(_drawn(view))))


def _account(drawing: tuple[str, ...]) -> str | None:
    if len(drawing) < 2:
        return None
    names: dict[str, str | None] = {_ALL: None, **{format.name(account): account for account in drawing}}
    chosen = st.selectbox("Balance of", list(names), key="reload account", bind="query-params", width=320)
    return names[chosen]


def _checked(view: View, found: Judged) -> tuple[Finding, ...]:
    pools = view.read("credit_pools", own_pools=settings.own_pools(session.control()))
    known = pools.loc[pools["pool"].notna(), "nanos"].sum()
    empty = [block for block in blocked(view, found).blocks if block.gauge == "balance"]
    hours = [block.hours if block.working_hours is None else block.working_hours for block in empty]
    return checked.pitfalls(
        found.demand,
        view.now,
        current=found.current,
        stops=Stops(len(empty), sum(hours), max((block.start for block in empty), default=None)),
        known_nanos=int(known),
        by_app=_by_app(view, pools),
        hour_usd=found.economics.hour_blocked_usd,
    )


def _by_app(view: View, pools: pd.DataFrame) -> list[tuple[str, int]]:
    """What each app drew from credits, dearest first."""
    own = settings.own_pools(session.control())
    apps = [app for names in pools.loc[pools["pool"] == "credits", "apps"] for app in names]
    of_app = {app: view.read("credit_pools", replace(view.filters, apps=(app,)), own_pools=own) for app in apps[:_MOST_APPS]}
    drew = [(app, int(found.loc[found["pool"] == "credits", "nanos"].sum())) for app, found in of_app.items()]
    return sorted(drew, key=lambda one: (-one[1], one[0]))


def _finding(one: Finding) -> None:
    word, colour = _WORDS[one.yours]
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(word, color=colour)
            st.markdown(f"**{md(one.title)}**", width="content")
        st.markdown(md(one.said))
