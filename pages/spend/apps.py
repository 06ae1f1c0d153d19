"""Which connected app spends it?"""

import streamlit as st

from usage_analytics.answers import apps
from usage_analytics.figures import apps as figures
from usage_analytics.ui import frame, parts
from usage_analytics.ui.columns import APPS, APPS_BY_TIME, NEWS
from usage_analytics.ui.parts import Column, Pick

view = frame.current()
parts.question("Which connected app spends it?")
split = st.segmented_control(
    "Split by", list(apps.SPLITS), default="App", required=True, key="split", bind="query-params", label_visibility="collapsed"
)
by = apps.SPLITS[split]
what = apps.WORDS[by][0]
parts.some(view, view.read("apps", by=by))
found = view.kept(
    f"apps {by} {view.first_at}",
    lambda: apps.judge(
        by,
        view.load(apps.queries(by)),
        view.read_before("apps", by=by),
        period=view.period,
        filters=view.filters,
        moment=view.now,
        data_from=view.first_at,
    ),
)

parts.answer(found.answer)
parts.kpis(view, found.kpis)
parts.chart(
    f"When did each {what} spend?",
    view.figure(figures.over_time, found.bars, found.coloured, by),
    view.read("apps_by_time", by=by),
    APPS_BY_TIME,
    key=f"spend-by-{by}",
    alt=f"Spend by {found.bars.grain} and {what}. {found.answer.lead}",
    picks="days",
    note="A click on a bar looks at its days." + (" The hatched bar is not over yet." if found.bars.running else ""),
)
parts.breakdown(
    "Who spends, since when, and how much of it by itself?",
    found.rows,
    {"label": Column(what.capitalize()), **(NEWS if found.rows["is_new"].any() else {}), **APPS},
    key=f"table-by-{by}",
    alt=f"Spend by {what}, dearest first",
    picks=None if by == "run" else Pick(by, "value"),
    total={"unattended": found.unattended},
    zone=view.filters.zone,
)
parts.method(view, apps.NOTE)
