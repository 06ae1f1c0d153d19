"""Which connected app costs the most?"""

import streamlit as st

from usage_analytics.answers import apps
from usage_analytics.figures import apps as figures
from usage_analytics.ui import frame, parts
from usage_analytics.ui.columns import APPS, APPS_BY_TIME, GUESSED, NEWS
from usage_analytics.ui.parts import Column, Pick

question = frame.current()
parts.question("Which connected app costs the most?")
split = st.segmented_control(
    "Split by",
    list(apps.SPLITS),
    default="App",
    required=True,
    key="split",
    bind="query-params",
    label_visibility="collapsed",
    wrap=True,
)
by = apps.SPLITS[split]
what = apps.WORDS[by][0]
found = apps.answer(question, by)
parts.some(question, found.rows)

parts.answer(found.headline)
parts.kpis(question, found.figures)
parts.chart(
    f"Spend over time by {what}",
    parts.figure(figures.over_time, found.bars, found.coloured, by),
    found.over_time,
    APPS_BY_TIME,
    key=f"spend-by-{by}",
    alt=f"Spend by {found.bars.grain} and {what}. {found.headline.lead}",
    picks="days",
    note="Click a bar to zoom in on it." + (" Hatched: period still in progress." if found.bars.running else ""),
)
parts.breakdown(
    f"Spend by {what}",
    found.rows,
    {
        "label": Column(what.capitalize()),
        **APPS,
        **(NEWS if found.rows["is_new"].any() else {}),
        **(GUESSED if found.rows["guessed_nanos"].any() else {}),
    },
    key=f"table-by-{by}",
    alt=f"Spend by {what}, highest first",
    picks=None if by == "run" else Pick(by, "value"),
    total={"unattended": found.unattended},
    zone=question.filters.zone,
)
parts.method(question, apps.NOTE, found=found)
