"""What usage events look like, whatever the container: the columns that people write, and how a Parquet file begins."""

from __future__ import annotations

from typing import Final

PARQUET: Final = b"PAR1"
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
