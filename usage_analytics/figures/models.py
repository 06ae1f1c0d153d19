"""Spend by model, highest on top: each bar in its model's color, with its figure beside it."""

from __future__ import annotations

from usage_analytics import format
from usage_analytics.answers.models import Bar
from usage_analytics.figures import template
from usage_analytics.figures.template import Figure, Palette


def spend(bars: tuple[Bar, ...], palette: Palette) -> Figure:
    """One horizontal bar a model. A click on a bar holds the model."""
    return template.figure(
        template.bar(
            orientation="h",
            y=list(range(len(bars))),
            x=[bar.nanos / 1e9 for bar in bars],
            marker={"color": [template.GREY if bar.rest else palette.colour(bar.model) for bar in bars]},
            customdata=[None if bar.rest else [bar.model or ""] for bar in bars],
            hovertext=[f"{template.label(bar.label)}: {format.dollars(bar.nanos)}" for bar in bars],
            hovertemplate="%{hovertext}<extra></extra>",
        ),
        height=max(140, 48 * len(bars) + 16),
        hovermode="closest",
        bargap=0.4,
        xaxis={"visible": False, "rangemode": "tozero"},
        yaxis={
            "tickvals": list(range(len(bars))),
            "ticktext": [
                (f"{template.label(bar.label, 24)}<br><b>{format.dollars(bar.nanos)}</b> · {format.percent(bar.share)}")
                for bar in bars
            ],
            "tickfont": {"size": 13, "color": template.INK},
            "range": [len(bars) - 0.5, -0.5],
            "showgrid": False,
        },
    )
