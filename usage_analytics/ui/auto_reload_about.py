"""What surrounds the replay: what is read, the three numbers, what is set today, the pitfalls, and what an hour is worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

import pandas as pd
import streamlit as st

from usage_analytics import format
from usage_analytics.analysis import auto_reload_answer as answers
from usage_analytics.analysis import auto_reload_pitfalls as checked
from usage_analytics.analysis import blocks
from usage_analytics.analysis.auto_reload.advice import USD, Policy
from usage_analytics.analysis.auto_reload_answer import Judged
from usage_analytics.analysis.auto_reload_pitfalls import Finding, Stops
from usage_analytics.analysis.blocks import Blocked
from usage_analytics.control import settings
from usage_analytics.errors import BadRequest
from usage_analytics.ui import access, balances, parts, session
from usage_analytics.ui.columns import BLOCKED
from usage_analytics.ui.frame import View
from usage_analytics.ui.text import md

_PROSE: Final = 760
_A_MOMENT: Final = 60  # seconds: what is shorter was only a move from the plan to credits
_UNSAID: Final = "Not said"
_MOST_APPS: Final = 12
_ALL: Final = "All accounts together"
_WORDS: Final[dict[bool | None, tuple[str, Literal["orange", "green", "gray"]]]] = {
    True: ("Look here", "orange"),
    False: ("Not you", "green"),
    None: ("Not known", "gray"),
}
_WORTH: Final = {
    "hour_blocked_usd": ("An hour blocked, $", 1.0, "What an hour costs you in which you cannot work."),
    "reload_usd": ("A reload's nuisance, $", 0.1, "One more charge on the card, one more line to file."),
    "idle_share_per_month": ("Idle money a month, part of it", 0.01, "What money costs that lies in the balance: 0.03 is 3%."),
    "latency_minutes": ("A reload takes, minutes", 1.0, "The usual time until bought credits can be used."),
    "slow_share": ("Slow reloads, part of them", 0.01, "Those take 5 to 60 minutes."),
    "failed_share": ("Declined reloads, part of them", 0.005, "Those last until you repair the payment."),
}


def judged(view: View) -> Judged:
    """The advice for the balance in question: everybody's together, or one account's where there are several."""
    control = session.control()
    known = balances.known()
    rows = view.read("credit_calls", own_pools=settings.own_pools(control))
    account = _account(rows)
    current, worth = answers.policy_of(known.policy), answers.economics_of(known.economics)
    found: Judged = view.kept(
        f"auto-reload {account} {current} {worth} {known.pools}",
        lambda: answers.judge(
            {name: rows[name].to_numpy() for name in rows}, view.now, economics=worth, current=current, account=account
        ),
    )
    return found


def numbers(view: View, found: Judged) -> None:
    """The three numbers and how sure they are; how far they may be off; and what is set today."""
    parts.kpis(view, answers.numbers(found.advice, found.current))
    st.caption(md(answers.flat(found.advice)), width=_PROSE)
    with st.container(horizontal=True, gap="small"):
        _because(found)
        if access.is_owner():
            _set_today(found.current)


def _because(found: Judged) -> None:
    with st.popover("Why these numbers?", icon=":material/help:"):
        st.markdown("\n".join(f"- {md(line)}" for line in (*found.advice.reasons, *answers.about_limit(found.advice))), width=520)


def steps(policy: Policy) -> None:
    """How to set it up."""
    with st.container(border=True, key="card steps"):
        st.header("How do I set it up?", anchor=False)
        lines = enumerate(answers.steps(policy), 1)
        st.markdown("\n".join(f"{number}. {md(line)}" for number, line in lines), width=_PROSE)


def pitfalls(view: View, found: Judged) -> None:
    """The article's pitfalls, checked."""
    with st.container(border=True, key="card pitfalls"):
        st.header("Which of the usual mistakes are yours?", anchor=False)
        with st.grid(2, min_column_width=320, gap="medium"):
            for one in _checked(view, found):
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
    rows = blocks.as_rows(blocked(view, found), found.economics.hour_blocked_usd)
    rows = rows[rows["seconds"] >= _A_MOMENT]
    if len(rows):
        title, zone = "When could you not work, and what did it cost?", view.filters.zone
        parts.breakdown(
            title, rows, BLOCKED, key="blocked", alt="Times without work, the newest first", total={}, most=6, zone=zone
        )


