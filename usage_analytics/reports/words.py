"""How a cell is read by people: the same words in every format."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from usage_analytics import format
from usage_analytics.reports.report import Cell, Column

NOTHING: Final = "–"
_LONGEST: Final = {"text": 80, "prose": 500}


def said(cell: Cell, column: Column, zone: str) -> str:
    """A cell in words; a dash for what is unknown."""
    if cell is None or cell != cell:
        return NOTHING
    if isinstance(cell, datetime):
        return format.moment(cell, zone)
    if isinstance(cell, str):
        return format.name(cell, _LONGEST.get(column.kind, 80))
    return _number(cell, column.kind)


def is_number(column: Column) -> bool:
    """Whether a column's cells stand to the right."""
    return column.kind not in ("text", "prose", "moment")


def _number(number: float, kind: str) -> str:
    if kind == "dollars":
        return format.dollars(number)
    if kind == "tokens":
        return format.tokens(number)
    if kind == "share":
        return format.percent(number)
    if kind == "change":
        return format.signed_percent(number) or NOTHING
    if kind == "points":
        return format.signed_points(number)
    if kind == "times":
        return f"{number:,.1f}×"
    if kind == "span":
        return format.span(number)
    return format.count(number) if kind == "count" else f"{number:,.1f}"
