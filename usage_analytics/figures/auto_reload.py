"""The balance under a setting, lived again: its steps, its reloads, the times without work. And what idle money buys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import log10
from typing import Any, Final

import plotly.graph_objects as go

from usage_analytics import format
from usage_analytics.answers.auto_reload import Lane, Mark, TradeOff
from usage_analytics.figures import template
from usage_analytics.figures.template import Figure

_NARROWEST: Final = 1 / 220  # of the span: a block of minutes would not be seen among weeks
_MANY: Final = 45  # reloads, from which on each is only a tick
_LEAST_HOURS: Final = 1 / 120
_HOURS: Final = {
    _LEAST_HOURS: "under 30 s",
    1 / 60: "1 min",
    1 / 20: "3 min",
    1 / 6: "10 min",
    0.5: "30 min",
    2: "2 h",
    8: "8 h",
    24: "24 h",
    72: "3 days",
}
_MOST_TICKS: Final = 5  # on a telephone
_MONEY: Final = (  # the finest of them that fits
    (1, 2, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000),
    (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000),
    (1, 5, 20, 100, 500, 2000, 10_000),
)
_LINE: Final = 18  # pixels of a line of text …
_LETTER: Final = 6.5  # … and of a letter
_DOT: Final = 0.03  # of an axis: half of a mark
_TALL, _WIDE = 190, 230  # pixels between the outermost points, at least: on a telephone


def replay(lane: Lane, top_usd: float, recommended: bool) -> Figure:
    """The balance over the span: a step for each call, an arrow for each reload, a red band where work would have stopped."""
    colour = template.ACCENT if recommended else template.INK
    traces: list[Any] = [
        go.Scatter(
            x=[f"{moment:%Y-%m-%d %H:%M:%S}" for moment, _ in lane.points],  # thousands of datetimes take long to be written
            y=[nanos / 1e9 for _, nanos in lane.points],
            mode="lines",
            line={"color": colour, "width": 1.5, "shape": "hv"},
            fill="tozeroy",
            fillcolor=template.ACCENT_AREA if recommended else template.GRID,
            hovertemplate="%{x|%a, %b %-d, %H:%M}<br>%{y:$,.2f}<extra></extra>",
        ),
        go.Scatter(
            x=[lane.start, lane.end],
            y=[lane.policy.threshold_nanos / 1e9] * 2,
            mode="lines",
            line={"color": template.FAINT_INK, "width": 1, "dash": "dot"},
            hoverinfo="skip",
        ),
    ]
    if lane.reloads:
        many = len(lane.reloads) > _MANY
        reloads = go.Scatter(
            x=[moment for moment, _ in lane.reloads],
            y=[top_usd * 1.1] * len(lane.reloads),
            mode="markers",
            marker={"symbol": "line-ns-open" if many else "triangle-up", "size": 6 if many else 9, "color": colour},
            customdata=[[format.dollars(nanos)] for _, nanos in lane.reloads],
            hovertemplate="Reload of %{customdata[0]}<br>%{x|%a, %b %-d, %H:%M}<extra></extra>",
            cliponaxis=False,
        )
        traces.append(reloads)
    if lane.blocks or lane.limited:
        # What the pointer finds in a band; the bands themselves are shapes
        found = [(block, "Out of credits") for block in lane.blocks] + [
            (span, "Stopped at the monthly limit") for span in lane.limited
        ]
        stopped = go.Scatter(
            x=[start + (end - start) / 2 for (start, end), _ in found],
            y=[top_usd / 2] * len(found),
            mode="markers",
            marker={"size": 18, "opacity": 0, "color": template.HARM},
            customdata=[[what, format.span((end - start).total_seconds())] for (start, end), what in found],
            hovertemplate="%{customdata[0]} for %{customdata[1]}<br>%{x|%a, %b %-d, %H:%M}<extra></extra>",
        )
        traces.append(stopped)
    bands = [_band(block, lane, 0.8) for block in lane.blocks] + [_band(span, lane, 0.18) for span in lane.limited]
    return template.figure(
        *traces,
        height=180,
        hovermode="closest",
        shapes=bands,
        margin={"l": 0, "r": 8, "t": 14, "b": 0, "pad": 4},
        xaxis={"type": "date", "tickformat": "%b %-d", "nticks": 6, "range": [lane.start, lane.end]},
        yaxis={**template.money_axis(top_usd), "rangemode": "normal", "range": [lane.bottom_usd, top_usd * 1.12], "nticks": 4},
    )


def tradeoff(curve: tuple[TradeOff, ...], marks: tuple[Mark, ...]) -> Figure:
    """Hours blocked against money that lies idle, both logarithmic, with the settings in question named where they stand."""
    xs = [one.mean_balance_nanos / 1e9 for one in curve] + [mark.idle_usd for mark in marks]
    ys = [_shown(one.blocked_hours_per_month) for one in curve] + [_shown(mark.blocked_hours) for mark in marks]
    found = [_ticks({usd: f"${format.count(usd)}" for usd in ladder}, xs) for ladder in _MONEY]
    money_ticks = next((ticks for ticks in found if len(ticks["tickvals"]) <= _MOST_TICKS), found[-1])
    settings = go.Scatter(
        x=[mark.idle_usd for mark in marks],
        y=[_shown(mark.blocked_hours) for mark in marks],
        mode="markers",
        marker={
            "size": [14 if mark.recommended else 10 for mark in marks],
            "color": [template.ACCENT if mark.recommended else template.INK for mark in marks],
            "line": {"color": template.PAPER, "width": 2},
            "opacity": 1,
        },
        customdata=[
            [template.label(mark.name), format.hours(mark.blocked_hours), format.dollars(mark.idle_usd * 1e9)] for mark in marks
        ],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]} blocked a month, %{customdata[2]} idle<extra></extra>",
        cliponaxis=False,
    )
    return template.figure(
        _curve(curve),
        settings,
        height=300,
        hovermode="closest",
        annotations=[_side("Blocked hours / month", 0, 1), _side("Idle balance", 1, 0), *_named(marks, (xs, ys))],
        margin={"l": 0, "r": 8, "t": 28, "b": 0, "pad": 4},
        xaxis={"type": "log", "range": _reach(xs, 0.12), **money_ticks},
        yaxis={"type": "log", "range": _reach(ys, 0.12), **_ticks(_HOURS, ys)},
    )


def _band(span: tuple[datetime, datetime], lane: Lane, opacity: float) -> dict[str, Any]:
    start, end = span
    lacking: timedelta = max(timedelta(), (lane.end - lane.start) * _NARROWEST - (end - start))
    where = {"xref": "x", "yref": "paper", "x0": start - lacking / 2, "x1": end + lacking / 2, "y0": 0, "y1": 1}
    return {"type": "rect", **where, "fillcolor": template.HARM, "opacity": opacity, "line": {"width": 0}, "layer": "below"}


def _curve(curve: tuple[TradeOff, ...]) -> go.Scatter:
    return go.Scatter(
        x=[one.mean_balance_nanos / 1e9 for one in curve],
        y=[_shown(one.blocked_hours_per_month) for one in curve],
        mode="lines+markers",
        line={"color": template.GREY, "width": 2, "shape": "spline", "smoothing": 0.4},
        marker={"size": 5, "color": template.GREY},
        customdata=[
            [
                format.dollars(one.policy.threshold_nanos),
                format.dollars(one.policy.reload_to_nanos),
                format.hours(one.blocked_hours_per_month),
                format.dollars(one.mean_balance_nanos),
            ]
            for one in curve
        ],
        hovertemplate="Below %{customdata[0]} reload to %{customdata[1]}<br>"
        "%{customdata[2]} blocked a month, %{customdata[3]} idle<extra></extra>",
    )


def _named(marks: tuple[Mark, ...], points: tuple[list[float], list[float]]) -> list[dict[str, Any]]:
    """The settings' names, above the falling curve; one that would touch another's, even on a telephone, stands higher."""
    along, up = _share(points[0]), _share(points[1])
    at = [(along(mark.idle_usd), up(_shown(mark.blocked_hours)) * _TALL) for mark in marks]
    stood = [(x - _DOT, x + _DOT, y) for x, y in at]
    found: list[dict[str, Any]] = []
    for mark in sorted(marks, key=lambda one: -one.idle_usd):
        x, y = along(mark.idle_usd), up(_shown(mark.blocked_hours)) * _TALL
        wide = len(mark.name) * _LETTER / _WIDE
        leftwards = x + wide > 1 and x > wide - x
        left = x - wide if leftwards else x
        rise = 1.5 * _LINE if leftwards else _LINE
        while any(left < end and start < left + wide and abs(y + rise - height) < _LINE for start, end, height in stood):
            rise += _LINE
        stood.append((left, left + wide, y + rise))
        found.append(
            {
                "x": log10(max(mark.idle_usd, 1e-3)),
                "y": log10(_shown(mark.blocked_hours)),
                "text": template.label(mark.name),
                "font": {"size": 12, "color": template.ACCENT if mark.recommended else template.INK},
                "xanchor": "right" if leftwards else "left",
                "ax": 0 if leftwards else 8,
                "ay": -rise,
                "arrowhead": 0,
                "arrowwidth": 1,
                "arrowcolor": template.GRID,
                "standoff": 7,
            }
        )
    return found


def _share(values: list[float]) -> Callable[[float], float]:
    """Where on a logarithmic axis of these values one stands, from 0 to 1."""
    low, high = log10(max(min(values), 1e-3)), log10(max(*values, 1e-3))
    return lambda value: (log10(max(value, 1e-3)) - low) / ((high - low) or 1)


def _side(text: str, x: float, y: float) -> dict[str, Any]:
    """What an axis measures, said at its end."""
    where = {"x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": "right" if x else "left", "yanchor": "bottom"}
    return {"text": text, "showarrow": False, "font": {"size": 12, "color": template.FAINT_INK}, **where}


def _shown(hours: float) -> float:
    return max(hours, _LEAST_HOURS)


def _reach(values: list[float], margin: float) -> list[float]:
    low, high = log10(max(min(values), 1e-3)), log10(max(*values, 1e-3))
    more = max((high - low) * margin, 0.1)
    return [low - more, high + more]


def _ticks(names: dict[Any, str], values: list[float]) -> dict[str, Any]:
    low, high = min(values) / 1.5, max(values) * 1.5
    shown = {at: name for at, name in names.items() if low <= at <= high}
    return {"tickvals": list(shown), "ticktext": list(shown.values())}
