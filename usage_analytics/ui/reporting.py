"""Making a report: what is in it, what becomes of names, what exactly leaves, and the files."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, Final

import streamlit as st

from usage_analytics import format, reports
from usage_analytics.question import Question
from usage_analytics.reports import SECTIONS, Format, Redaction, Report
from usage_analytics.ui import access, session
from usage_analytics.ui.text import md

_LEVELS: Final[dict[str, Redaction]] = {words: level for level, words in reports.REDACTIONS.items()}
_MEANS: Final[dict[Redaction, str]] = {
    "none": "Shows app and project names. Email addresses, keys, paths and IDs are never included.",
    "names": "Replaces every app, project and account name: App 2, Project A, Person 1.",
    "totals": "No app, project or account names. Models are shown.",
}
_FILES: Final[dict[Format, tuple[str, str, str]]] = {
    "html": ("Web page", "text/html", "One file that opens anywhere: browser, email, phone, print"),
    "pdf": ("PDF", "application/pdf", "Pages to print or attach"),
    "md": ("Markdown", "text/markdown", "To paste into a chat or an issue"),
    "json": ("JSON", "application/json", "For programs, and to compare with a later report"),
}
_PREVIEW_HEIGHT: Final = 860


def chosen(question: Question) -> Report:
    """Draw what can be chosen, and make the report of it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        level = st.segmented_control(
            "Names", list(_LEVELS), default="Real names", required=True, key="redact", label_visibility="collapsed"
        )
        with st.popover("Sections", icon=":material/checklist:"):
            kept = st.pills(
                "Sections",
                list(SECTIONS),
                default=list(SECTIONS),
                selection_mode="multi",
                format_func=SECTIONS.__getitem__,
                key="report sections",
            )
        earlier = _earlier()
    redaction = _LEVELS[level]
    st.caption(md(_MEANS[redaction]))
    sections = tuple(section for section in SECTIONS if section in kept)
    name = f"report {redaction} {sections} {hash(json.dumps(earlier))}"
    return question.kept(name, lambda: reports.make(question, redaction=redaction, sections=sections, earlier=earlier))


def files(report: Report) -> None:
    """The report in every format; each is made when it is asked for."""
    with st.container(horizontal=True, gap="small", key="report files"):
        for form, (label, kind, means) in _FILES.items():
            st.download_button(
                label,
                data=partial(reports.render, report, form),
                file_name=reports.file_name(report, form),
                mime=kind,
                key=f"report {form}",
                icon=":material/download:",
                type=session.main_button() if form == "html" else "secondary",
                on_click="ignore",
                help=means,
            )


def preview(report: Report) -> None:
    """Exactly what leaves: the page itself, which has no script and can load nothing."""
    page = reports.render(report, "html").decode()
    with st.container(border=True, key="card preview"):
        st.header("Preview", anchor=False)
        st.caption(md(f"{format.size(len(page.encode()))}, {report.span}. Opens offline and looks the same for everyone."))
        st.iframe(page, height=_PREVIEW_HEIGHT, tab_index=0, alt="Report preview")


def _earlier() -> dict[str, Any] | None:
    """An earlier report to compare with, from its JSON; None where none is given, or where the file is none.

    The server takes uploads from owners only.
    """
    if not access.is_owner():
        return None
    with st.popover("Compare", icon=":material/compare_arrows:"):
        given = st.file_uploader("Earlier report (JSON)", type="json", key="report earlier", max_upload_size=2)
    if given is None:
        return None
    try:
        found = json.loads(given.getvalue())
    except ValueError:
        found = None
    if isinstance(found, dict) and "report" in found:
        return found
    st.warning("That file isn't a report in JSON. Download one here to compare with later.")
    return None
