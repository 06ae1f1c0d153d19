"""How Claude Code's telemetry streams in: the variables to set, and the token for programs on other machines."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from usage_analytics.control.access import is_this_machine
from usage_analytics.control.telemetry import forget_token, new_token, token
from usage_analytics.ui import access, session, sharing, states

_PROSE: Final = 760
VARIABLES: Final = (
    ("CLAUDE_CODE_ENABLE_TELEMETRY", "1"),
    ("OTEL_LOGS_EXPORTER", "otlp"),
    ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
)


def show() -> None:
    """Draw the card; nothing for people who aren't owners, since it shows the token."""
    if not access.is_owner():
        return
    with states.errors(), st.container(border=True, key="card telemetry"):
        control = session.control()
        known = token(control)
        st.header("Live telemetry from Claude Code", anchor=False)
        st.markdown(
            "Set these variables where Claude Code runs. Its calls and their cost arrive here within a minute, and count once even "
            "if you sync the transcripts too. We never store prompts, even if Claude Code sends them.",
            width=_PROSE,
        )
        address = sharing.address(control)
        st.code(exports(address, known), language=None, wrap_lines=True)
        if is_this_machine(urlsplit(address).hostname) and known is None:
            st.caption("Programs on this machine need no token. From another machine, or behind a proxy, they need one.")
        with st.container(horizontal=True):
            if st.button("New token" if known else "Create token", icon=":material/key:", help="The old one stops working."):
                access.owner_only()
                new_token(control)
                st.rerun()
            if known and st.button("Remove token", icon=":material/key_off:"):
                access.owner_only()
                forget_token(control)
                st.rerun()


def exports(address: str, known: str | None) -> str:
    """The lines for a shell, for a dashboard at this address."""
    headers = [("OTEL_EXPORTER_OTLP_HEADERS", f'"Authorization=Bearer {known}"')] if known else []
    variables = [*VARIABLES, ("OTEL_EXPORTER_OTLP_ENDPOINT", address), *headers]
    return "\n".join(f"export {name}={value}" for name, value in variables)