def who_pays(view: View) -> None:
    """Who pays for which app, where the data does not say so: the person's to say, and kept."""
    pools = view.read("credit_pools", own_pools=settings.own_pools(session.control()))
    unknown = pools[pools["pool"].isna()]
    apps = sorted({app for apps in unknown["apps"] for app in apps})
    if not apps or not access.is_owner():
        return
    with st.container(border=True, key="card who pays"), st.form("who pays", border=False):
        st.header("Which of your apps draw on credits?", anchor=False)
        spent = format.dollars(unknown["nanos"].sum())
        st.markdown(
            md(f"For {spent} of your spend the data does not say who paid. Say it here, and the advice follows."), width=_PROSE
        )
        names = {**dict.fromkeys([_UNSAID]), **{name: pool for pool, name in settings.POOLS.items()}}
        with st.grid(2, min_column_width=320, gap="small"):
            said = {app: names[st.selectbox(md(format.name(app)), list(names), key=f"pays {app}")] for app in apps[:_MOST_APPS]}
        if st.form_submit_button("Keep", type=session.main_button()):
            more = tuple(settings.OwnPool(app, None, pool) for app, pool in said.items() if pool)
            settings.set_pools(session.control(), (*settings.pools(session.control()), *more))
            st.rerun()


def economics() -> None:
    """What the advice weighs: the person's to set, and kept."""
    now = settings.economics(session.control())
    with (
        st.expander("What is an hour worth to you?", icon=":material/tune:"),
        st.form("economics", border=False),
    ):
        with st.grid(3, min_column_width=210, gap="small"):
            typed = {
                name: st.number_input(label, value=float(getattr(now, name)), min_value=0.0, step=step, help=help_)
                for name, (label, step, help_) in _WORTH.items()
            }
        if st.form_submit_button("Weigh anew", disabled=not access.is_owner()):
            settings.set_economics(session.control(), settings.Economics(**typed))
            st.rerun()


def _account(rows: pd.DataFrame) -> str | None:
    accounts = rows.groupby("account")["nanos"].sum().sort_values(ascending=False).index.tolist()
    if len(accounts) < 2:
        return None
    names: dict[str, str | None] = {_ALL: None, **{format.name(account): account for account in accounts}}
    chosen = st.selectbox("Balance of", list(names), key="reload account", bind="query-params", width=320)
    return names[chosen]


def _set_today(current: Policy | None) -> None:
    with (
        st.popover("Change what is set today" if current else "Tell what is set today", icon=":material/edit:"),
        st.form("set today", border=False),
    ):
        st.markdown("As it stands at claude.ai, under **Settings**, **Usage**.")
        threshold = st.number_input(
            "When the balance falls below, $", value=current.threshold_nanos / USD if current else None, min_value=0.0
        )
        reload_to = st.number_input(
            "Reload balance to, $", value=current.reload_to_nanos / USD if current else None, min_value=0.0
        )
        limit = current.monthly_limit_nanos if current else None
        most = st.number_input(
            "Monthly limit, $ (empty is unlimited)", value=None if limit is None else limit / USD, min_value=0.0
        )
        if st.form_submit_button("Keep"):
            _keep(threshold, reload_to, most)


def _keep(threshold: float | None, reload_to: float | None, most: float | None) -> None:
    if threshold is None or reload_to is None:
        st.error("Type both the threshold and what it reloads to.")
        return
    try:
        limit = None if most is None else settings.nanos_of(most)
        settings.set_current_policy(
            session.control(), settings.AutoReload(settings.nanos_of(threshold), settings.nanos_of(reload_to), limit)
        )
    except BadRequest as refused:
        st.error(md(str(refused)))
        return
    st.rerun()


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
