"""Claude Code Analytics (`/v1/organizations/usage_report/claude_code`): what each person or key did with Claude Code on a day.

Costs are the vendor's own estimate, in whole cents. For a subscription they say what the day would have cost at list prices, and nothing
was billed; for an API key the same dollars are in the usage and cost reports. Cache writes are not divided by lifetime: they count as
five-minute ones, the cheaper kind. Lines of code, commits and accepted edits are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from usage_analytics.importers.console import Unclear
from usage_analytics.importers.json_values import moment
from usage_analytics.importers.labels import extra
from usage_analytics.importers.organization_api.facts import Fact, Fields, Span, dimensions, dollars, whole
from usage_analytics.importers.organization_api.reading import Reading
from usage_analytics.pricing import models

SOURCE: Final = "claude_code_users"
_COUNTS: Final = {
    "input": "input_tokens",
    "cache_read": "cache_read_tokens",
    "cache_creation": "cache_write_5m_tokens",
    "output": "output_tokens",
}
WORKSPACE: Final = "Claude Code"  # which the Console's exports name for these keys


def facts(item: Fields, _reading: Reading) -> Iterator[Fact | Unclear]:
    """Return a fact for each model that a person used on a day; none for a day without usage."""
    day = moment(item.get("date"))
    for used in item["model_breakdown"]:
        if day is None or not isinstance(used, dict):
            yield Unclear("The row has no date, or its models are no objects; save the API's response as it came.")
            continue
        try:
            yield _fact(item, used, datetime(day.year, day.month, day.day))
        except Unclear as reason:
            yield reason


def _fact(item: Fields, used: Fields, day: datetime) -> Fact:
    actor = item.get("actor") if isinstance(item.get("actor"), dict) else {}
    stated = used.get("tokens") if isinstance(used.get("tokens"), dict) else {}
    cost = used.get("estimated_cost")
    names = {
        "input": "input_tokens",
        "cache_read": "cache_read_tokens",
        "cache_creation": "cache_write_5m_tokens",
        "output": "output_tokens",
    }
    counts = {column: whole(stated or {}, name) for name, column in names.items()}
    if all(count is None for count in counts.values()) and not isinstance(cost, dict):
        raise Unclear("The row states neither tokens nor a cost; save the API's response as it came.")
    model, person, key = used.get("model"), (actor or {}).get("email_address"), (actor or {}).get("api_key_name")
    terminal, is_plan = item.get("terminal_type"), item.get("customer_type") == "subscription"
    told = {name: item.get(name) for name in ("organization_id", "customer_type", "subscription_type", "terminal_type")}
    amounts = tuple(count or 0 for count in counts.values())
    measures: dict[str, Any] = {
        "app": key or ("Claude Code on the web" if item.get("is_remote") is True else "Claude Code"),
        "project": None if is_plan else WORKSPACE,
        "run": "headless" if terminal == "non-interactive" else None,
        "model": models.canonical(model),
        "model_raw": model,
        "reported_cost_nanos": dollars(cost) if isinstance(cost, dict) else None,
        "reported_cost_kind": "estimate" if isinstance(cost, dict) else None,
        "paid_from": {"subscription": "plan", "api": "api"}.get(str(item.get("customer_type"))),
        "extra": extra({"person": person, "terminal_type": terminal, "subscription_type": item.get("subscription_type")}),
        **counts,
        **({"account": person} if is_plan and person else {}),  # each seat has an allowance of its own
    }
    where = told | {"is_remote": "true" if item.get("is_remote") is True else None, "model": model, "person": person, "key": key}
    return Fact(SOURCE, Span(day, day + timedelta(days=1), "day"), dimensions(where), measures, (sum(amounts), *amounts))
