"""A call's cost by its position in the conversation, in multiples of the first: history sent again below, what is new above it."""

from __future__ import annotations

from usage_analytics import format
from usage_analytics.answers.conversations import Curve, Position
from usage_analytics.figures import template
from usage_analytics.figures.template import Figure


def by_position(found: Curve, message: int, claimed: int) -> Figure:
    """One bar a band of positions; the one with `message` says how many times the first it costs, beside what was claimed."""
    positions = [position for position in found.positions if position.times is not None]
    again = [position.times_again for position in positions]
    new = [(position.times or 0) - part for position, part in zip(positions, again, strict=True)]
    top = 1.3 * max((position.times or 0 for position in positions), default=1)
    marked = found.at(message)
    return template.figure(
        _bars("Re-sent history", positions, again, template.ACCENT),
        _bars("New in this call", positions, new, template.GREY),
        height=270,
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
        annotations=[_mark(positions.index(marked), marked, top, message, claimed)] if marked in positions else [],
    )


def calls(costs: tuple[float | None, ...]) -> Figure:
    """One bar a call of a conversation, in order; `costs` are in dollars."""
    return template.figure(
        template.bar(
            name="Cost",
            x=list(range(1, len(costs) + 1)),
            y=list(costs),
            marker={"color": template.ACCENT, "line": {"width": 0}},
            hovertemplate="Call %{x}: %{y:$,.4f}<extra></extra>",
        ),
        height=200,
        hovermode="closest",
        bargap=0.15,
        xaxis={"nticks": 6, "tickformat": ",d"},
        yaxis={**template.money_axis(max((cost or 0 for cost in costs), default=0)), "nticks": 4},
    )


def _bars(name: str, positions: list[Position], heights: list[float], colour: str) -> object:
    said = []
    for position in positions:
        part = ""
        if position.again is not None and position.per_call:
            part = f", {format.percent(position.again / position.per_call)} of it history"
        said.append(
            f"<b>Message {position.name}: {format.decimal(position.times or 0)}× the first</b><br>"
            f"{format.dollars(position.per_call)} a call{part}<br>"
            f"{format.tokens(position.prompt_tokens)} tokens sent a call, {format.plural(position.calls, 'call')}"
        )
    return template.bar(
        name=name,
        x=[str(position.first) for position in positions],
        y=heights,
        marker={"color": colour},
        hovertext=said,
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _mark(bar: int, position: Position, top: float, message: int, claimed: int) -> dict[str, object]:
    """What the bar with the message says, above all bars, with a line down to it."""
    return {
        "x": bar,  # a category by its number: names that are numbers would be taken for such
        "y": position.times,
        "ax": bar,
        "ay": top,
        "axref": "x",
        "ayref": "y",
        "yanchor": "top",
        "text": f"<b>Message {message}: {format.decimal(position.times or 0)}×</b><br>Popular claim: up to {claimed}×",
        "arrowhead": 0,
        "arrowwidth": 1,
        "arrowcolor": template.FAINT_INK,
        "font": {"color": template.INK, "size": 12},
        "bgcolor": template.PAPER,
    }
