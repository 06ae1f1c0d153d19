"""A saved view as one report, and the report in four formats. Everything that leaves is in `Report`; a format only writes it down.

asked = Asked(period, filters, before, now, redaction="names")       # or between(start, end, now)
report = make(asked, reading(store), control)                        # or the pages' own cached read
content = render(report, "html")                                     # html, pdf, md, json
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from usage_analytics import format
from usage_analytics.question import scan
from usage_analytics.question.names import Redaction
from usage_analytics.reports import auto_reload, background, balance, compare, method, redaction, savings, spend
from usage_analytics.reports.asked import SECTIONS, Asked, Read, Source, between, reading, source
from usage_analytics.reports.report import REDACTIONS, Point, Report, Section

if TYPE_CHECKING:
    from usage_analytics.control import Control

__all__ = [
    "FORMATS",
    "REDACTIONS",
    "SECTIONS",
    "Asked",
    "Format",
    "Read",
    "Redaction",
    "Report",
    "between",
    "file_name",
    "make",
    "reading",
    "render",
]

Format = Literal["html", "pdf", "md", "json"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

_MAKE: Final[dict[str, Callable[[Source], Section | None]]] = {
    "spend": spend.over_time,
    "balance": balance.section,
    "auto_reload": auto_reload.section,
    "background": background.section,
    "models": spend.by_model,
    "conversations": spend.by_conversation,
    "apps": spend.by_app,
    "savings": savings.section,
    "method": method.section,
}
# Whose answers stand on top.
_POINTS: Final = {
    "balance": "Balance",
    "auto_reload": "Auto-reload",
    "background": "Background",
    "savings": "Savings",
    "models": "Models",
}


def make(asked: Asked, read: Read, control: Control, earlier: Mapping[str, Any] | None = None) -> Report:
    """The report that was asked for, and what changed since an earlier one (a report's JSON).

    Raises BadRequest where there is nothing to report, or where something in it may not leave.
    """
    known = source(asked, read, control)
    made = (_MAKE[key](known) for key in SECTIONS if key in asked.sections and key in _MAKE)
    sections = tuple(redaction.fit(section, known.names) for section in made if section is not None)
    zone, start, end = asked.filters.zone, asked.filters.start or known.first_at, min(asked.filters.end or asked.now, asked.now)
    report = Report(
        title=f"Claude usage report · {known.period.name}",
        headline=spend.headline(known),
        made_at=asked.now,
        start=start,
        end=end,
        zone=zone,
        span=format.days(format.local(start, zone).date(), format.local(end - timedelta(microseconds=1), zone).date()),
        redaction=asked.redaction,
        sample=asked.sample,
        points=tuple(
            Point(key, label, one.lead) for key, label in _POINTS.items() for one in sections if one.key == key and one.enough
        ),
        sections=sections,
    )
    if earlier is not None:
        report = compare.with_changes(report, earlier)
    scan.refuse(redaction.texts(report))
    return report


def render(report: Report, form: Format) -> bytes:
    """The report in one format. Raises BadRequest where something in it may not leave."""
    from usage_analytics.reports import html, json, markdown, pdf

    scan.refuse(redaction.texts(report))
    if form == "pdf":
        return pdf.render(report)
    text = html.render(report) if form == "html" else json.render(report) if form == "json" else markdown.render(report)
    scan.refuse([("the whole report", redaction.shown(text) if form == "html" else text)])
    return text.encode()


def file_name(report: Report, form: Format) -> str:
    """What the file is called: a day, and no name."""
    return f"claude-usage-{format.local(report.end - timedelta(microseconds=1), report.zone):%Y-%m-%d}.{form}"
