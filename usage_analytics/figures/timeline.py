"""Spend over time: stacked bars, the running one hatched, with the moments at which work was stopped above them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import plotly.graph_objects as go

from usage_analytics.answers.blocks import Stop
from usage_analytics.answers.timeline import Series, Timeline
from usage_analytics.figures import template
from usage_analytics.figures.template import Figure, Palette
from usage_analytics.filters import TimeGrain
from usage_analytics.format import local

_BAR: Final[dict[TimeGrain, timedelta]] = {
    "hour": timedelta(minutes=45),
    "day": timedelta(hours=18),
    "week": timedelta(days=5),
    "month": timedelta(days=21),
}
_TICKS: Final[dict[TimeGrain, str]] = {"hour": "%H:%M<br>%b %-d", "day": "%b %-d", "week": "%b %-d", "month": "%b %Y"}
_TICKS_OF_YEARS: Final = "%b %-d<br>%Y"  # where a day and a month name several days
_HOVER: Final[dict[TimeGrain, str]] = {
    "hour": "%a, %b %-d, %H:%M",
    "day": "%a, %b %-d, %Y",
    "week": "Week of %b %-d, %Y",
    "month": "%B %Y",
}
_STOPPED: Final = "Blocked"


def spend(
    bars: Timeline,
    palette: Palette,
    stops: tuple[Stop, ...] = (),
    zone: str = "UTC",
    notes: tuple[tuple[datetime, str], ...] = (),
    *,
    label: Callable[[str | None], str] = template.model_label,
) -> Figure:
    """One bar a period, stacked by model, or by what `label` names. A click on a bar holds its first and last day.

    `notes` are the days (on the person's own clock) that have one, with its text.
    """
    traces: list[Any] = [_bars(bars, series, palette, label) for series in bars.series]
    if len(bars.series) > 1:
        traces.append(
            go.Scatter(
                name="Together",
                x=list(bars.starts),
                y=[nanos / 1e9 if nanos else None for nanos in bars.totals],
                mode="markers",
                marker={"opacity": 0, "color": template.INK},
                customdata=_days(bars),
                hovertemplate="<b>%{y:$,.2f}</b>",
                showlegend=False,
            )
        )
    if shown := [stop for stop in stops if stop.blocks]:
        traces.append(
            go.Scatter(
                name=_STOPPED,
                x=[
                    max((start for start in bars.starts if start <= local(stop.at, zone)), default=bars.starts[0])
                    for stop in shown
                ],
                y=[1.0] * len(shown),
                yaxis="y2",
                mode="markers",
                marker={"symbol": "triangle-down", "size": 11, "color": template.INK, "line": {"width": 0}},
                text=[stop.what for stop in shown],
                hovertemplate="%{text}",
                cliponaxis=False,
            )
        )
    if inside := [(at, text) for at, text in notes if bars.starts and bars.starts[0] <= at <= bars.last_day(bars.starts[-1])]:
        traces.append(
            go.Scatter(
                name="Note",
                x=[max(start for start in bars.starts if start <= at) for at, _ in inside],
                y=[0.94] * len(inside),
                yaxis="y2",
                mode="markers",
                marker={"symbol": "diamond", "size": 9, "color": template.ACCENT, "line": {"width": 0}},
                text=[template.label(text, 80) for _, text in inside],
                hovertemplate="%{text}",
                cliponaxis=False,
            )
        )
    top = max(bars.totals, default=0) / 1e9
    half = _BAR[bars.grain] * 0.8
    years = bars.starts[-1] - bars.starts[0] > timedelta(days=366)
    found_range = [bars.starts[0] - half, bars.starts[-1] + half]
    return template.figure(
        *traces,
        height=220,
        showlegend=len(traces) > 1,
        xaxis={
            "type": "date",
            "tickformat": _TICKS_OF_YEARS if years and bars.grain in ("day", "week") else _TICKS[bars.grain],
            "hoverformat": _HOVER[bars.grain],
            "nticks": 7,
            "range": found_range,
        },
        yaxis=template.money_axis(top),
        yaxis2={"overlaying": "y", "range": [0, 1]},
    )


def _bars(bars: Timeline, series: Series, palette: Palette, label: Callable[[str | None], str]) -> go.Bar:
    colour = template.GREY if series.rest else palette.colour(series.value)
    hatched = ["/" if bars.running and place == len(bars.starts) - 1 else "" for place in range(len(bars.starts))]
    return template.bar(
        name=template.OTHER if series.rest else template.label(label(series.value)),
        x=list(bars.starts),
        y=[nanos / 1e9 if nanos else None for nanos in series.nanos],
        width=_BAR[bars.grain] / timedelta(milliseconds=1),
        marker={
            "color": colour,
            "pattern": {"shape": hatched, "fillmode": "overlay", "fgcolor": template.PAPER, "size": 6, "solidity": 0.35},
        },
        customdata=_days(bars),
        hovertemplate="%{y:$,.2f}",
    )


def _days(bars: Timeline) -> list[list[str]]:
    return [[f"{start:%Y-%m-%d}", f"{bars.last_day(start):%Y-%m-%d}"] for start in bars.starts]
