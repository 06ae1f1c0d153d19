"""Blocked time on a page: which gauge was empty, until when, and what that has cost at the worth of the person's hour."""

from __future__ import annotations

from usage_analytics.answers import blocks
from usage_analytics.answers.blocks import Blocked
from usage_analytics.control import settings
from usage_analytics.ui import parts, session
from usage_analytics.ui.columns import BLOCKS
from usage_analytics.ui.frame import View


def found(view: View) -> Blocked:
    """The blocks within the view, weighed by the hours that the person has worked in all the data."""
    hour = settings.economics(session.control()).hour_blocked_usd
    blocked: Blocked = view.kept(
        f"blocks {hour}",
        lambda: blocks.find(
            view.read("blocks"), view.read("active_hours"), view.now, hour_blocked_usd=hour, zone=view.filters.zone
        ),
    )
    return blocked


def card(view: View) -> None:
    """The card; nothing where work was never refused."""
    blocked = found(view)
    if not blocked.blocks:
        return
    hour = settings.economics(session.control()).hour_blocked_usd
    parts.breakdown(
        "When was work stopped, and what has it cost?",
        blocks.as_rows(blocked, hour),
        BLOCKS,
        key="stops",
        alt="Blocks, newest first: what was empty, until when, and what that has cost",
        zone=view.filters.zone,
        note=blocks.sentence(blocked, hour),
    )
