"""The columns of usage events: the format that people write for everything that has no importer of its own."""

from __future__ import annotations

from typing import Final

REQUIRED: Final = ("occurred_at", "app")
KNOWN: Final = (
    "occurred_at",
    "app",
    "model",
    "cost_usd",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "web_searches",
    "speed",
    "geo",
    "batch",
    "event_id",
    "account",
    "project",
    "conversation_id",
    "message_index",
    "run",
    "human_prompt",
    "error",
    "paid_from",
)
