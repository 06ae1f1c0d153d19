"""Auto-reload on the page: the three numbers, the last weeks lived again under any setting, and the steps to set it up."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from usage_analytics import format
from usage_analytics.answers import auto_reload
from usage_analytics.answers.auto_reload import USD, AutoReload, Lane, Policy, whole
from usage_analytics.figures import auto_reload as figures
from usage_analytics.question import Question
from usage_analytics.ui import cards, parts, session, tables
from usage_analytics.ui.columns import LIVED
from usage_analytics.ui.text import md

OWN: Final = "Try your own"
_LADDER: Final = (
    *range(1, 21), 25, 30, 35, 40, 45, 50, 60, 70, 80, 90, 100, 120, 150, 180, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800, 900,
    1000, 1200, 1500, 2000,
)  # fmt: skip
_FIELDS: Final = {
    "threshold": ("When the balance falls below", "threshold_nanos"),
    "reload_to": ("Reload it to", "reload_to_nanos"),
}
_COMPARE: Final = "reload compare"
_LIMIT: Final = "reload limit"


@st.fragment
def lived_again(question: Question, found: AutoReload) -> None:
    """The card in which the recommended setting and any other live through the same weeks; changing one redraws this card alone."""
    assert found.policy is not None
    session.use_numbers()
    others = found.compared_with
    if st.session_state.get(_COMPARE) not in (*others, OWN):  # a first visit compares with what the person has, if that is known
        st.session_state[_COMPARE] = next(iter(others), OWN)
        _chosen(others)

    late = bool(st.session_state.get("reload late", True))
    ours = auto_reload.lane(
        question, found, "Recommended" if not found.advice.keep_current else "Yours today", found.policy, late=late
    )
    threshold, reload_to = (round(float(st.session_state[f"reload {name}"] or 0) * 100) * USD // 100 for name in _FIELDS)
    limit = st.session_state[_LIMIT]
    typed = Policy(threshold, reload_to, None if limit is None else round(float(limit) * 100) * USD // 100)
    theirs = auto_reload.lane(question, found, str(st.session_state[_COMPARE]), typed, late=late)
    top = max(ours.top_usd, theirs.top_usd)
    with st.container(border=True, key="card lived"):
        _head(ours, theirs)
        _draw(ours, top, recommended=True)
        st.segmented_control(
            "Compare with",
            [*others, OWN],
            key=_COMPARE,
            required=True,
            on_change=_chosen,
            args=(others,),
            label_visibility="collapsed",
        )
        _draw(theirs, top, recommended=False)
        _inputs()
        st.toggle(
            "Include slow and failed reloads",
            value=True,
            key="reload late",
            help="3% take up to an hour and 1.5% fail, the same for every setting. Off: each takes a minute.",
        )


def _chosen(others: dict[str, Policy]) -> None:
    """Put a setting's numbers into the fields."""
    policy = others.get(str(st.session_state[_COMPARE]))
    if policy is not None:
        _fill(policy.threshold_nanos / USD, policy.reload_to_nanos / USD)
        limit = policy.monthly_limit_nanos
        st.session_state[_LIMIT] = None if limit is None else limit / USD
    elif "reload threshold" not in st.session_state:
        _fill(5.0, 15.0)
        st.session_state[_LIMIT] = None


def _fill(threshold: float, reload_to: float) -> None:
    for name, value in (("threshold", threshold), ("reload_to", reload_to)):
        st.session_state[f"reload {name}"] = value
        st.session_state[f"reload {name} slider"] = min(_LADDER, key=lambda step: abs(step - value))


def _edited(name: str, by: str) -> None:
    """A field or its slider was changed: the other follows, and the form's rule is kept."""
    value = float(st.session_state[f"reload {name}{by}"] or 0)
    threshold, reload_to = (float(st.session_state[f"reload {field}"] or 0) for field in _FIELDS)
    if name == "threshold":
        _fill(value, auto_reload.allowed(value, reload_to))
    else:
        _fill(threshold, auto_reload.allowed(threshold, value))
    st.session_state[_COMPARE] = OWN


def _limited() -> None:
    st.session_state[_COMPARE] = OWN


def _inputs() -> None:
    with st.grid(3, min_column_width=210, gap="medium"):
        for name, (label, _) in _FIELDS.items():
            with st.container(gap="xsmall"):
                st.number_input(
                    label,
                    min_value=0.0 if name == "threshold" else 10.0,
                    max_value=100_000.0,
                    step=1.0,
                    format="%.2f",
                    key=f"reload {name}",
                    icon=":material/attach_money:",
                    on_change=_edited,
                    args=(name, ""),
                )
                st.select_slider(
                    f"{label}, by dragging",
                    _LADDER,
                    key=f"reload {name} slider",
                    format_func=lambda step: f"${format.count(step)}",
                    label_visibility="collapsed",
                    on_change=_edited,
                    args=(name, " slider"),
                )
        with st.container(gap="xsmall"):
            st.number_input(
                "Monthly limit",
                min_value=0.0,
                max_value=1_000_000.0,
                step=10.0,
                format="%.2f",
                key=_LIMIT,
                placeholder="Unlimited",
                icon=":material/attach_money:",
                on_change=_limited,
            )
            st.caption("Reload-to has to be at least $10 above the threshold. The smallest purchase is $5.")


def _head(ours: Lane, theirs: Lane) -> None:
    days = round((ours.end - ours.start).total_seconds() / 86_400)
    past = format.plural(days / 7, "week") if days >= 14 else format.plural(days, "day")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        st.header(f"The last {past} with each setting", anchor=False, width="content")
        rows = pd.DataFrame(
            [(lane.name, *row) for lane in (ours, theirs) for row in lane.events],
            columns=["setting", "at", "what", "nanos", "seconds"],
        )
        tables.download(rows, LIVED, name="auto-reload replay", key="lived")


def _draw(lane: Lane, top: float, *, recommended: bool) -> None:
    below, to = whole(lane.policy.threshold_nanos), whole(lane.policy.reload_to_nanos)
    st.markdown(f"**{md(lane.name)}** · {md(f'below {below}, reload to {to}: {lane.said}.')}")
    st.plotly_chart(
        parts.figure(figures.replay, lane, top, recommended),
        key=f"lane {'ours' if recommended else 'theirs'}",
        config=cards.TOOLBAR,
        alt=f"The balance under {lane.name}: {lane.said}.",
    )
