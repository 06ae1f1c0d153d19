"""Blocked time on a page: which gauge was empty, until when, and what that has cost at the worth of the person's hour."""

from __future__ import annotations

from usage_analytics.answers import blocks
from usage_analytics.question import Question
from usage_analytics.ui import parts
from usage_analytics.ui.columns import BLOCKS


def card(question: Question) -> None:
    """The card; nothing where work was never refused."""
    blocked = blocks.answer(question)
    if blocked.blocks:
        parts.breakdown(
            "Blocks and what they cost you",
            blocked.rows,
            BLOCKS,
            key="stops",
            alt="Blocks, newest first: what ran out, until when, and what it cost",
            zone=question.filters.zone,
            note=blocked.said,
        )
