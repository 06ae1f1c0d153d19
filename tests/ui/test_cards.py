"""A figure in its card is taller on a phone, where its legend takes a line for each name."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest
import streamlit as st

from usage_analytics.figures import template
from usage_analytics.ui import cards, screen


@pytest.mark.parametrize(
    ("width", "names", "height"), [(390, 7, 220 + 3 * 19), (390, 2, 220), (1280, 7, "content"), (390, 0, "content")]
)
def test_a_legend_squeezes_no_bars_on_a_phone(monkeypatch: pytest.MonkeyPatch, width: int, names: int, height: int | str) -> None:
    monkeypatch.setattr(type(st.context), "cookies", {screen.COOKIE: str(width)})
    bars = [go.Bar(name=str(name), y=[1]) for name in range(max(names, 1))]
    figure = template.figure(*bars, height=220, showlegend=names > 0)
    assert cards._height(figure) == height
