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
    if column.kind == "dollars":
        return format.dollars(cell)
    if column.kind == "tokens":
        return format.tokens(cell)
    if column.kind == "share":
        return format.percent(cell)
    if column.kind == "change":
        return format.signed_percent(cell) or NOTHING
    if column.kind == "points":
        return format.signed_points(cell)
    if column.kind == "times":
        return f"{format.decimal(cell)}×"
    if column.kind == "span":
        return format.span(cell)
    return format.count(cell) if column.kind == "count" else format.decimal(cell)


def is_number(column: Column) -> bool:
    """Whether a column's cells stand to the right."""
    return column.kind not in ("text", "prose", "moment")
