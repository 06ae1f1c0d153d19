"""What is left of a section at the level of redaction, and all text of a report for the last look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Final

from usage_analytics.question.names import DIMENSIONS, OPEN, Redaction
from usage_analytics.reports import words
from usage_analytics.reports.report import Bars, Cell, Report, Section, Table

_TAGS: Final = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)


def fit(section: Section, redaction: Redaction) -> Section:
    """The section as it may leave: with totals only, without anything that speaks of one app, project or account."""
    if redaction != "totals":
        return section
    lead = section.lead if OPEN not in section.lead else next((one for one in section.sentences if OPEN not in one), "")
    charts = []
    for chart in section.charts:
        parts = chart.bars if isinstance(chart, Bars) else chart.layers
        if not any(OPEN in part.label for part in parts):
            charts.append(replace(chart, alt=chart.title) if OPEN in chart.alt else chart)
    tables = []
    for table in section.tables:  # without columns of names; none where rows would not say any more what they are about
        kept = [place for place, column in enumerate(table.columns) if column.key not in DIMENSIONS]
        if kept and not words.is_number(table.columns[kept[0]]):
            cells = [place for place in kept if table.columns[place].kind != "prose"]
            rows = tuple(_row(row, table, kept) for row in table.rows if not any(OPEN in str(row[place]) for place in cells))
            total = _row(table.total, table, kept) if table.total else None
            tables.append(replace(table, columns=tuple(table.columns[place] for place in kept), rows=rows, total=total))
    return replace(
        section,
        lead=lead,
        sentences=tuple(one for one in section.sentences if OPEN not in one and one != lead),
        figures=tuple(one for one in section.figures if OPEN not in f"{one.label}{one.said}{one.beside}"),
        charts=tuple(charts),
        tables=tuple(tables),
        steps=tuple(one for one in section.steps if OPEN not in one),
        note="" if OPEN in section.note else section.note,
    )


def texts(report: Report) -> Iterator[tuple[str, str]]:
    """Every text of a report, with the title of the section that it stands in."""
    for name in ("title", "headline"):
        yield name, getattr(report, name)
    yield from (("the summary", point.text) for point in report.points)
    for section in report.sections:
        yield from ((section.title, text) for text in _strings(section))


def shown(page: str) -> str:
    """The text of an HTML page without its tags and styles."""
    return _TAGS.sub(" ", page)


def _row(row: tuple[Cell, ...], table: Table, kept: list[int]) -> tuple[Cell, ...]:
    """The cells that are kept; of prose only what names nothing."""
    return tuple(None if table.columns[place].kind == "prose" and OPEN in str(row[place]) else row[place] for place in kept)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _strings(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))
