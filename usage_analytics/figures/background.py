"""What a source spends an hour while somebody is there and while nobody is, around the moment at which it was flagged."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import plotly.graph_objects as go

from usage_analytics import format
from usage_analytics.answers.background import Hours, Week
from usage_analytics.figures import template
from usage_analytics.figures.template import Figure
from usage_analytics.weeks import WeekStart, days_before_monday

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WIDTH: Final = 0.82  # of a bar's time


def around(hours: Hours) -> Figure:
    """A bar an hour (or several): attended below in grey, unattended above; the span of the episode shaded, the flag a line."""
    span = {"x0": hours.started_at, "x1": max(hours.last_seen_at, hours.started_at + hours.step)}
    look = {"fillcolor": template.HARM, "opacity": 0.10, "line": {"width": 0}, "layer": "below"}
    episode = {"type": "rect", "xref": "x", "yref": "paper", "y0": 0, "y1": 1, **span, **look}
    line = {"color": template.HARM, "width": 1.5}
    flagged = {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": hours.flagged_at,
        "x1": hours.flagged_at,
        "y0": 0,
        "y1": 1,
        "line": line,
    }
    # The flag's own words, on the side of the line where there is room
    late = hours.flagged_at - hours.starts[0] > (hours.starts[-1] - hours.starts[0]) * 0.6
    said = {
        "x": hours.flagged_at,
        "y": 1,
        "xref": "x",
        "yref": "paper",
        "text": f"flagged {hours.flagged_at:%H:%M}",
        "showarrow": False,
        "xanchor": "right" if late else "left",
        "yanchor": "top",
        "xshift": -5 if late else 5,
        "font": {"size": 12, "color": template.HARM},
    }
    return template.figure(
        _bars(hours, "Attended", hours.attended_nanos, template.GREY),
        _bars(hours, "Unattended", hours.unattended_nanos, template.ACCENT),
        height=190,
        showlegend=True,
        shapes=[episode, flagged],
        annotations=[said],
        xaxis={
            "type": "date",
            "tickformat": "%H:%M<br>%b %-d" if hours.starts[-1] - hours.starts[0] <= timedelta(days=4) else "%b %-d",
            "nticks": 6,
            "range": [hours.starts[0], hours.starts[-1] + hours.step],
        },
        yaxis={**template.money_axis(hours.top_usd), "nticks": 4, "range": [0, hours.top_usd * 1.25]},
        margin={"l": 0, "r": 8, "t": 8, "b": 0, "pad": 4},
        legend={"font": {"size": 12, "color": template.INK}, "y": 1.12},
    )


def week(usual: Week, week_start: WeekStart = "Monday") -> Figure:
    """A row a day, a cell an hour: the stronger the color, the more is usual in it; the hours of the drain outlined."""
    first = -days_before_monday(week_start) % 7
    days = [*range(first, 7), *range(first)]
    by_day = [list(usual.usual[24 * day : 24 * day + 24]) for day in days]
    texts = [[_hour(usual, 24 * day + hour) for hour in range(24)] for day in days]
    cells = go.Heatmap(
        z=by_day,
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        colorscale=[[0, template.GRID], [1, template.ACCENT]],
        zmin=0,
        zmax=max(usual.usual),
        showscale=False,
        xgap=1,
        ygap=1,
    )
    return template.figure(
        cells,
        height=200,
        hovermode="closest",
        shapes=[_outline(usual, row, day, hour) for row, day in enumerate(days) for hour in _begins(usual, day)],
        xaxis={"tickvals": [0, 6, 12, 18, 23], "ticktext": ["0:00", "6:00", "12:00", "18:00", "23:00"], "range": [-0.6, 23.6]},
        yaxis={"tickvals": list(range(7)), "ticktext": [_DAYS[day] for day in days], "range": [6.6, -0.6], "showgrid": False},
    )


def _hour(usual: Week, at: int) -> str:
    value, drained = usual.usual[at], usual.drained_nanos[at]
    spends = f"usually {format.per_hour(value) if value else 'nothing'}"
    known = spends if usual.measure == "spend" else f"you prompt in {format.percent(value)} of weeks"
    spent = "" if drained is None else f"<br>This drain: {format.dollars(drained)}"
    return f"{_DAYS[at // 24]} {at % 24}:00, {known}{spent}"


def _begins(usual: Week, day: int) -> list[int]:
    """The hours of a day at which the drain begins or goes on after a pause."""
    ran = [one is not None for one in usual.drained_nanos[24 * day : 24 * day + 24]]
    return [hour for hour in range(24) if ran[hour] and not (hour and ran[hour - 1])]


def _outline(usual: Week, row: int, day: int, hour: int) -> dict[str, object]:
    """A frame about the hours of a day in which the drain ran without a pause; the day is drawn in the `row`th row."""
    ran = usual.drained_nanos[24 * day + hour : 24 * day + 24]
    lasts = next((place for place, one in enumerate(ran) if one is None), len(ran))
    sides = {"x0": hour - 0.5, "x1": hour + lasts - 0.5, "y0": row - 0.5, "y1": row + 0.5}
    return {"type": "rect", **sides, "line": {"color": template.HARM, "width": 2}}


def _bars(hours: Hours, name: str, nanos: tuple[int, ...], colour: str) -> go.Bar:
    return template.bar(
        name=name,
        x=list(hours.starts),
        y=[one / 1e9 if one else None for one in nanos],
        width=hours.step / timedelta(milliseconds=1) * _WIDTH,
        offset=hours.step / timedelta(milliseconds=1) * (1 - _WIDTH) / 2,
        marker={"color": colour, "line": {"width": 0}},
        hovertemplate="%{y:$,.2f}",
    )
