"""What each saving is worth in a month, and a month as it was beside one with what was chosen."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from usage_analytics import format
from usage_analytics.answers.savings import Range, WhatIf
from usage_analytics.figures import template
from usage_analytics.figures.template import Figure


def ranges(savings: tuple[tuple[str, Range], ...]) -> Figure:
    """One row a saving, by its title: its range as a bar, the middle as a dot, the largest on top."""
    places, most = list(range(len(savings))), max((saves.high / 1e9 for _, saves in savings), default=1.0)
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
            cliponaxis=False,  # a saving of next to nothing is a whole dot too
            hoverinfo="skip",
        ),
        height=48 * len(savings) + 60,
        hovermode="closest",
        bargap=0.72,
        xaxis={
            **template.money_axis(most),
            "nticks": 5,
            "showgrid": True,
            "gridcolor": template.GRID,
            "range": [0, 1.03 * most],  # a bar shows how much, so the axis begins at nothing
        },
        yaxis={"showticklabels": False, "range": [len(savings) - 0.5, -0.75], "showgrid": False},
        annotations=[_above(place, title, saves) for place, (title, saves) in enumerate(savings)],
    )


def _above(place: int, title: str, saves: Range) -> dict[str, Any]:
    """A row's name above its bar, so that a phone has room for both."""
    return {
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": place,
        "yshift": 17,
        "text": f"{template.label(title)} <b>{format.dollars(saves.mid)}</b>",
        "font": {"size": 13, "color": template.INK},
        "showarrow": False,
    }


def before_and_after(found: WhatIf) -> Figure:
    """Two bars: a month as it was, and as it would be with the range of what is saved."""
    now, then = found.before / 1e9, found.after / 1e9
    least, most = (found.before - found.saves.high) / 1e9, (found.before - found.saves.low) / 1e9
    return template.figure(
        template.bar(
            orientation="h",
            y=[0, 1],
            x=[now, then],
            marker={"color": [template.GREY, template.ACCENT]},
            hovertext=[format.dollars(found.before), f"{format.dollars(found.after)}, saving {found.saves.words}"],
            hovertemplate="%{hovertext} a month<extra></extra>",
        ),
        go.Scatter(
            x=[least, most], y=[1, 1], mode="lines+markers", line={"color": template.INK}, marker={"size": 7}, hoverinfo="skip"
        ),
        height=130,
        hovermode="closest",
        bargap=0.35,
        xaxis={**template.money_axis(now), "showgrid": True, "gridcolor": template.GRID, "nticks": 5, "range": [0, now * 1.05]},
        yaxis={
            "tickvals": [0, 1],
            "ticktext": [
                f"As it was<br><b>{format.dollars(found.before)}</b>",
                f"As chosen<br><b>{format.dollars(found.after)}</b>",
            ],
            "tickfont": {"size": 13, "color": template.INK},
            "range": [1.5, -0.5],
            "showgrid": False,
        },
    )
