"""A question's answers as one report, and the report in four formats. Everything that leaves is in `Report`; a format only writes it down.

report = make(question, redaction="names")        # the question of the page, of the command line or of a digest
content = render(report, "html")                  # html, pdf, md, json
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, Literal, get_args

from usage_analytics import format
from usage_analytics.errors import BadRequest
from usage_analytics.question import Question, scan
from usage_analytics.question.ask import redacted
from usage_analytics.question.names import Redaction
from usage_analytics.reports import auto_reload, background, balance, compare, method, reconcile, savings, spend
from usage_analytics.reports import redaction as redacting
from usage_analytics.reports.report import REDACTIONS, Point, Report, Section

__all__ = ["FORMATS", "REDACTIONS", "SECTIONS", "Format", "Redaction", "Report", "file_name", "make", "render"]

Format = Literal["html", "pdf", "md", "json"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
SECTIONS: Final[dict[str, str]] = {
    "spend": "Spend over time",
    "balance": "Balance and runway",
    "auto_reload": "Auto-reload",
    "background": "Background drain",
    "models": "Models",
    "conversations": "Conversations",
    "apps": "Connected apps",
    "savings": "Savings",
    "reconcile": "Billed vs. computed cost",
    "method": "Method and coverage",
}

_MAKE: Final[dict[str, Callable[[Question], Section | None]]] = {
    "spend": spend.over_time,
    "balance": balance.section,
    "auto_reload": auto_reload.section,
    "background": background.section,
    "models": spend.by_model,
    "conversations": spend.by_conversation,
    "apps": spend.by_app,
    "savings": savings.section,
    "reconcile": reconcile.section,
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


def make(
    question: Question,
    *,
    redaction: Redaction = "none",
    sections: Collection[str] = tuple(SECTIONS),
    earlier: Mapping[str, Any] | None = None,
) -> Report:
    """The answers to a question, and what changed since an earlier report (its JSON). `redaction` says what becomes of names.

    Raises BadRequest where there is nothing to report, or where something in it may not leave.
    """
    if question.first_at is None or question.last_at is None:
        raise BadRequest("There is no usage to report yet. Import something first.")
    zone, start = question.filters.zone, question.filters.start or question.first_at
    end = min(question.filters.end or question.as_of, question.as_of)
    # "The last 30 days" means nothing in a file that is read next month.
    known = question.filters.end or question.last_at + timedelta(microseconds=1)
    days = [format.local(at, zone).date() for at in (start, min(known, question.as_of) - timedelta(microseconds=1))]
    length = (max(days) - days[0]).days + 1
    dated = f"the {format.plural(length, 'day')} through {format.day(days[1])}" if length > 1 else format.day(days[0])
    asked = redacted(replace(question, period=replace(question.period, name=dated)), redaction)
    made = [one for key in SECTIONS if key in sections and (one := _MAKE[key](asked)) is not None]
    found = tuple(redacting.fit(section, redaction) for section in made)
    report = Report(
        title=f"Claude usage report · {dated}",
        headline=spend.headline(asked),
        made_at=question.as_of,
        start=start,
        end=end,
        zone=zone,
        span=format.days(format.local(start, zone).date(), format.local(end - timedelta(microseconds=1), zone).date()),
        redaction=redaction,
        sample=question.sample,
        points=tuple(
            Point(key, label, one.lead) for key, label in _POINTS.items() for one in found if one.key == key and one.enough
        ),
        sections=found,
    )
    if earlier is not None:
        report = compare.with_changes(report, earlier)
    scan.refuse(redacting.texts(report))
    return report


def render(report: Report, form: Format) -> bytes:
    """The report in one format. Raises BadRequest where something in it may not leave."""
    from usage_analytics.reports import html, json, markdown, pdf

    scan.refuse(redacting.texts(report))
    if form == "pdf":
        return pdf.render(report)
    text = html.render(report) if form == "html" else json.render(report) if form == "json" else markdown.render(report)
    scan.refuse([("the whole report", redacting.shown(text) if form == "html" else text)])
    return text.encode()


def file_name(report: Report, form: Format) -> str:
    """What the file is called: a day, and no name."""
    return f"claude-usage-{format.local(report.end - timedelta(microseconds=1), report.zone):%Y-%m-%d}.{form}"
