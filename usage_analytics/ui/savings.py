"""Savings on the page: the bar that follows what you choose, which plan fits, and the details behind each saving."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

import streamlit as st

from usage_analytics import format
from usage_analytics.answers import savings
from usage_analytics.answers.savings import Choice, Savings
from usage_analytics.control.settings import Taken, set_taken
from usage_analytics.figures import savings as figures
from usage_analytics.pricing import models
from usage_analytics.question import Question
from usage_analytics.ui import access, burn, cards, parts, session, tables
from usage_analytics.ui.columns import CONVERSATION, PAID_FOR, SAVINGS
from usage_analytics.ui.parts import Column
from usage_analytics.ui.text import md

_PROSE: Final = 760
_ALL: Final = "Next lighter"

PLANS: Final = {
    "name": Column("Plan"),
    "fee_nanos": Column("Fee", "dollars", "Per month"),
    "low_nanos": Column("Low", "dollars", "Per month, with credits for what goes beyond the allowance"),
    "mid_nanos": Column("Middle", "dollars", "Per month, with credits for what goes beyond the allowance"),
    "high_nanos": Column("High", "dollars", "Per month, with credits for what goes beyond the allowance"),
    "break_even_nanos": Column(
        "Break-even", "dollars", "Monthly usage, at list prices, above which it costs less than paying per call"
    ),
    "cheapest_from_nanos": Column(
        "Cheapest from", "dollars", "Monthly usage, at list prices, above which no other plan costs less"
    ),
    "cheapest_months": Column("Months cheapest", "count", "Full months in your data when this plan would have cost the least"),
    "cheapest_weeks": Column("Weeks cheapest", "count", "Whole weeks in which this plan would have cost least", extra=True),
}
BEHIND: Final = {
    "title": Column("Saving"),
    "saves_nanos": Column("Would save", "dollars", "In the weeks that savings are based on"),
    "id": Column("Conversation"),
    **CONVERSATION,
}
SPOTS: Final = {
    "id": Column("Conversation"),
    "occurred_at": Column("At", "moment"),
    "saves_nanos": Column("Would save", "small_dollars"),
    "model": Column("Model", "model"),
    "lighter": Column("Lighter model", "model"),
    "prompt_tokens": Column("In", "tokens_each", "Tokens sent, read from or written to the cache"),
    "output_tokens": Column("Out", "tokens_each", "Tokens answered"),
    "project": Column("Project"),
    "app": Column("App"),
}
APP_COSTS: Final = {
    "app": Column("App"),
    "month_nanos": Column("Now", "dollars", "Per month, as it runs now; turning it off would save this"),
    "half_nanos": Column("Half as often", "dollars", "Per month, run half as often"),
    "batch_nanos": Column("As a batch", "dollars", "Per month, with scheduled API-key calls sent as a batch"),
    "lighter_nanos": Column(
        "Lighter model", "dollars", "Per month, all of it on the next lighter model. We don't assess quality"
    ),
    "calls": Column("Calls", "count"),
}

ECONOMICS: Final = {
    "id": Column("Conversation"),
    "new_nanos": Column("New work", "dollars", "New prompts and answers, and writing them to the cache once"),
    "reads_nanos": Column("Cache reads", "dollars", "Earlier messages read from the cache"),
    "rebuilt_nanos": Column("Rebuilt caches", "dollars", "Earlier messages written again after a break"),
    "uncached_nanos": Column("Uncached", "dollars", "Earlier messages sent again as plain input"),
    "breaks": Column("Breaks", "count", "Pauses of more than five minutes"),
    "context": Column("Context at end", "tokens_each", "Tokens that one more message would send"),
    "summed_up": Column("Compacted", "count", "How often the client replaced earlier messages with a summary"),
    "every": Column("Fresh start after", "number", "Calls after which a new conversation costs less, at best"),
    "fresh_nanos": Column("Fresh starts save", "dollars", "With 10,000 tokens carried over"),
    "history_per_call": Column("History per call", "small_dollars", "Re-sent history, divided by calls", extra=True),
    **{name: replace(CONVERSATION[name], extra=True) for name in ("calls", "project", "model")},
}


@st.fragment
def what_if(question: Question, found: Savings) -> None:
    """The card with a switch for each saving and sliders for what it assumes; changing one redraws this card alone."""
    session.use_numbers()
    if not found.worth:
        return
    with st.container(border=True, key="card what if"):
        st.header("What if?", anchor=False)
        above = st.container()  # what comes of it is seen first
        choice = _chosen(found)
        result = savings.what_if(question, choice, found)
        if result is None:
            return
        above.markdown(f"**{md(result.said)}**", width=_PROSE)
        above.caption("This range is chance alone, because you set the assumptions here; the one at the top covers both.")
        above.plotly_chart(
            parts.figure(figures.before_and_after, result),
            key="what if chart",
            config=cards.TOOLBAR,
            alt=f"A month as it was and as it would be. {result.said}",
        )


def _chosen(found: Savings) -> Choice:
    """The switches, and a slider for each that is on."""
    titles = {one.name: one.title for one, _ in found.worth}
    names = st.pills(
        "Do differently",
        list(titles),
        selection_mode="multi",
        default=list(titles),
        format_func=lambda name: titles.get(name, name),
        key="what if names",
        label_visibility="collapsed",
    )
    chosen, values = frozenset(names), Choice()
    carried, avoided, minutes, lighter, moved = values.carried, values.avoided, values.minutes, values.lighter, values.moved
    with st.grid(3, min_column_width=210, gap="medium"):
        if "fresh_starts" in chosen:
            carried = st.slider(
                "Tokens kept in a fresh start", 0, 40_000, carried, 1_000, format=format.COUNT_COLUMN, key="what if carried"
            )
        if "long_outputs" in chosen:
            avoided = st.slider("Trim long answers by (%)", 0, 100, round(avoided * 100), 5, key="what if avoided") / 100
        if "cache_lifetime" in chosen:
            minutes = st.slider("Keep the cache for breaks up to (min)", 5, 60, minutes, 5, key="what if minutes")
        if "cheaper_model" in chosen:
            ids = [_ALL, *reversed(models.known())]
            picked = st.selectbox("Model for simple work", ids, format_func=models.display_name, key="what if model")
            lighter = "" if picked == _ALL else str(picked)
            moved = st.slider("Simple work moved, %", 0, 100, round(moved * 100), 5, key="what if moved") / 100
    return Choice(chosen, carried, avoided, minutes, lighter, moved=moved)


def plans(found: Savings) -> None:
    """The card of plans, cheapest first."""
    if found.plans is None:
        return
    said = found.plans
    if not said.headline.enough:
        with st.container(border=True, key="card plans"):
            st.header("Which plan fits", anchor=False)
            st.markdown(md(f"{said.headline.lead} {said.headline.detail}"), width=_PROSE)
            st.caption(md(f"{said.evidence} {savings.PLANS_NOTE}"), width=_PROSE)
        return
    with st.container(border=True, key="card plans"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header("Which plan fits", anchor=False, width="content")
            tables.download(said.rows, PLANS, name="plans", key="plans")
        st.markdown(f"**{md(said.headline.lead)}** {md(said.headline.detail)}", width=_PROSE)
        tables.table(said.rows, PLANS, key="plans", alt="Plans, cheapest first")
        st.caption(md(said.basis), width=_PROSE)


def details(question: Question, found: Savings) -> None:
    """What is looked at less often, one at a time."""
    if not found.savings:
        plans(found)
        return
    parts.one_of(
        {
            **({"How to": lambda: how(found)} if found.worth else {}),
            **({"Plans": lambda: plans(found)} if found.plans is not None else {}),
            "Conversations": lambda: conversations(question, found),
            "Apps": lambda: parts.breakdown(
                "Connected apps, per month",
                savings.app_table(savings.connected_apps(question)),
                APP_COSTS,
                key="app-costs",
                alt="What each app costs per month, and what it would cost otherwise",
            ),
            "Burn rate": lambda: burning(question),
            "Did it work?": lambda: did_it_work(question),
            "All": lambda: parts.breakdown(
                "All savings we looked for", found.rows, SAVINGS, key="savings", alt="Savings, highest first"
            ),
        },
        key="details",
    )


def conversations(question: Question, found: Savings) -> None:
    """What conversations paid for, those behind each saving, and simple calls to check before a lighter model does such work."""
    paid_for(question)
    parts.breakdown(
        "Conversations behind each saving",
        savings.behind(question, found),
        BEHIND,
        key="behind",
        alt="Conversations in which each saving is largest",
        most=20,
        zone=question.filters.zone,
    )
    if any(one.name == "cheaper_model" for one, _ in found.worth):
        parts.breakdown(
            "Simple calls to check",
            savings.spots(question),
            SPOTS,
            key="spots",
            alt="Some of the calls that would have run on the lighter model",
            most=20,
            zone=question.filters.zone,
            note="Open a few of these conversations at the time shown. Would the lighter model have been good enough? "
            "We never see the text.",
        )


def burning(question: Question) -> None:
    """What an hour of each way of working costs, and which of them each conversation was."""
    burn.card(question)
    burn.sessions(question)


def how(found: Savings) -> None:
    """A card for each saving worth the trouble, the largest first."""
    with st.container(border=True, key="card how"):
        st.header("How to get each saving", anchor=False)
        with st.grid(2, min_column_width=320, gap="medium"):
            for saving, saves in found.worth:
                with st.container(gap="xsmall", key=f"saving {saving.name}"):
                    amount = f"{format.dollars(saves.mid)} a month, {saves.words}"
                    st.markdown(f"**{md(saving.title)}** · {md(amount)}")
                    st.markdown(md(f"{saving.evidence} {saving.how}"), width=_PROSE)
                    st.caption(md(saving.caveat), width=_PROSE)


def paid_for(question: Question) -> None:
    """The card of what conversations paid for in the weeks that savings are judged by: new work and re-sent history."""
    found = savings.economics(question)
    if not found.parts:
        return
    parts.breakdown(
        "What conversations paid for",
        found.rows,
        PAID_FOR,
        key="paid-for",
        alt=f"New work and re-sent history. {found.said}",
        total={"per_call": sum(one.per_call for one in found.parts)},
        note=found.said,
    )


def economics(question: Question) -> None:
    """The card of what the most expensive conversations of the page's dates paid for: new work, or history sent again."""
    found = savings.own_economics(question)
    parts.breakdown(
        "What they paid for",
        savings.conversations(question, found),
        ECONOMICS,
        key="economics",
        alt="New work and re-sent history by conversation",
        most=20,
        note=f"{found.said} {savings.ECONOMICS_NOTE}".lstrip(),
    )


