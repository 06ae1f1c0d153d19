"""Who is here, and what they may do. Where no sign-in is set up, whoever sits at this machine is the owner.

`app.py` calls `enter` before anything is read. Whatever changes something calls `owner_only`, or hangs it before its callback; hiding a
button is a courtesy, not the lock.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Final, ParamSpec, TypeVar

import streamlit as st

from usage_analytics.control import Control, access
from usage_analytics.control.access import Entry
from usage_analytics.errors import NotAllowed, UsageError
from usage_analytics.ui.text import md

P = ParamSpec("P")
T = TypeVar("T")

OWNERS_ONLY: Final = frozenset({"pages/data/imports.py", "pages/data/settings.py"})
_SINGLE: Final = "default"
_FAR: Final = (
    "This dashboard is asked for from another machine, but nobody has set sign-in up. "
    "Set it up, or start it with --without-sign-in if everybody who reaches it may see and change everything."
)


@cache
def sign_in_is_set_up() -> bool:
    """Whether people sign in. It is decided once: a file that vanishes meanwhile opens no door. Raises BadRequest."""
    from streamlit import config
    from streamlit.auth_util import get_secrets_auth_section

    return access.has_sign_in(list(config.get_option("secrets.files"))) or bool(get_secrets_auth_section())


def enter() -> None:
    """Go on when whoever is here may come in; else say how, and end the page."""
    try:
        if not sign_in_is_set_up():
            if _from_afar() and not access.said_without_sign_in():
                _closed(_FAR)
            return
        found = here()
    except UsageError as problem:
        _closed(str(problem))
    if found.role is None:
        _sign_in(found)
    with st.sidebar:
        st.caption(md(f"{found.email}, {found.role}"))
        st.button("Sign out", on_click=st.logout, icon=":material/logout:", type="tertiary")


def here() -> Entry:
    """Who is here. Raises BadRequest when the list of people cannot be read."""
    return access.judged(st.user.to_dict()) if sign_in_is_set_up() else Entry("owner")


def is_owner() -> bool:
    """Whether whoever is here may change things."""
    return here().role == "owner"


def owner_only() -> None:
    """Raises NotAllowed for anybody but an owner."""
    if not is_owner():
        raise NotAllowed(access.ONLY_OWNERS)


def for_owners(act: Callable[P, T]) -> Callable[P, T]:
    """`act`, for owners only; as a callback or as what a button leads to."""

    @wraps(act)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        owner_only()
        return act(*args, **kwargs)

    return guarded


def decisions(control: Control) -> Control:
    """The decisions as whoever is here may handle them: only an owner can change any."""
    return control if is_owner() else access.Looking(control.path)


def _from_afar() -> bool:
    address = st.context.ip_address
    return isinstance(address, str) and not access.is_this_machine(address)  # in Streamlit's own tests it is no text


def _sign_in(found: Entry) -> None:
    """Say why nobody is in, offer the way in, and end the page."""
    from usage_analytics.ui import session

    with st.container(border=True, width=520, key="sign in"):
        st.title("You cannot come in" if found.reason else "Sign in to see the usage", anchor=False)
        st.markdown(md(found.reason or "This dashboard is for the people whom its owners let in."))
        with st.container(horizontal=True):
            for name in _providers():
                label = "Sign in" if name == _SINGLE else f"Sign in with {name.capitalize()}"
                args = () if name == _SINGLE else (name,)
                st.button(md(label), on_click=st.login, args=args, type=session.main_button(), icon=":material/login:")
            if found.reason:
                st.button("Sign out", on_click=st.logout, icon=":material/logout:")
    st.stop()


def _providers() -> list[str]:
    from streamlit.auth_util import get_secrets_auth_section

    section: dict[str, Any] = dict(get_secrets_auth_section())
    named = [name for name, value in section.items() if hasattr(value, "keys") and "client_id" in value]
    return named or [_SINGLE]


def _closed(reason: str) -> None:
    st.title("This dashboard is closed", anchor=False)
    st.error(md(reason), icon=":material/lock:")
    st.stop()
