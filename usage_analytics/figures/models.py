"""Spend by model, dearest on top: each bar in its model's colour, with its figure beside it."""

from __future__ import annotations

from usage_analytics import format
from usage_analytics.analysis.models import Bar
from usage_analytics.figures import template
from usage_analytics.figures.template import Figure, Palette


def spend(bars: tuple[Bar, ...], palette: Palette) -> Figure:
    """One horizontal bar a model. A click on a bar holds the model."""
    longest = max((bar.nanos for bar in bars), default=0) / 1e9
    names = [template.label(bar.label, 28) for bar in bars]
    return template.figure(
        template.bar(
            orientation="h",
            y=list(range(len(bars))),
            x=[bar.nanos / 1e9 for bar in bars],
            marker={"color": [template.GREY if bar.rest else palette.colour(bar.model) for bar in bars]},
            text=[f"{format.dollars(bar.nanos)} · {format.percent(bar.share)}" for bar in bars],
            textposition="outside",
            textfont={"size": 13, "color": template.INK},
            cliponaxis=False,
            customdata=[None if bar.rest else [bar.model or ""] for bar in bars],
            hovertext=[f"{template.label(bar.label)}: {format.dollars(bar.nanos)}" for bar in bars],
            hovertemplate="%{hovertext}<extra></extra>",
        ),
        height=max(140, 44 * len(bars) + 16),
        hovermode="closest",
        xaxis={"visible": False, "range": [0, longest * 1.3 or 1]},
        yaxis={"tickvals": list(range(len(bars))), "ticktext": names, "range": [len(bars) - 0.4, -0.6], "showgrid": False},
    )
