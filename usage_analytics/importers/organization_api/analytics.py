"""The Usage and Cost Analytics API (`/v1/organizations/analytics/usage` and `/analytics/cost`, in beta since October 2026).

Each item is one combination of what was asked for in `group_by`, in one bucket. A page may end in the middle of a bucket, so only a file
that `sync` wrote is known to hold whole buckets. Rows by team overlap (a person in two teams is in both rows) and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from usage_analytics.importers.console import Unclear
from usage_analytics.importers.organization_api.facts import (
    TOKEN_TYPES,
    Fact,
    Fields,
    belonging,
    dimensions,
    dollars,
    others,
    span_of,
    tokens,
    whole,
)
from usage_analytics.importers.organization_api.reading import Reading

USAGE: Final = "analytics_usage"
COST: Final = "analytics_cost"

PRODUCTS: Final = {
    "chat": "Chat",
    "chat_cowork_unified": "Chat and Cowork",
    "claude_code": "Claude Code",
    "claude_console": "Workbench",
    "claude_design": "Claude Design",
    "claude_in_chrome": "Claude in Chrome",
    "claude_tag": "Claude Tag",
    "cowork": "Cowork",
    "managed_agents_api": "Managed Agents",
    "message_batches_api": "Message Batches API",
    "messages_api": "Messages API",
    "office_agent": "Office Agents",
    "other": "Other products",
    "research": "Research",
}
ALL_PRODUCTS: Final = "All products"  # the report was broken down neither by product nor by key
PAID_BY_KEY: Final = frozenset(("claude_console", "managed_agents_api", "message_batches_api", "messages_api"))
# What led to usage of Claude in Slack: whether somebody had asked for it.
RUNS: Final = {
    "engaged": "interactive",
    "dm": "interactive",
    "proactive": "headless",
    "scheduled": "scheduled",
    "monitoring": "scheduled",
}
_PLACED: Final = frozenset(("model", "inference_geo", "speed", "session_id", "organization_id", "actor"))


def facts(item: Fields, reading: Reading) -> Iterator[Fact | Unclear]:
    """The one fact of a row."""
    try:
        yield _fact(item, reading)
    except Unclear as reason:
        yield reason


def _fact(item: Fields, reading: Reading) -> Fact:
    group: dict[str, Any] = item["group"]
    if group.get("rbac_group_id") is not None:
        raise Unclear("Rows by team overlap, so their sum is more than was used; ask without group_by[]=rbac_group_id.")
    span = span_of(item)
    usage, cost = item.get("usage"), item.get("cost")
    person = (group.get("actor") or {}).get("email_address") if isinstance(group.get("actor"), dict) else None
    kind = group.get("token_type")
    said = group | {"person": person, "token_type": TOKEN_TYPES.get(kind, kind) if isinstance(kind, str) else None}
    requests = whole(cost if isinstance(cost, dict) else usage if isinstance(usage, dict) else {}, "requests")
    said |= {"requests": requests}
    measures = belonging(group, reading) | _whose(group, reading) | {"person": person, "requests": requests}
    if isinstance(cost, dict):
        nanos = dollars(cost)
        if cost.get("list_amount") is not None:
            said |= {"list_price_usd": f"{Decimal(dollars(cost, 'list_amount')).scaleb(-9).normalize():f}"}
        measures |= {"reported_cost_nanos": nanos, "reported_cost_kind": "billed", "extra": others(said, placed=_PLACED)}
        return Fact(COST, span, dimensions(group), measures, (nanos,))
    if not isinstance(usage, dict):
        raise Unclear("The row has neither usage nor cost; save the API's response as it came.")
    counts = tokens(usage)
    amounts = tuple(count or 0 for count in counts.values())
    measures |= counts | {"extra": others(said, placed=_PLACED)}
    return Fact(USAGE, span, dimensions(group), measures, (sum(amounts), *amounts))


def _whose(group: Fields, reading: Reading) -> dict[str, Any]:
    """The app, by its key where there is one, else by product; what led to it; and the account, where the row names another."""
    product, category, session = (group.get(name) for name in ("product", "claude_tag_category", "session_id"))
    found: dict[str, Any] = {}
    if not group.get("api_key_id"):
        if isinstance(product, str):
            found["app"] = PRODUCTS.get(product, product)
        elif not reading.is_grouped_by("api_key_id"):
            found["app"] = ALL_PRODUCTS if not reading.is_grouped_by("product") else PRODUCTS["other"]
    if group.get("api_key_id") or product in PAID_BY_KEY:
        found["paid_from"] = "api"
    if isinstance(category, str):
        found["run"] = RUNS.get(category)
    if isinstance(session, str):
        found["conversation_id"] = session
    if isinstance(group.get("organization_id"), str) and group["organization_id"] != reading.organization_id:
        found["account"] = group["organization_id"]
    return found
