"""A report as a PDF of designed pages: A4, page numbers, its own fonts, tagged for screen readers.

Typst sets them from data; no text is ever part of what it reads as instructions.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from usage_analytics import format
from usage_analytics.errors import UsageError
from usage_analytics.reports import svg, words
from usage_analytics.reports.report import SHOWN, Bars, Cell, Report, Table

_HERE: Final = Path(__file__).parent
_CHART_WIDTH: Final = 640  # pixels; what 178 mm are at the size of the text
_SHORT: Final = 22  # characters of a cell that is kept on one line …
_WIDEST: Final = 40  # … and that a column is made for
_UNBROKEN: Final = re.compile(r"(\S{16})(?=\S)")
_BREAK: Final = "\N{ZERO WIDTH SPACE}"


def render(report: Report) -> bytes:
    """The whole file. Raises UsageError where Typst is not installed."""
    inputs = {"report": msgspec.json.encode(document(report)).decode()}
    try:
        return _set(inputs, report.made_at, own_fonts=True)
    except RuntimeError:
        # Our fonts lack a letter of some name: then with this machine's fonts too, and without the promise of PDF/UA.
        return _set(inputs, report.made_at, own_fonts=False)


def _set(inputs: dict[str, str], made_at: datetime, *, own_fonts: bool) -> bytes:
    compiler = _compiler(own_fonts)
    standards = "ua-1" if own_fonts else []
    moment = made_at.replace(microsecond=0, tzinfo=UTC)  # Typst takes whole seconds
    made = compiler.compile(
        input=_HERE / "report.typ", format="pdf", sys_inputs=inputs, timestamp=moment, pdf_standards=standards
    )
    return bytes(made)


@cache
def _compiler(own_fonts: bool) -> Any:
    """Typst with our fonts, and none of this machine's where ours suffice: a report looks the same wherever it is made."""
    try:
        import typst
    except ImportError:
        raise UsageError("PDF needs the package typst. Install it with pip install typst, or choose HTML.") from None
    fonts = typst.Fonts(include_system_fonts=not own_fonts, include_embedded_fonts=True, font_paths=[_HERE / "fonts"])
    return typst.Compiler(root=_HERE, font_paths=fonts)


def document(report: Report) -> dict[str, Any]:
    """The report as Typst is given it."""
    made = f"Made by usage-analytics on {format.moment(report.made_at, report.zone)} ({report.zone}). {SHOWN[report.redaction]}"
    amount, _, rest = report.headline.partition(" ") if report.headline.startswith("$") else ("", "", report.headline)
    return {
        "product": svg.PRODUCT,
        "mark": svg.MARK.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
        "title": report.title,
        "amount": amount,
        "headline": _text(rest),
        "footer": made,
        "sample": report.sample,
        "points": [{"label": point.label, "text": _text(point.text)} for point in report.points],
        "sections": [
            {
                "title": section.title,
                "lead": _text(section.lead),
                "enough": section.enough,
                "sentences": list(map(_text, section.sentences)),
                "figures": [{"label": _text(one.label), "said": one.said, "beside": one.beside} for one in section.figures],
                "charts": [
                    {
                        "title": chart.title,
                        "alt": chart.alt,
                        "key": [
                            {"label": format.name(layer.label, 40), "colour": svg.LIGHT[(layer.hue - 1) % 10]}
                            for layer in (() if isinstance(chart, Bars) else chart.layers)
                        ],
                        "svg": svg.standalone(chart, _CHART_WIDTH),
                    }
                    for chart in section.charts
                ],
                "steps": list(map(_text, section.steps)),
                "tables": [_table(table, report.zone) for table in section.tables],
                "note": _text(section.note),
            }
            for section in report.sections
        ],
    }


def _table(table: Table, zone: str) -> dict[str, Any]:
    """A table as Typst is given it; prose has no column of its own but a line below its row."""
    columns = [column for column in table.columns if column.kind != "prose"]
    rows = [_row(row, table, zone) for row in table.rows]
    longest = [max([len(row["cells"][place]) for row in rows], default=0) for place in range(len(columns))]
    return {
        "title": table.title,
        "head": [column.label for column in columns],
        "numeric": [words.is_number(column) for column in columns],
        # A column of long names takes a part of the width; the others as much as they need.
        "parts": [min(size, _WIDEST) if place == 0 or size > _SHORT else 0 for place, size in enumerate(longest)],
        "rows": rows,
        "total": _row(table.total, table, zone) if table.total else None,
        "note": table.note,
    }


def _row(row: tuple[Cell, ...], table: Table, zone: str) -> dict[str, Any]:
    said = [
        (_text(words.said(cell, column, zone)), column.kind == "prose") for cell, column in zip(row, table.columns, strict=True)
    ]
    return {
        "cells": [text for text, is_prose in said if not is_prose],
        "prose": " ".join(text for text, is_prose in said if is_prose),
    }


def _text(text: str) -> str:
    """A text whose long words may be broken, so that no name runs off the page."""
    return _UNBROKEN.sub(rf"\1{_BREAK}", text)
