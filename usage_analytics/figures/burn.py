"""An active hour in four patterns: the range in Claude's guide as a bar, the person's own rate as a dot."""

from __future__ import annotations

import plotly.graph_objects as go

from usage_analytics import format
from usage_analytics.answers.burn import Burn, Pattern
from usage_analytics.figures import template
from usage_analytics.figures.template import Figure

_TICKS = (0.1, 0.3, 1, 3, 10, 30, 100)


def rates(burn: Burn) -> Figure:
    """Four rows on a logarithmic axis of dollars an hour, the calmest on top."""
    patterns = [pattern for pattern in burn.patterns if pattern.per_hour]
    said = [format.per_hour(pattern.per_hour) for pattern in patterns]
    own = go.Scatter(
        name="Your conversations",
        x=[format.usd(pattern.per_hour) for pattern in patterns],
        y=[pattern.name for pattern in patterns],
        mode="markers+text",
        text=said,
        textposition="top center",
        textfont={"color": template.INK, "size": 13},
        marker={"size": 13, "color": template.ACCENT, "line": {"color": template.PAPER, "width": 2}},
        hovertemplate="You: %{text}<extra></extra>",
        cliponaxis=False,
    )
    return template.figure(
        _article(burn.patterns),
        own,
        height=270,
        hovermode="closest",
        showlegend=True,
        bargap=0.72,
        xaxis={
            "type": "log",
            "tickvals": list(_TICKS),
            "ticktext": [f"${tick:.2f}" if tick < 1 else f"${tick:.0f}" for tick in _TICKS],
            "showgrid": True,
            "gridcolor": template.GRID,
        },
        yaxis={"autorange": "reversed", "showgrid": False, "type": "category", "categoryarray": [p.name for p in burn.patterns]},
    )


def _article(patterns: tuple[Pattern, ...]) -> go.Bar:
    return template.bar(
        name="Claude's guide",
        orientation="h",
        y=[pattern.name for pattern in patterns],
        base=[pattern.article[0] for pattern in patterns],
        x=[pattern.article[1] - pattern.article[0] for pattern in patterns],
        marker={"color": template.GREY, "opacity": 0.45},
        customdata=[[f"${pattern.article[0]:.2f} to ${pattern.article[1]:.2f} an hour"] for pattern in patterns],
        hovertemplate="Claude's guide: %{customdata[0]}<extra></extra>",
    )
