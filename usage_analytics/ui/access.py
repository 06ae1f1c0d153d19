"""Who is signed in, and what they may do. Without sign-in, the person at this machine is the owner.

Whatever changes something calls `owner_only`, or hangs it before its callback; hiding a button is a courtesy, not the lock.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Final, ParamSpec, TypeVar

import streamlit as st

from usage_analytics.control import Control, access
from usage_analytics.control.access import Entry
from usage_analytics.errors import NotAllowed

P = ParamSpec("P")
T = TypeVar("T")

OWNERS_ONLY: Final = frozenset({"pages/data/imports.py", "pages/data/settings.py"})


@cache
def sign_in_is_set_up() -> bool:
    """Whether people sign in. It is decided once: a file that vanishes meanwhile opens no door. Raises BadRequest."""
    from streamlit import config
    from streamlit.auth_util import get_secrets_auth_section

    return access.has_sign_in(list(config.get_option("secrets.files"))) or bool(get_secrets_auth_section())


def here() -> Entry:
    """Who is here. Raises BadRequest when the list of people cannot be read."""
    return access.judged(st.user.to_dict()) if sign_in_is_set_up() else Entry("owner")


def is_owner() -> bool:
    """Return whether the person signed in may change things."""
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
    """Return the decisions, which only an owner can change."""
    return control if is_owner() else access.Looking(control.path)
