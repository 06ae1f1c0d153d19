"""A report as Markdown for chats and issue trackers: plain text, lists and tables that GitHub and Slack both show."""

from __future__ import annotations

import re
from typing import Final

from usage_analytics import format
from usage_analytics.reports import words
from usage_analytics.reports.report import SHOWN, Report
from usage_analytics.reports.svg import PRODUCT

# What would become emphasis, code, a link, an image, a cell or a formula; an amount of dollars and a_name_like_this are left as they are.
_SIGNS: Final = re.compile(r"[\\`*\[\]|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|\$(?!\d)")
# What is turned into a link, a mention or an icon without any sign of Markdown: an invisible joiner inside it stops that.
_LATE: Final = re.compile(
    r"(?<=@)(?=\w)|(?<=:)(?=//)|(?<=\bwww)(?=\.)|(?<=:)(?=[\w+-]+:)|(?<=#)(?=\w)|(?<=GH-)(?=\d)", re.IGNORECASE
)
_START: Final = re.compile(r"^([-+=]+)(?=\s|$)|^(\d+)([.)])(?=\s)")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}  # Slack reads these three and no other
_JOINER: Final = "\N{WORD JOINER}"


def render(report: Report) -> str:
    """The whole text."""
    lines = [
        f"# {plain(report.headline)}",
        "",
        f"{PRODUCT} · {plain(report.title)}{' · sample data' if report.sample else ''}",
        "",
    ]
    lines += [f"- **{plain(point.label)}**: {plain(point.text)}" for point in report.points]
    for section in report.sections:
        lines += ["", f"## {plain(section.title)}", ""]
        lines += [f"**{plain(section.lead)}**" if section.enough else plain(section.lead), ""]
        lines += [line for sentence in section.sentences for line in (plain(sentence), "")]
        lines += [
            f"- {plain(one.label)}: {plain(one.said)}{f' ({plain(one.beside)})' if one.beside else ''}" for one in section.figures
        ]
        lines += [""] if section.figures else []
        lines += [f"{number}. {plain(step)}" for number, step in enumerate(section.steps, 1)]
        lines += [""] if section.steps else []
        for table in section.tables:
            rows = (*table.rows, table.total) if table.total else table.rows
            cells = [
                [plain(column.label) for column in table.columns],
                ["---:" if words.is_number(column) else "---" for column in table.columns],
                *(
                    [plain(words.said(cell, column, report.zone)) for cell, column in zip(row, table.columns, strict=True)]
                    for row in rows
                ),
            ]
            lines += [f"{plain(table.title)}:", "", *(f"| {' | '.join(row)} |" for row in cells), ""]
            lines += [plain(table.note), ""] if table.note else []
        lines[-1:] = ["", plain(section.note)] if section.note else []
    made = f"Made by usage-analytics on {format.moment(report.made_at, report.zone)} ({report.zone}). {SHOWN[report.redaction]}"
    return "\n".join([*lines, "", "---", "", plain(made), ""])


def plain(text: str) -> str:
    """Text that shows exactly itself."""
    signed = _SIGNS.sub(lambda found: f"\\{found.group()}", _LATE.sub(_JOINER, " ".join(text.split())))
    begun = _START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", signed)
    return "".join(_ENTITIES.get(sign, sign) for sign in begun)
