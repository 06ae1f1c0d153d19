"""Prices that a person sets: for a model without a list price, and the model to assume where a source names none."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from usage_analytics import format, periods
from usage_analytics.answers import coverage
from usage_analytics.filters import Filters
from usage_analytics.pricing.models import display_name, known
from usage_analytics.store.own_rates import assumed_for, set_assumed_model, set_own_price, set_profile
from usage_analytics.ui import access, account, parts, session
from usage_analytics.ui.columns import UNPRICED
from usage_analytics.ui.text import md

_PROSE: Final = 760
_SAID: Final = "_price said"
_KINDS: Final = {"input": "Input", "output": "Output", "cacheRead": "Cache reads", "cacheWrite": "Cache writes"}


def section() -> None:
    """What things are worth to you, and the model that estimates assume, where there are estimates."""
    account.economics()
    if coverage.answer(session.question(periods.everything, Filters())).guessed_calls:
        assumed()


def assumed() -> None:
    """Draw the card that chooses the model for calls whose source names none."""
    now, models = assumed_for(session.database()), list(reversed(known()))
    with st.container(border=True, key="card assumed model"), st.form("assumed model", border=False):
        _say()
        st.header("Assumed model", anchor=False)
        st.markdown(
            "A claude.ai export has no models or token counts. We estimate tokens from the length of the text and price them as "
            "this model. Anything based on it is labeled as estimated.",
            width=_PROSE,
        )
        choices = models if now in models else [now, *models]
        chosen = st.selectbox("Model", choices, choices.index(now), format_func=lambda model: format.name(display_name(model)))
        if st.form_submit_button("Save model"):
            access.owner_only()
            set_assumed_model(session.database(), chosen)
            _saved(f"Estimates now use {display_name(chosen)}.")


def unpriced(found: pd.DataFrame) -> None:
    """The card of models without a price, and the forms to set one."""
    parts.breakdown("Unpriced models", found, UNPRICED, key="unpriced", alt="Models without a list price")
    set_a_price(found)


def set_a_price(unpriced: pd.DataFrame) -> None:
    """A form below the models without a price: choose one, type what its vendor charges. `unpriced` has a column `model`."""
    _say()
    names = [model for model in unpriced["model"] if isinstance(model, str) and model]
    if not names or not access.is_owner():
        return
    with st.expander("Set a price"), st.form("own price", border=False):
        model = st.selectbox("Model", names, format_func=lambda name: format.name(display_name(name)), key="own price model")
        with st.grid(4, min_column_width=120, gap="small"):
            typed = {
                kind: st.number_input(
                    f"{label}, $ per million", value=None, min_value=0.0, format="%.4f", key=f"own price {kind}"
                )
                for kind, label in _KINDS.items()
            }
        st.caption("We reprice its calls, past ones too. Leave cache prices empty to price the cache like input.")
        if st.form_submit_button("Save price"):
            access.owner_only()
            given = {kind: value for kind, value in typed.items() if value is not None}
            cached = {kind: given["input"] for kind in ("cacheRead", "cacheWrite") if "input" in given}
            set_own_price(session.database(), model, cached | given)
            _saved(f"{display_name(model)} has a price now.")
    with st.expander("Name its model"), st.form("same as", border=False):
        profile = st.selectbox("Name", names, key="same as name", format_func=lambda name: format.name(display_name(name)))
        typed_model = st.text_input("Model", key="same as model", placeholder="us.anthropic.claude-opus-5-5")
        st.caption("For names without a model, such as an application inference profile on Bedrock.")
        if st.form_submit_button("Save model"):
            access.owner_only()
            set_profile(session.database(), profile, typed_model)
            _saved(f"Calls of {display_name(profile)} count as {typed_model.strip()}.")


def _say() -> None:
    if said := st.session_state.pop(_SAID, None):
        st.toast(md(said), icon=":material/check:")


def _saved(said: str) -> None:
    session.open_anew()
    st.session_state[_SAID] = said
    st.rerun()
