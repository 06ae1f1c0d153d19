"""What the person enters on the auto-reload page: what pays for each app, and the current setting."""

from __future__ import annotations

from typing import Final

import streamlit as st

from usage_analytics import format
from usage_analytics.answers.auto_reload import USD, AutoReload, Policy
from usage_analytics.control import settings
from usage_analytics.errors import BadRequest
from usage_analytics.ui import access, session
from usage_analytics.ui.text import md

_PROSE: Final = 760
_MOST_APPS: Final = 12
_UNSAID: Final = "Not set"


def who_pays(found: AutoReload) -> None:
    """Who pays for which app, where the data does not say so: the person's to say, and kept."""
    apps = sorted(found.unknown_apps)
    if not apps or not access.is_owner():
        return
    with st.container(border=True, key="card who pays"), st.form("payers", border=False):
        st.header("What pays for these apps?", anchor=False)
        spent = format.dollars(found.unknown_nanos)
        st.markdown(
            md(f"We don't know what paid for {spent} of your spend. Choose it below to get a recommendation."), width=_PROSE
        )
        names = {**dict.fromkeys([_UNSAID]), **{name: pool for pool, name in settings.POOLS.items()}}
        with st.grid(2, min_column_width=320, gap="small"):
            said = {app: names[st.selectbox(md(format.name(app)), list(names), key=f"pays {app}")] for app in apps[:_MOST_APPS]}
        if st.form_submit_button("Save", type=session.main_button()):
            more = tuple(settings.OwnPool(app, None, pool) for app, pool in said.items() if pool)
            settings.set_pools(session.control(), (*settings.pools(session.control()), *more))
            st.rerun()


def set_today(current: Policy | None) -> None:
    """How auto-reload is set in the account: typed here, and kept."""
    with (
        st.popover("Edit your current setting" if current else "Enter your current setting", icon=":material/edit:"),
        st.form("set today", border=False),
    ):
        st.markdown("As shown at claude.ai, under **Settings**, **Usage**.")
        threshold = st.number_input(
            "When the balance falls below, $",
            value=current.threshold_nanos / USD if current else None,
            min_value=0.0,
            key="today threshold",
        )
        reload_to = st.number_input(
            "Reload balance to, $",
            value=current.reload_to_nanos / USD if current else None,
            min_value=0.0,
            key="today reload_to",
        )
        limit = current.monthly_limit_nanos if current else None
        most = st.number_input(
            "Monthly limit, $ (empty means no limit)",
            value=None if limit is None else limit / USD,
            min_value=0.0,
            key="today limit",
        )
        if st.form_submit_button("Save"):
            if threshold is None or reload_to is None:
                st.error("Enter both the threshold and the reload-to amount.")
                return
            try:
                most_nanos = None if most is None else settings.nanos_of(most)
                said = settings.AutoReload(settings.nanos_of(threshold), settings.nanos_of(reload_to), most_nanos)
                settings.set_current_policy(session.control(), said)
            except BadRequest as refused:
                st.error(md(str(refused)))
            else:
                st.rerun()
