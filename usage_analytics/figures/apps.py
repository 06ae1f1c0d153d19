"""Spend over time, stacked by app, project, account or run type; each keeps its colour whatever is filtered."""

from __future__ import annotations

from functools import partial

from usage_analytics.answers import apps
from usage_analytics.answers.apps import By
from usage_analytics.answers.timeline import Timeline
from usage_analytics.figures import timeline
from usage_analytics.figures.template import HUES, Figure, Palette


def over_time(bars: Timeline, values: tuple[str, ...], by: By) -> Figure:
    """One bar a period. `values` are the most expensive of all time, in the order of their colors."""
    return timeline.spend(bars, palette(bars, values), label=partial(apps.label, by))


def palette(bars: Timeline, values: tuple[str, ...]) -> Palette:
    """The most expensive of all time keep their colors; the rest use colors that are free in this figure."""
    drawn = [series.value for series in bars.series if series.value]
    slots = list(values[: len(HUES)])
    slots += [""] * (len(HUES) - len(slots))
    free = [place for place, value in enumerate(slots) if value not in drawn]
    for place, value in zip(free, [value for value in drawn if value not in slots], strict=False):
        slots[place] = value
    return Palette(tuple(slots))
