"""The frame: page config, navigation, shared filters, run the page."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from usage_analytics.ui import access, door, frame, sample, session, sidebar, welcome

HERE = Path(__file__).parent
STATIC = HERE / "static"
NAME = "Usage analytics"
SPEND = {
    "pages/spend/overview.py": ("Overview", ":material/space_dashboard:"),
    "pages/spend/models.py": ("Models", ":material/stacked_bar_chart:"),
    "pages/spend/conversations.py": ("Conversations", ":material/forum:"),
    "pages/spend/apps.py": ("Connected apps", ":material/apps:"),
}
CONTROL = {
    "pages/control/auto_reload.py": ("Auto-reload", ":material/autorenew:"),
    "pages/control/background.py": ("Background drain", ":material/nights_stay:"),
    "pages/control/savings.py": ("Savings", ":material/savings:"),
}
DATA = {
    "pages/data/imports.py": ("Imports", ":material/upload_file:"),
    "pages/data/reports.py": ("Reports", ":material/ios_share:"),
    "pages/data/settings.py": ("Settings", ":material/settings:"),
}


def pages(section: dict[str, tuple[str, str]]) -> list[st.Page]:
    """The pages of one section of the menu that there are for whoever is here."""
    closed = frozenset[str]() if access.is_owner() else access.OWNERS_ONLY
    return [
        st.Page(path, title=title, icon=icon)
        for path, (title, icon) in section.items()
        if path not in closed and (HERE / path).exists()
    ]


st.set_page_config(page_title=NAME, layout="wide")
door.enter()
st.set_page_config(page_icon=str(STATIC / "favicon.png"))  # pictures are for who is in
st.logo(str(STATIC / f"logo-{session.theme()}.svg"), size="large", icon_image=str(STATIC / "mark.svg"))
sections = {"Spend": pages(SPEND), "Control": pages(CONTROL), "Data": pages(DATA)}
page = st.navigation({name: found for name, found in sections.items() if found})
st.set_page_config(page_title=f"{page.title} · {NAME}")
paths = {title: path for section in (SPEND, CONTROL, DATA) for path, (title, _) in section.items()}
sidebar.show(paths[page.title], {one.title: paths[one.title] for found in sections.values() for one in found})
filtered = page.title in {"Savings", "Reports", *(title for title, _ in SPEND.values())}
frame.show(page.run, filtered=filtered, sample=partial(sample.show, page.title), without_data=welcome.show)
