"""LiteLLM, spend logs: table `LiteLLM_SpendLogs` as CSV or JSON, or what its endpoint answers. One row a request through the proxy.

Its spend is the proxy's own estimate at list prices. Prompt tokens include those that were read from or written to the cache, which its
metadata names.
"""

from __future__ import annotations

import re
from typing import Any, Final

from usage_analytics.importers.cells import Cells, Row, add_rows, dollars, moment, numbers, whole, word
from usage_analytics.importers.labels import is_label
from usage_analytics.importers.records import columns, count_in, nested, read_records
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "litellm"
label: Final = "LiteLLM spend logs"

GATEWAY: Final = "LiteLLM"
# Whose bill a request is on, where that is not Anthropic's.
VENDORS: Final = {
    "openai": "OpenAI", "azure": "Azure OpenAI", "azure_ai": "Azure", "bedrock": "Amazon Bedrock", "vertex_ai": "Google Vertex AI",
    "gemini": "Google", "openrouter": "OpenRouter", "mistral": "Mistral", "groq": "Groq", "xai": "xAI", "deepseek": "DeepSeek",
}  # fmt: skip
_SIGNS: Final = {"request_id", "spend", "starttime", "call_type"}
_KEPT: Final = {"custom_llm_provider", "call_type", "model_group", "cache_hit", "status", "organization_id"}
_AGENT: Final = re.compile(r"User-Agent: ([A-Za-z][\w.-]{0,40})/\S+(?: \((?:[^()]*, )?([\w-]+)\))?")


def claims(head: Head) -> bool:
    """A table or JSON with the columns of the spend logs."""
    return columns(head) >= _SIGNS


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each request."""
    for rows in read_records(opened, sink, request):
        add_rows("observation", rows, sink)


def request(cells: Cells) -> Row:
    """What a row states. Raises Unclear."""
    told, model = nested(cells, "metadata"), word(cells, "model", "model_group")
    used = told.get("usage_object") if isinstance(told.get("usage_object"), dict) else {}
    agent = _AGENT.search(cells.get("request_tags") or "")
    provider = word(cells, "custom_llm_provider") or ""
    spend, at = dollars(cells, "spend"), moment(cells, "starttime")
    alias, team = (told.get(name) for name in ("user_api_key_alias", "user_api_key_team_alias"))
    return {
        "source": name,
        "grain": "call",
        "event_id": word(cells, "request_id") or f"{at.isoformat()} {model} {word(cells, 'total_tokens')}",
        "request_id": word(cells, "request_id"),
        "is_sidechain": False,
        "is_copy": False,
        "occurred_at": at,
        "app": alias if isinstance(alias, str) and is_label(alias) else agent[1] if agent else GATEWAY,
        "account": VENDORS.get(provider),
        "project": team if isinstance(team, str) and is_label(team) else word(cells, "team_id"),
        "conversation_id": word(cells, "session_id"),
        "run": "headless" if agent and (agent[2] or "").startswith("sdk") else None,
        "model": models.canonical(model),
        "model_raw": model,
        **tokens(cells, used or {}),
        "output_is_final": True,
        "reported_cost_nanos": spend,
        "reported_cost_kind": None if spend is None else "estimate",
        "error": "failure" if (word(cells, "status") or "").lower() == "failure" else None,
        "extra": numbers({column: value for column, value in cells.items() if column in _KEPT}, ()),
    }


def tokens(cells: Cells, used: dict[str, Any]) -> Row:
    """The kinds of tokens, apart. Raises Unclear."""
    sent, details = whole(cells, "prompt_tokens"), used.get("prompt_tokens_details")
    read = count_in(used, "cache_read_input_tokens")
    if read is None and isinstance(details, dict):
        read = count_in(details, "cached_tokens")
    written = count_in(used, "cache_creation_input_tokens")
    lifetimes = used.get("cache_creation")
    hour = count_in(lifetimes, "ephemeral_1h_input_tokens") if isinstance(lifetimes, dict) else None
    cached = (read or 0) + (written or 0)
    return {
        "input_tokens": sent - cached if sent is not None and sent >= cached else sent,
        "cache_read_tokens": read,
        "cache_write_5m_tokens": None if written is None else max(written - (hour or 0), 0),
        "cache_write_1h_tokens": hour,
        "output_tokens": whole(cells, "completion_tokens"),
    }
