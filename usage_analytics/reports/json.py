"""A report as JSON for programs: money as decimal strings in dollars, times in ISO 8601 UTC, unknown as null, keys that stay."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from usage_analytics import format
from usage_analytics.reports.report import Bars, Cell, Chart, Column, Report

VERSION: Final = 1
_LONGEST: Final = 80


def render(report: Report) -> str:
    """The whole document."""
    return msgspec.json.format(msgspec.json.encode(document(report)), indent=2).decode() + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "report": VERSION,
        "title": report.title,
        "headline": report.headline,
        "made_at": _plain(report.made_at),
        "from": _plain(report.start),
        "to": _plain(report.end),
        "zone": report.zone,
        "redaction": report.redaction,
        "sample": report.sample,
        "points": [{"key": point.key, "answer": point.text} for point in report.points],
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "answer": section.lead,
                "enough": section.enough,
                "details": list(section.sentences),
                "figures": [
                    {"key": one.key, "label": one.label, "said": one.said, "value": _plain(one.exact, one.kind), "kind": one.kind}
                    for one in section.figures
                ],
                "charts": [_chart(chart) for chart in section.charts],
                "tables": [
                    {
                        "key": table.key,
                        "title": table.title,
                        "rows": [_row(row, table.columns) for row in table.rows],
                        "total": _row(table.total, table.columns) if table.total else None,
                        "note": table.note or None,
                    }
                    for table in section.tables
                ],
                "steps": list(section.steps),
                "note": section.note or None,
            }
            for section in report.sections
        ],
    }


def _chart(chart: Chart) -> dict[str, Any]:
    if isinstance(chart, Bars):
        values: list[dict[str, Any]] = [
            {"label": format.name(bar.label), "usd": _plain(bar.nanos, "dollars")} for bar in chart.bars
        ]
        return {"key": chart.key, "title": chart.title, "bars": values}
    layers = [{"label": format.name(one.label), "usd": [_plain(nanos, "dollars") for nanos in one.nanos]} for one in chart.layers]
    return {"key": chart.key, "title": chart.title, "starts": list(chart.starts), "layers": layers}


def _row(row: tuple[Cell, ...], columns: tuple[Column, ...]) -> dict[str, Any]:
    return {column.key: _plain(cell, column.kind) for cell, column in zip(row, columns, strict=True)}


def _plain(cell: Cell, kind: str = "text") -> Any:
    if cell is None or cell != cell:
        return None
    if isinstance(cell, datetime):
        return f"{cell.isoformat()}Z"
    if isinstance(cell, str):
        return format.name(cell, 500 if kind == "prose" else _LONGEST)
    return f"{Decimal(str(cell)).scaleb(-9).normalize():f}" if kind == "dollars" else cell
