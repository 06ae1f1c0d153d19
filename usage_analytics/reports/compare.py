"""What changed since an earlier report, which is read from its JSON: a file that people keep, and so nothing in it is taken for granted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from usage_analytics import format
from usage_analytics.errors import BadRequest
from usage_analytics.filters import instant
from usage_analytics.reports.report import Column, Report, Section, Table

_FIGURES: Final = 12  # that changed, at most


def with_changes(report: Report, earlier: Mapping[str, Any]) -> Report:
    """The report with a first section about what changed. Raises BadRequest where the earlier one cannot be read."""
    then = _span(earlier)
    spend = report.section("spend")
    spent = next((_number(one.exact) for one in spend.figures if one.key == "spend"), None) if spend else None
    figures_then = [
        one for section in _listed(earlier, "sections") if section.get("key") == "spend" for one in _listed(section, "figures")
    ]
    spent_then = next((_nanos(one.get("value")) for one in figures_then if one.get("key") == "spend"), None)
    daily, before = _per_day(spent, report.start, report.end), _per_day(spent_then, *then)
    when = format.days(
        format.local(then[0], report.zone).date(), format.local(then[1] - timedelta(microseconds=1), report.zone).date()
    )
    grew = format.change(daily, before)
    said = (
        f"{format.dollars(daily)} a day, {format.more_or_less(grew)} then" if grew is not None else "The spend can't be compared"
    )
    figures = _figures(report, earlier)
    section = Section(
        "since",
        "What changed since the earlier report?",
        f"{said.removesuffix(' in then')}.".replace("than then", f"than in the report of {when}").replace(
            "as then", f"as in the report of {when}"
        ),
        (f"That report covers {when}; this one, {report.span}. We compare amounts per day.",),
        tables=(_daily(report, earlier, daily, before), *((figures,) if figures.rows else ())),
        enough=grew is not None,
    )
    return replace(report, sections=(section, *report.sections))


def _span(earlier: Mapping[str, Any]) -> tuple[datetime, datetime]:
    try:
        start, end = instant(str(earlier["from"])), instant(str(earlier["to"]))
    except (KeyError, BadRequest):
        raise BadRequest("The earlier report doesn't say which period it covers. Make it again as JSON.") from None
    return start, end


def _per_day(nanos: float | None, start: datetime, end: datetime) -> float | None:
    days = (end - start).total_seconds() / 86_400
    return nanos / days if nanos is not None and days > 0 else None


def _daily(report: Report, earlier: Mapping[str, Any], daily: float | None, before: float | None) -> Table:
    """Spend a day of everything and of every model that both or either report names."""
    tables = [
        table
        for section in _listed(earlier, "sections")
        if section.get("key") == "models"
        for table in _listed(section, "tables")
        if table.get("key") == "models"
    ]
    then = {format.name(str(row.get("model"))): _nanos(row.get("cost_usd")) for table in tables for row in _listed(table, "rows")}
    models = report.section("models")
    rows_now = next((one.rows for one in models.tables if one.key == "models"), ()) if models else ()
    now = {str(row[0]): row[1] for row in rows_now}
    span = _span(earlier)
    rows = [
        (name, _per_day(_number(then.get(name)), *span), _per_day(_number(now.get(name)), report.start, report.end))
        for name in list(dict.fromkeys([*now, *then]))[:_FIGURES]
    ]
    columns = (
        Column("what", "Model"),
        Column("then_usd", "Then", "dollars"),
        Column("now_usd", "Now", "dollars"),
        Column("change", "Change", "change"),
    )
    cells = tuple((name, old, new, format.change(new, old)) for name, old, new in rows)
    return Table(
        "since_models", "Spend per day, then and now", columns, cells, ("Total", before, daily, format.change(daily, before))
    )


def _figures(report: Report, earlier: Mapping[str, Any]) -> Table:
    """The figures that both reports have and that read differently."""
    then = {
        (str(section.get("key")), str(one.get("label"))): str(one.get("said"))[:40]
        for section in _listed(earlier, "sections")
        for one in _listed(section, "figures")
    }
    changed = [
        (f"{one.label}", then[(section.key, one.label)], one.said)
        for section in report.sections
        for one in section.figures
        if then.get((section.key, one.label), one.said) != one.said
    ]
    columns = (Column("figure", "Figure"), Column("then", "Then"), Column("now", "Now"))
    return Table("since_figures", "Figures that changed", columns, tuple(changed[:_FIGURES]))


def _listed(value: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = value.get(key)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _nanos(dollars: object) -> float | None:
    try:
        found = Decimal(str(dollars)) * 1_000_000_000
    except InvalidOperation:
        return None
    return float(found) if found.is_finite() else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value == value else None
