"""Plotly figures from judgements. One template; colours follow the reader's light or dark theme; a model keeps its colour everywhere."""
