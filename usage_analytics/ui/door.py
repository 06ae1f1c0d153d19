"""Sign-in: `app.py` calls `enter` before anything else."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from usage_analytics.control import access as people
from usage_analytics.errors import UsageError
from usage_analytics.ui import access, session
from usage_analytics.ui.text import md

_SINGLE: Final = "default"
_FAR: Final = (
    "This dashboard is open to other machines, but sign-in isn't set up. "
    "Set it up, or start with --without-sign-in to let anyone who can reach it see and change everything."
)


def enter() -> None:
    """Return if the person has access; else show how to get it, and end the page."""
    try:
        if not access.sign_in_is_set_up():
            address = st.context.ip_address  # in Streamlit's own tests it is no text
            from_afar = isinstance(address, str) and not people.is_this_machine(address)
            if from_afar and not people.said_without_sign_in():
                _closed(_FAR)
            return
        found = access.here()
    except UsageError as problem:
        _closed(str(problem))
    if found.role is None:
        from streamlit.auth_util import get_secrets_auth_section

        section: dict[str, Any] = dict(get_secrets_auth_section())
        providers = [name for name, value in section.items() if hasattr(value, "keys") and "client_id" in value]
        with st.container(border=True, width=520, key="sign in"):
            st.title("You don't have access" if found.reason else "Sign in to see the usage", anchor=False)
            st.markdown(md(found.reason or "This dashboard is for people its owners have added."))
            with st.container(horizontal=True):
                for name in providers or [_SINGLE]:
                    label = "Sign in" if name == _SINGLE else f"Sign in with {name.capitalize()}"
                    args = () if name == _SINGLE else (name,)
                    st.button(md(label), on_click=st.login, args=args, type=session.main_button(), icon=":material/login:")
                if found.reason:
                    st.button("Sign out", on_click=st.logout, icon=":material/logout:")
        st.stop()
    with st.sidebar:
        st.caption(md(f"{found.email}, {found.role}"))
        st.button("Sign out", on_click=st.logout, icon=":material/logout:", type="tertiary")


def _closed(reason: str) -> None:
    st.title("Sign-in isn't set up", anchor=False)
    st.error(md(reason), icon=":material/lock:")
    st.stop()
