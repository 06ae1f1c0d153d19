"""What a page shows about its data (old, rebuilt), and for an error."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import streamlit as st

from usage_analytics import format
from usage_analytics.errors import UsageError
from usage_analytics.ui import access, session
from usage_analytics.ui.text import md

_log = logging.getLogger(__name__)

IMPORTS_PAGE = "pages/data/imports.py"


@contextmanager
def errors() -> Iterator[None]:
    """Say what went wrong and what to do: a sentence for what a person can act on, a number to quote for a bug."""
    try:
        yield
    except UsageError as error:
        st.error(md(str(error)), icon=":material/error:")
    except Exception:  # noqa: BLE001 – the last resort: a person sees a sentence, the log has the rest
        number = secrets.token_hex(4)
        _log.exception("error %s", number)
        st.error(
            f"We couldn't draw this page. Your data is unchanged. Reload the page; if it happens again, report error {number}, "
            "which the log explains.",
            icon=":material/error:",
        )


def made_again(notices: Sequence[str]) -> None:
    """Say what was found and done when the database had to be made again; an owner may put it away."""
    with st.container(key="made_again"):
        st.warning(md(" ".join(notices)), icon=":material/restore_page:")
        if access.is_owner():
            st.button("Dismiss", key="made_again_dismiss", type="tertiary", on_click=session.dismiss_notices)


def stale(last_at: datetime, now: datetime, zone: str) -> None:
    """Say so when the newest data is older than two days."""
    if now - last_at > timedelta(days=2):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="stale"):
            ended = format.day(format.local(last_at, zone))
            st.caption(f"Data through {ended} ({format.ago(now - last_at)}).", width="content")
            if access.is_owner():
                st.page_link(IMPORTS_PAGE, label="Sync now", icon=":material/sync:")
