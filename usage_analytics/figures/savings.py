"""What each lever saves in a month: its range as a bar, the middle as a dot, the largest on top."""

from __future__ import annotations

import plotly.graph_objects as go

from usage_analytics import format
from usage_analytics.answers.savings import Range
from usage_analytics.figures import template
from usage_analytics.figures.template import Figure


def ranges(levers: tuple[tuple[str, Range], ...]) -> Figure:
    """One row a lever, by its title."""
    places = list(range(len(levers)))
    return template.figure(
        template.bar(
            orientation="h",
            y=places,
            base=[saves.low / 1e9 for _, saves in levers],
            x=[(saves.high - saves.low) / 1e9 for _, saves in levers],
            marker={"color": template.GREY, "opacity": 0.45},
            hovertext=[f"{template.label(title)}: {saves.words} a month" for title, saves in levers],
            hovertemplate="%{hovertext}<extra></extra>",
        ),
        go.Scatter(
            x=[saves.mid / 1e9 for _, saves in levers],
            y=places,
            mode="markers",
            marker={"size": 12, "color": template.ACCENT, "line": {"color": template.PAPER, "width": 2}},
            hoverinfo="skip",
        ),
        height=max(140, 48 * len(levers) + 40),
        hovermode="closest",
        bargap=0.72,
        xaxis={**template.money_axis(), "showgrid": True, "gridcolor": template.GRID},
        yaxis={
            "tickvals": places,
            "ticktext": [f"{template.label(title)}<br><b>{format.dollars(saves.mid)}</b>" for title, saves in levers],
            "tickfont": {"size": 13, "color": template.INK},
            "range": [len(levers) - 0.5, -0.5],
            "showgrid": False,
        },
    )
