"""Our fixtures and the stand-in server answer as the vendor's own package says that its API does; skipped where that is not installed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.organization_server import ANALYTICS, KEY, World, serving
from tests.sources.test_organization_connection import FAST
from usage_analytics.sources.organization import reports
from usage_analytics.sources.organization.connection import Connection
from usage_analytics.sources.organization.key import Key
from usage_analytics.sources.organization.pages import read_window
from usage_analytics.sources.organization.reports import Window

pytest.importorskip("anthropic", reason="the vendor's package (pip install anthropic) is not installed")

FIXTURES = Path(__file__).parents[1] / "fixtures" / "organization_api"


def items(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))["data"]
    return found


def checked(kind: Any, item: dict[str, Any]) -> None:
    """The item as the vendor's type, strictly; nothing of it is unknown to that type."""
    found = kind.model_validate(item)
    assert not found.model_extra, found.model_extra
    for field in kind.model_fields:
        inner = getattr(found, field)
        if hasattr(inner, "model_extra"):
            assert not inner.model_extra, (field, inner.model_extra)


def test_rows_of_the_analytics_api_are_as_its_types_say() -> None:
    from anthropic.types.beta.organization.analytics import BetaAnalyticsCostItem, BetaAnalyticsUsageItem

    for item in items("analytics_usage"):
        checked(BetaAnalyticsUsageItem, item)
    for item in items("analytics_cost"):
        checked(BetaAnalyticsCostItem, item)


def test_what_we_ask_the_analytics_api_for_is_what_it_offers() -> None:
    from typing import get_args

    from anthropic.types.beta.organization.analytics import BetaAnalyticsCostGroupBy, BetaAnalyticsUsageGroupBy, UsageListParams

    for report, offered in (
        (reports.ANALYTICS_USAGE, BetaAnalyticsUsageGroupBy),
        (reports.ANALYTICS_COST, BetaAnalyticsCostGroupBy),
    ):
        assert set(report.group_by) <= set(get_args(offered))
        assert len(report.group_by) <= 5
    asked = {
        name.removesuffix("[]") for name, _ in reports.ANALYTICS_USAGE.requests(Window(date(2026, 10, 1), date(2026, 11, 1)))[0]
    }
    assert asked <= set(UsageListParams.__annotations__)


def test_the_stand_in_answers_what_the_package_itself_can_read() -> None:
    from anthropic.types.beta.organization.analytics import BetaAnalyticsCostItem

    known = World(cents={date(2026, 10, 2): {"a": "12.5"}}, clock=datetime(2026, 11, 20, tzinfo=UTC))
    with serving(known) as address, Connection(Key(KEY, "test"), FAST, address) as connection:
        found = read_window(connection, reports.ANALYTICS_COST, Window(date(2026, 10, 1), date(2026, 11, 1)))
    assert [one.path for one in known.asked] == [f"{ANALYTICS}cost"]
    for page in found.pages:
        for item in page:
            BetaAnalyticsCostItem.model_validate(item)
