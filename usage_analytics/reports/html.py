"""A report as one HTML file: no network, no script, light and dark, readable on a phone, on paper and by a screen reader."""

from __future__ import annotations

from functools import cache
from html import escape
from itertools import count
from pathlib import Path
from typing import Final

from usage_analytics import format
from usage_analytics.reports import svg, words
from usage_analytics.reports.report import SHOWN, Bars, Cell, Chart, Column, Report, Section, Table

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_SHORT: Final = 18  # characters of a cell that is not broken into lines


def render(report: Report) -> str:
    """The whole file."""
    numbers = count(1)
    sections = "\n".join(_section(section, report, numbers) for section in report.sections)
    made = (
        f"Made by usage-analytics on {format.moment(report.made_at, report.zone)} ({report.zone}). "
        f"{SHOWN[report.redaction]} This file loads nothing from the network."
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>{escape(report.title)} · {svg.PRODUCT}</title>
<style>
{_style()}
</style>
</head>
<body>
<main>
{_head(report)}
{sections}
</main>
<footer><p>{escape(made)}</p></footer>
</body>
</html>
"""


def _head(report: Report) -> str:
    points = "".join(
        f"<li><strong>{escape(point.label)}</strong> <span>{escape(point.text)}</span></li>" for point in report.points
    )
    headline = escape(report.headline)
    if report.headline.startswith("$"):  # the amount stands large
        amount, _, rest = report.headline.partition(" ")
        headline = f'<span class="amount">{escape(amount)}</span> <span class="rest">{escape(rest)}</span>'
    badge = '<p class="badge">Sample data</p>' if report.sample else ""
    return (
        f'<header><p class="brand">{svg.MARK}{svg.PRODUCT}</p>{badge}<p class="over">{escape(report.title)}</p><h1>{headline}</h1>'
        f"{f'<ul class=points>{points}</ul>' if points else ''}</header>"
    )


def _section(section: Section, report: Report, numbers: count[int]) -> str:
    parts = [f'<section id="{section.key}" aria-labelledby="h-{section.key}">']
    parts.append(f'<h2 id="h-{section.key}">{escape(section.title)}</h2>')
    parts.append(f'<p class="{"lead" if section.enough else "unsure"}">{escape(section.lead)}</p>')
    parts += [f"<p>{escape(sentence)}</p>" for sentence in section.sentences]
    if section.figures:
        parts.append('<dl class="figures">')
        for one in section.figures:
            beside = f'<dd class="beside">{escape(one.beside)}</dd>' if one.beside else ""
            parts[-1] += f"<div><dt>{escape(one.label)}</dt><dd>{escape(one.said)}</dd>{beside}</div>"
        parts[-1] += "</dl>"
    parts += [_chart(chart, next(numbers)) for chart in section.charts]
    if section.steps:
        parts.append(f'<ol class="steps">{"".join(f"<li>{escape(step)}</li>" for step in section.steps)}</ol>')
    for table in section.tables:  # prose has no column of its own but a line below its row, which fits a phone
        columns = [column for column in table.columns if column.kind != "prose"]
        head = "".join(f'<th scope="col"{_class(column)}>{escape(column.label)}</th>' for column in columns)
        body = "".join(_row(table, row, report.zone) for row in table.rows)
        foot = f"<tfoot>{_row(table, table.total, report.zone)}</tfoot>" if table.total else ""
        note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
        name = escape(table.title)
        parts.append(
            f'<div class="wide" role="region" aria-label="{name}" tabindex="0"><table><caption>{name}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table></div>{note}"
        )
    if section.note:
        parts.append(f'<p class="note">{escape(section.note)}</p>')
    return "\n".join([*parts, "</section>"])


def _chart(chart: Chart, number: int) -> str:
    key = data = ""
    if not isinstance(chart, Bars):
        named = "".join(
            f'<li><svg aria-hidden="true" width="10" height="10"><rect class="h{layer.hue}" width="10" height="10" rx="2"/></svg>'
            f"{escape(format.name(layer.label, 40))}</li>"
            for layer in chart.layers
        )
        key = f'<ul class="key">{named}</ul>'
        # The numbers as a table, folded away
        head = "".join(f'<th scope="col" class="num">{escape(format.name(layer.label, 40))}</th>' for layer in chart.layers)
        rows = "".join(
            f'<tr><th scope="row">{escape(start)}</th>'
            + "".join(f'<td class="num">{format.dollars(layer.nanos[place])}</td>' for layer in chart.layers)
            + "</tr>"
            for place, start in enumerate(chart.starts)
        )
        data = (
            f'<details><summary>The numbers of this chart</summary><div class="wide" role="region" tabindex="0" '
            f'aria-label="{escape(chart.title)}"><table><caption class="unseen">'
            f'{escape(chart.title)}</caption><thead><tr><th scope="col">Start</th>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div></details>"
        )
    return f"<figure><figcaption>{escape(chart.title)}</figcaption>{key}{svg.draw(chart, number)}{data}</figure>"


def _row(table: Table, row: tuple[Cell, ...], zone: str) -> str:
    cells: list[str] = []
    prose: list[str] = []
    for cell, column in zip(row, table.columns, strict=True):
        text = words.said(cell, column, zone)
        if column.kind == "prose":
            prose.append(f"<div>{escape(text)}</div>")
        elif not cells:
            cells.append(f'<th scope="row">{escape(text)}</th>')
        else:
            cells.append(f"<td{_class(column, text)}>{escape(text)}</td>")
    below = f'<tr class="prose"><td colspan="{len(cells)}">{"".join(prose)}</td></tr>' if prose else ""
    return f"<tr>{''.join(cells)}</tr>{below}"


def _class(column: Column, text: str = "") -> str:
    return " class=num" if words.is_number(column) else " class=short" if 0 < len(text) <= _SHORT else ""


@cache
def _style() -> str:
    light, dark = (
        "".join(f".h{(place + 1) % 10}{{fill:{colour}}}" for place, colour in enumerate(colours))
        for colours in (svg.LIGHT, svg.DARK)
    )
    rest = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    return f"{light}\n@media screen and (prefers-color-scheme:dark){{{dark}}}\n{rest}"
