"""A saved view as one report, and the report in four formats. Everything that leaves is in `Report`; a format only writes it down.

asked = Asked(period, filters, before, now, redaction="names")
report = make(asked, reading(store), control)      # or the pages' own cached read
html.render(report), pdf.render(report), markdown.render(report), json.render(report)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from usage_analytics import format
from usage_analytics.reports import spend
from usage_analytics.reports.asked import SECTIONS, Asked, Read, Source, reading, source
from usage_analytics.reports.report import REDACTIONS, Redaction, Report, Section

if TYPE_CHECKING:
    from usage_analytics.control import Control

__all__ = ["REDACTIONS", "SECTIONS", "Asked", "Read", "Redaction", "Report", "make", "reading"]

_MAKE: Final[dict[str, Callable[[Source], Section | None]]] = {
    "spend": spend.over_time,
    "models": spend.by_model,
    "conversations": spend.by_conversation,
    "apps": spend.by_app,
}


def make(asked: Asked, read: Read, control: Control) -> Report:
    """The report that was asked for. Raises BadRequest where there is nothing to report, or where something in it may not leave."""
    known = source(asked, read, control)
    made = [_MAKE[key](known) for key in SECTIONS if key in asked.sections and key in _MAKE]
    sections = tuple(section for section in made if section is not None)
    start, end = asked.filters.start or known.first_at, min(asked.filters.end or known.last_at, known.last_at)
    return Report(
        title=f"Claude usage report · {known.period.name}",
        headline=sections[0].lead if sections else "",
        made_at=asked.now,
        start=start,
        end=end,
        zone=asked.filters.zone,
        span=format.days(format.local(start, asked.filters.zone).date(), format.local(end, asked.filters.zone).date()),
        redaction=asked.redaction,
        sample=asked.sample,
        points=tuple(section.lead for section in sections[1:4]),
        sections=sections,
    )
