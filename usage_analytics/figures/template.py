"""The one Plotly template, and who has which colour.

Colours are the placeholders that Streamlit's browser part replaces by the theme's own (`chartCategoricalColors` and greys of
`.streamlit/config.toml`), so one figure serves the light and the dark theme and is built once. Slot 10 of the theme is the grey for
everything that is not named. Text from data goes through `label()`, because Plotly reads a little HTML.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from usage_analytics import format
from usage_analytics.pricing import models

Figure = go.Figure

HUES: Final = tuple(f"#00000{n}" for n in range(1, 10))
GREY: Final = "#000010"
ACCENT: Final = HUES[0]
INK: Final = "#000037"  # text
FAINT_INK: Final = "#000036"  # text of axes
PAPER: Final = "#000038"  # the page behind the figure
GRID: Final = "#000039"
ACCENT_AREA: Final = "#000011"  # the accent, faint: what lies under a line of it
HARM: Final = "#000033"  # what has cost the person something; nothing else is red
HEIGHT: Final = 320
OTHER: Final = "Other"
AXIS: Final = {"showspikes": False, "tickfont": {"size": 12, "color": INK}, "title": {"text": None, "standoff": 0}}
MARGIN: Final = {"l": 0, "r": 8, "t": 8, "b": 0, "pad": 4}


@dataclass(frozen=True, slots=True)
class Palette:
    """The models of the whole database, highest first: the nine most expensive have a hue each, whatever the filter; the rest are gray."""

    models: tuple[str, ...] = ()

    def colour(self, model: str | None) -> str:
        """The model's colour on every page."""
        place = self.models.index(model) if model in self.models else len(HUES)
        return HUES[place] if place < len(HUES) else GREY


def model_label(model: str | None) -> str:
    """A model as people know it, fit for a table cell; "(none)" where the source names none."""
    return format.name(models.display_name(model)) if model else format.NONE


def label(text: str | None, longest: int = 40) -> str:
    """A name from data for a figure: its tags are shown, not obeyed."""
    return html.escape(format.name(text, longest), quote=False)


def figure(*traces: Any, height: int = HEIGHT, **layout: Any) -> go.Figure:
    """A figure with the house's template: no axis titles, light horizontal grid, all of a period under the pointer, tight margins."""
    # In the layout itself stands what Streamlit's theme would replace in the template.
    axes = {name: {**AXIS, **layout.pop(name, {})} for name in ("xaxis", "yaxis")}
    separators = format.numbers().decimal + format.numbers().thousands
    own = {
        "separators": separators,
        "hovermode": "x unified",
        "margin": MARGIN,
        "legend": {"font": {"size": 12, "color": INK}},
        **axes,
        **layout,
    }
    return go.Figure(data=list(traces), layout=go.Layout(template=TEMPLATE, height=height, **own))


def money_axis(longest: float | None = None) -> dict[str, Any]:
    """An axis of dollars that starts at zero; `longest` is the largest value, to decide on cents."""
    cents = longest is not None and longest < 4
    return {
        "tickprefix": "$",
        "tickformat": ",.2f" if cents else ",.0f" if longest is None or longest < 10_000 else ",.3~s",
        "rangemode": "tozero",
    }


def bar(**options: Any) -> go.Bar:
    """Bars with a hairline of the page's colour between them, so that neighbours part without relying on hue."""
    marker = {"line": {"color": PAPER, "width": 1}, **options.pop("marker", {})}
    return go.Bar(marker=marker, **options)


TEMPLATE: Final = go.layout.Template(
    layout={
        "colorway": list(HUES),
        "font": {"size": 13},
        "hoverlabel": {"font": {"size": 13}, "align": "left"},
        "barmode": "stack",
        "bargap": 0.25,
        "barcornerradius": 2,
        "showlegend": False,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal", "title": {"text": ""}},
        "dragmode": False,
        "clickmode": "event+select",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        # What stands above the bars, such as a moment of its own: a second scale from 0 to 1 that nobody sees.
        "yaxis2": {"overlaying": "y", "range": [0, 1.0], "visible": False, "fixedrange": True},
        "xaxis": {
            "showgrid": False,
            "zeroline": False,
            "showline": False,
            "ticks": "",
            "tickangle": 0,
            "title": {"text": ""},
            "automargin": True,
            "fixedrange": True,
        },
        "yaxis": {
            "gridcolor": GRID,
            "zeroline": False,
            "showline": False,
            "ticks": "",
            "nticks": 6,
            "title": {"text": ""},
            "automargin": True,
            "fixedrange": True,
        },
    }
)
