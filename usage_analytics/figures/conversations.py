"""A call's cost by its place in the conversation, in multiples of the first: history sent again below, what is new above it."""

from __future__ import annotations

from usage_analytics import format
from usage_analytics.answers.conversations import Curve, Place
from usage_analytics.figures import template
from usage_analytics.figures.template import Figure


def by_place(found: Curve, message: int, claimed: int) -> Figure:
    """One bar a band of places; the one with `message` says how many times the first it costs, beside what was claimed."""
    places = [place for place in found.places if place.times is not None]
    again = [place.times_again for place in places]
    new = [(place.times or 0) - part for place, part in zip(places, again, strict=True)]
    top = 1.3 * max((place.times or 0 for place in places), default=1)
    marked = found.at(message)
    return template.figure(
        _bars("History sent again", places, again, template.ACCENT),
        _bars("New in this call", places, new, template.GREY),
        height=340,
        showlegend=True,
        hovermode="closest",
        xaxis={"type": "category"},
        yaxis={"ticksuffix": "×", "range": [0, top], "tickformat": "~r"},
        shapes=[
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": 1,
                "y1": 1,
                "line": {"color": template.FAINT_INK, "width": 1, "dash": "dot"},
            }
        ],
        annotations=[_mark(places.index(marked), marked, top, message, claimed)] if marked in places else [],
    )


def _bars(name: str, places: list[Place], heights: list[float], colour: str) -> object:
    return template.bar(
        name=name,
        x=[str(place.first) for place in places],
        y=heights,
        marker={"color": colour},
        hovertext=[_said(place) for place in places],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _said(place: Place) -> str:
    part = f", {format.percent(place.again / place.per_call)} of it history" if place.again is not None and place.per_call else ""
    return (
        f"<b>Message {place.name}: {place.times or 0:,.1f}× the first</b><br>"
        f"{format.dollars(place.per_call)} a call{part}<br>"
        f"{format.tokens(place.prompt_tokens)} tokens sent a call, {format.plural(place.calls, 'call')}"
    )


def _mark(bar: int, place: Place, top: float, message: int, claimed: int) -> dict[str, object]:
    """What the bar with the message says, above all bars, with a line down to it."""
    return {
        "x": bar,  # a category by its number: names that are numbers would be taken for such
        "y": place.times,
        "ax": bar,
        "ay": top,
        "axref": "x",
        "ayref": "y",
        "yanchor": "top",
        "text": f"<b>Message {message}: {place.times:,.1f}×</b><br>The article: up to {claimed}×",
        "arrowhead": 0,
        "arrowwidth": 1,
        "arrowcolor": template.FAINT_INK,
        "font": {"color": template.INK, "size": 12},
        "bgcolor": template.PAPER,
    }
