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
from usage_analytics.reports.report import REDACTIONS, Bars, Chart, Report, Section, Table

_HERE: Final = Path(__file__).parent
_CHART_WIDTH: Final = 640  # pixels; what 178 mm are at the size of the text
_UNBROKEN: Final = re.compile(r"(\S{16})(?=\S)")
_BREAK: Final = "\N{ZERO WIDTH SPACE}"


def render(report: Report) -> bytes:
    """The whole file. Raises UsageError where Typst is not installed."""
    compiler = _compiler()
    data = msgspec.json.encode(_document(report)).decode()
    made = compiler.compile(
        input=_HERE / "report.typ",
        format="pdf",
        sys_inputs={"report": data},
        timestamp=_moment(report.made_at),
        pdf_standards="ua-1",
    )
    return bytes(made)


@cache
def _compiler() -> Any:
    """Typst with our fonts, and none of this machine's: a report looks the same wherever it is made."""
    try:
        import typst
    except ImportError:
        raise UsageError("PDF needs the package typst; install it with: pip install typst, or choose HTML.") from None
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_HERE / "fonts"])
    return typst.Compiler(root=_HERE, font_paths=fonts)


def _moment(made_at: datetime) -> datetime:
    return made_at.replace(tzinfo=UTC)


def _document(report: Report) -> dict[str, Any]:
    made = f"Made by usage-analytics on {format.moment(report.made_at, report.zone)} ({report.zone}). {REDACTIONS[report.redaction]}."
    amount, _, rest = report.headline.partition(" ") if report.headline.startswith("$") else ("", "", report.headline)
    return {
        "title": report.title,
        "amount": amount,
        "headline": _text(rest),
        "footer": made,
        "sample": report.sample,
        "points": list(map(_text, report.points)),
        "sections": [_section(section, report.zone) for section in report.sections],
    }


def _section(section: Section, zone: str) -> dict[str, Any]:
    return {
        "title": section.title,
        "lead": _text(section.lead),
        "enough": section.enough,
        "sentences": list(map(_text, section.sentences)),
        "figures": [{"label": _text(one.label), "said": one.said, "beside": one.beside} for one in section.figures],
        "charts": list(map(_chart, section.charts)),
        "steps": list(map(_text, section.steps)),
        "tables": [_table(table, zone) for table in section.tables],
        "note": _text(section.note),
    }


def _chart(chart: Chart) -> dict[str, Any]:
    layers = () if isinstance(chart, Bars) else chart.layers
    key = [{"label": format.name(layer.label, 40), "colour": svg.LIGHT[(layer.hue - 1) % 10]} for layer in layers]
    return {"title": chart.title, "alt": chart.alt, "key": key, "svg": svg.standalone(chart, _CHART_WIDTH)}


def _table(table: Table, zone: str) -> dict[str, Any]:
    def said(row: tuple[Any, ...]) -> list[str]:
        return [_text(words.said(cell, column, zone)) for cell, column in zip(row, table.columns, strict=True)]

    widths = [
        "prose" if column.kind == "prose" else "wide" if place == 0 else "narrow" for place, column in enumerate(table.columns)
    ]
    return {
        "title": table.title,
        "head": [column.label for column in table.columns],
        "numeric": [words.is_number(column) for column in table.columns],
        "widths": widths,
        "rows": [said(row) for row in table.rows],
        "total": said(table.total) if table.total else None,
        "note": table.note,
    }


def _text(text: str) -> str:
    """A text whose long words may be broken, so that no name runs off the page."""
    return _UNBROKEN.sub(rf"\1{_BREAK}", text)
