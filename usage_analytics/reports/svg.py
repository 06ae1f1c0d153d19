"""Charts as SVG that needs no script: widths in per cent, so that the text stays its size on a phone and on paper.

Colours are classes (`h1` to `h9`, `h0` is grey; `ink`, `faint`, `grid`), which the page styles for light and dark; `standalone` brings
its own.
"""

from __future__ import annotations

from html import escape
from typing import Final

from usage_analytics import format
from usage_analytics.reports.report import Bars, Chart, Stack

# The hues of `.streamlit/config.toml`, in their order: a model keeps its colour wherever it is drawn.
LIGHT: Final = ("#4F46E5", "#E0620D", "#157A64", "#4B2E7A", "#8A2B0E", "#C70ABA", "#0A7FD0", "#B97446", "#4A1F1C", "#8A93A6")
DARK: Final = ("#8B8CF8", "#F0925A", "#44C9E4", "#BA4AB3", "#E7E29D", "#ADE34B", "#D9566B", "#DCA6A3", "#4A80F5", "#6F7788")
INK: Final = {"ink": "#10142A", "faint": "#5B6478"}

# The product's name and mark; the shapes are those of `static/mark.svg`.
PRODUCT: Final = "Usage analytics"
MARK: Final = (
    '<svg viewBox="0 0 28 28" width="22" height="22" aria-hidden="true">'
    '<rect width="28" height="28" rx="7" fill="#4F46E5"/>'
    '<rect x="6" y="15" width="4" height="7" rx="1.25" fill="#FFF"/>'
    '<rect x="12" y="11.5" width="4" height="10.5" rx="1.25" fill="#FFF"/>'
    '<path d="M18 14h4v6.75A1.25 1.25 0 0 1 20.75 22h-1.5A1.25 1.25 0 0 1 18 20.75z" fill="#FFF"/>'
    '<path d="M19.25 6h1.5A1.25 1.25 0 0 1 22 7.25V12.8h-4V7.25A1.25 1.25 0 0 1 19.25 6z" fill="#FFB067"/>'
    "</svg>"
)

_ROW: Final = 44  # pixels a bar takes, with its words above it
_PLOT: Final = 200
_TOP, _FOOT = 18, 24
_LABELS: Final = 5  # along the bottom: what fits on a phone


def draw(chart: Chart, number: int = 0) -> str:
    """The chart as an `<svg>` to be put into a page; `number` keeps its ids apart from other charts'."""
    body, height = _bars(chart) if isinstance(chart, Bars) else _stack(chart)
    title, description = f"t{number}", f"d{number}"
    return (
        f'<svg class="chart" role="img" aria-labelledby="{title} {description}" width="100%" height="{height}">'
        f'<title id="{title}">{escape(format.name(chart.title))}</title>'
        f'<desc id="{description}">{escape(format.name(chart.alt, 500))}</desc>{body}</svg>'
    )


def standalone(chart: Chart, width: int) -> str:
    """The chart as a file of its own, in the light colours, so many pixels wide."""
    hues = "".join(f".h{(place + 1) % 10}{{fill:{colour}}}" for place, colour in enumerate(LIGHT))
    style = (
        f"text{{font-family:Inter,'Inter Ext';font-size:12px}}.ink{{fill:{INK['ink']}}}.faint{{fill:{INK['faint']}}}"
        f".strong{{font-weight:600}}.grid{{stroke:#E3E6EC}}.open{{fill-opacity:.45}}.track{{fill:#EEF0F4}}{hues}"
    )
    body, height = _bars(chart) if isinstance(chart, Bars) else _stack(chart)
    # Percentages are worked out, for readers that know no page to measure them by.
    *pieces, last = body.split('%"')
    worked = ""
    for piece in pieces:
        head, _, number = piece.rpartition('="')
        worked += f'{head}="{float(number) * width / 100:.2f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"<style>{style}</style>{worked}{last}</svg>"
    )


def _bars(chart: Bars) -> tuple[str, int]:
    most = max((bar.nanos for bar in chart.bars), default=0) or 1
    parts = []
    for place, bar in enumerate(chart.bars):
        top, width = place * _ROW, max(100 * bar.nanos / most, 0.4)
        parts.append(
            f'<text class="ink" x="0" y="{top + 15}">{escape(format.name(bar.label, 30))}</text>'
            f'<text class="ink num" x="100%" y="{top + 15}" text-anchor="end">{escape(format.name(bar.said, 40))}</text>'
            f'<rect class="track" x="0" y="{top + 22}" width="100%" height="8" rx="4"/>'
            f'<rect class="h{bar.hue}" x="0" y="{top + 22}" width="{width:.2f}%" height="8" rx="4"/>'
        )
    return "".join(parts), max(len(chart.bars) * _ROW - 8, 1)


def _stack(chart: Stack) -> tuple[str, int]:
    totals = [sum(column) for column in zip(*(layer.nanos for layer in chart.layers), strict=True)]
    most, ticks = max(totals, default=0) / 1e9, [0.0, 1.0]
    if most > 0:  # round amounts from zero to above the largest, three or four steps
        rough = most / 3
        size = 10.0 ** (len(f"{int(rough)}") - 1) if rough >= 1 else 10.0 ** -next(n for n in range(1, 12) if rough * 10**n >= 1)
        apart = next(size * times for times in (1, 2, 2.5, 5, 10) if size * times >= rough)
        ticks = [round(apart * number, 10) for number in range(max(int(-(-most // apart)), 1) + 1)]
    scale, floor = _PLOT / (ticks[-1] * 1e9), _TOP + _PLOT
    step = 100 / max(len(totals), 1)
    parts = []
    for tick in ticks:
        y = floor - tick * 1e9 * scale
        parts.append(f'<line class="grid" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>')
        if tick:
            amount = format.written(f"${tick:,.0f}" if tick >= 10 or tick == int(tick) else f"${tick:,.2f}")
            parts.append(f'<text class="faint" x="0" y="{y - 4:.1f}">{amount}</text>')
    for place in range(len(totals)):
        left, at = place * step + step * 0.12, float(floor)
        unfinished = " open" if chart.unfinished and place == len(totals) - 1 else ""
        for layer in chart.layers:
            height = layer.nanos[place] * scale
            if height > 0:
                at -= height
                shape = f'x="{left:.2f}%" y="{at:.1f}" width="{step * 0.76:.2f}%" height="{height:.1f}"'
                parts.append(f'<rect class="h{layer.hue}{unfinished}" {shape}/>')
    starts, anchors = chart.starts, {0: "start", len(chart.starts) - 1: "end"}
    lefts = {len(starts) - 1: 100.0, 0: 0.0}
    for place in range(0, len(starts), max(-(-len(starts) // _LABELS), 1)):
        left, anchor = lefts.get(place, (place + 0.5) * step), anchors.get(place, "middle")
        date = f'<text class="faint" x="{left:.2f}%" y="{floor + 17}" text-anchor="{anchor}">{escape(starts[place])}</text>'
        parts.append(date)
    return "".join(parts), floor + _FOOT
