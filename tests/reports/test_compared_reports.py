"""What changed since an earlier report, from its JSON; a file that people keep is not trusted."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from tests.reports.conftest import asked
from usage_analytics import periods, reports
from usage_analytics.errors import BadRequest
from usage_analytics.reports import Report
from usage_analytics.store import Store

MODELS = ("spend", "models", "method")


def of(opened: Store, start: datetime, end: datetime, earlier: dict[str, Any] | None = None) -> Report:
    question = asked(opened, dates=periods.between(start, end))
    return reports.make(question, sections=MODELS, earlier=earlier)


@pytest.fixture(scope="module")
def october(opened: Store) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(reports.render(of(opened, datetime(2026, 10, 1), datetime(2026, 11, 1)), "json"))
    return found


def test_amounts_are_compared_by_the_day(opened: Store, october: dict[str, Any]) -> None:
    report = of(opened, datetime(2026, 11, 1), datetime(2026, 11, 16), october)
    since = report.sections[0]
    assert since.key == "since"
    assert "a day, " in since.lead
    assert "Oct 1 – Oct 31, 2026" in since.lead
    daily = since.tables[0]
    spent = {section["key"]: section for section in october["sections"]}["spend"]["figures"][0]["value"]
    assert daily.total is not None
    assert daily.total[1] == pytest.approx(float(spent) * 1e9 / 31)
    then = {row[0]: row[1] for row in daily.rows}
    rows = next(table for section in october["sections"] for table in section["tables"] if table["key"] == "models")["rows"]
    assert then[rows[0]["model"]] == pytest.approx(float(rows[0]["cost_usd"]) * 1e9 / 31)


def test_the_same_report_again_has_no_figure_that_changed(opened: Store, october: dict[str, Any]) -> None:
    report = of(opened, datetime(2026, 10, 1), datetime(2026, 11, 1), october)
    assert [table.key for table in report.sections[0].tables] == ["since_models"]
    assert "about as much as" in report.sections[0].lead


@pytest.mark.parametrize("broken", [{}, {"from": "yesterday", "to": 3}, {"from": None, "to": None}])
def test_a_report_without_its_span_is_refused(opened: Store, broken: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match="earlier report"):
        of(opened, datetime(2026, 11, 1), datetime(2026, 11, 16), {"report": 1, **broken})


def test_an_earlier_report_that_was_tampered_with_says_nothing_harmful(opened: Store) -> None:
    odd: dict[str, Any] = {
        "report": 1,
        "from": "2026-10-01",
        "to": "2026-11-01",
        "sections": [
            3,
            {"key": "spend", "figures": [{"key": "spend", "value": "NaN", "label": "Spend", "said": "<script>" * 50}]},
            {"key": "models", "tables": [{"key": "models", "rows": [{"model": "<img src=x>" * 30, "cost_usd": "a lot"}, 7]}]},
        ],
    }
    report = of(opened, datetime(2026, 11, 1), datetime(2026, 11, 16), odd)
    page = reports.render(report, "html").decode()
    assert "<script" not in page
    assert "<img" not in page
    assert not report.sections[0].enough


def test_what_may_not_leave_does_not_come_back_through_an_earlier_report(opened: Store, october: dict[str, Any]) -> None:
    table = {"key": "models", "rows": [{"model": "robin@example.com", "cost_usd": "1"}]}
    odd = {**october, "sections": [{"key": "models", "tables": [table]}]}
    with pytest.raises(BadRequest, match="email address"):
        of(opened, datetime(2026, 11, 1), datetime(2026, 11, 16), odd)
