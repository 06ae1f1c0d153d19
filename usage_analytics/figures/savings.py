"""What each saving is worth in a month: its range as a bar, the middle as a dot, the largest on top."""

from __future__ import annotations

import plotly.graph_objects as go

from usage_analytics import format
from usage_analytics.answers.savings import Range
from usage_analytics.figures import template
from usage_analytics.figures.template import Figure


def ranges(savings: tuple[tuple[str, Range], ...]) -> Figure:
    """One row a saving, by its title."""
    places = list(range(len(savings)))
    return template.figure(
        template.bar(
            orientation="h",
            y=places,
            base=[saves.low / 1e9 for _, saves in savings],
            x=[(saves.high - saves.low) / 1e9 for _, saves in savings],
            marker={"color": template.GREY, "opacity": 0.45},
            hovertext=[f"{template.label(title)}: {saves.words} a month" for title, saves in savings],
            hovertemplate="%{hovertext}<extra></extra>",
        ),
        go.Scatter(
            x=[saves.mid / 1e9 for _, saves in savings],
            y=places,
            mode="markers",
            marker={"size": 12, "color": template.ACCENT, "line": {"color": template.PAPER, "width": 2}},
            hoverinfo="skip",
        ),
        height=max(140, 48 * len(savings) + 40),
        hovermode="closest",
        bargap=0.72,
        xaxis={**template.money_axis(), "showgrid": True, "gridcolor": template.GRID},
        yaxis={
            "tickvals": places,
            "ticktext": [f"{template.label(title)}<br><b>{format.dollars(saves.mid)}</b>" for title, saves in savings],
            "tickfont": {"size": 13, "color": template.INK},
            "range": [len(savings) - 0.5, -0.5],
            "showgrid": False,
        },
    )
