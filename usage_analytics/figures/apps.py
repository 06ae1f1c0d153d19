"""Spend over time, stacked by app, project, account or run class; each keeps its colour whatever is filtered."""

from __future__ import annotations

from functools import partial

from usage_analytics.analysis import apps
from usage_analytics.analysis.apps import By
from usage_analytics.analysis.timeline import Timeline
from usage_analytics.figures import timeline
from usage_analytics.figures.template import Figure, Palette


def over_time(bars: Timeline, values: tuple[str, ...], by: By) -> Figure:
    """One bar a period. `values` are the dearest of all time, in the order of their colours."""
    return timeline.spend(bars, Palette(values), label=partial(apps.label, by))