def did_it_work(question: Question) -> None:
    """Draw how the savings that the person adopted turned out, and the form to add one."""
    with st.container(border=True, key="card taken"):
        st.header("Did it work?", anchor=False)
        known = savings.outcomes(question)
        if not known:
            st.markdown("Tell us when you changed something, and we'll compare the result with what we expected.", width=_PROSE)
        for one in known:
            st.markdown(md(one.said), width=_PROSE)
        if access.is_owner():
            titles = {name: title for name, (title, _, _) in savings.WORDS.items() if name in savings.FOLLOWED}
            today = format.local(question.as_of, question.filters.zone).date()
            with st.container(horizontal=True, vertical_alignment="bottom"):
                st.selectbox("I changed", list(titles), format_func=lambda name: titles[name], key="taken saving", width=280)
                st.date_input("Since", today - timedelta(days=14), max_value=today, key="taken since", width=160)
                st.button("Follow", on_click=_keep, args=(question.decisions.taken,))
                if question.decisions.taken:
                    st.button("Stop following all", on_click=_forget)
        st.caption(md(savings.TAKEN_NOTE), width=_PROSE)


@access.for_owners
def _keep(known: tuple[Taken, ...]) -> None:
    """Keep the saving of the form beside those that are known."""
    one = Taken(str(st.session_state["taken saving"]), st.session_state["taken since"])
    set_taken(session.control(), (*(other for other in known if other.saving != one.saving), one))


@access.for_owners
def _forget() -> None:
    set_taken(session.control(), ())
