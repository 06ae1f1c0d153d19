"""Spend of the billing cycle added up: a line to today, then a dashed one within the range that is likely."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from usage_analytics import format
from usage_analytics.answers.forecast import Forecast
from usage_analytics.figures import template
from usage_analytics.figures.template import Figure


def cycle(found: Forecast) -> Figure:
    """One point a day; the band reaches from the low to the high end of the range."""
    now, ahead = found.days[: len(found.spent)], found.days[len(found.spent) - 1 :]
    low, middle, high = ([nanos / 1e9 for nanos in line] for line in (found.low, found.middle, found.high))
    line: dict[str, Any] = {"mode": "lines", "hoverinfo": "skip", "line": {"width": 0}}
    traces: list[Any] = []
    if middle:
        said = [
            f"{format.dollars(value)}, likely {format.between(least, most)}"
            for least, value, most in zip(found.low, found.middle, found.high, strict=True)
        ]
        traces += [
            go.Scatter(x=ahead, y=low, showlegend=False, **line),
            go.Scatter(name="Likely range", x=ahead, y=high, fill="tonexty", fillcolor=template.ACCENT_AREA, **line),
            go.Scatter(
                name="Forecast",
                x=ahead,
                y=middle,
                mode="lines",
                line={"color": template.ACCENT, "width": 2, "dash": "dot"},
                text=said,
                hovertemplate="%{text}<extra></extra>",
            ),
        ]
    spent = [nanos / 1e9 for nanos in found.spent]
    traces.append(
        go.Scatter(
            name="Spent",
            x=now,
            y=spent,
            mode="lines",
            line={"color": template.ACCENT, "width": 2},
            hovertemplate="%{y:$,.2f} so far<extra></extra>",
        )
    )
    return template.figure(
        *traces,
        height=240,
        showlegend=bool(middle),
        xaxis={"type": "date", "tickformat": "%b %-d", "hoverformat": "%a, %b %-d, %Y", "nticks": 7},
        yaxis=template.money_axis(max([*spent, *high])),
    )
