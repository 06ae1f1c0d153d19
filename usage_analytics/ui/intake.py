"""Bringing usage in, as a person sees it: the offers, progress, a preview before anything is added, a receipt afterwards."""

from __future__ import annotations

from typing import Final

import streamlit as st

from usage_analytics import format
from usage_analytics.answers import imports
from usage_analytics.importers import NAMES, importer
from usage_analytics.ingest.retention import Retention, retention
from usage_analytics.ingest.sources import Source, sources
from usage_analytics.ingest.uploads import Upload
from usage_analytics.ingest.waiting import Waiting, waiting
from usage_analytics.store import Store
from usage_analytics.ui import incoming, mapping, receipts, session
from usage_analytics.ui.text import md

LARGEST_UPLOAD_MB: Final = 100


def show() -> None:
    """Draw where the person is, on the page Imports."""
    intake = incoming.current()
    if session.asked_for_sync() and intake.job is None:
        incoming.sync()
    if underway():
        return
    notice()
    if intake.receipt is not None:
        receipts.receipt(intake.receipt, on_close=incoming.forget)
    _offers()


def underway() -> bool:
    """Draw what is being read, mapped or previewed, if anything is; whether it did."""
    intake = incoming.current()
    if intake.job is not None:
        _working()
    elif intake.waiting:
        first, *others = intake.waiting
        key = f"map {intake.round} {len(intake.tried)} {first.table.facts.name}"
        mapping.show(first, len(others), key, on_use=incoming.use, on_skip=lambda: intake.skipped.add(first.table.facts.name))
    elif intake.found is not None:
        receipts.preview(intake.found[1], on_import=incoming.commit, on_discard=incoming.discard)
        if read := intake.found[0].summaries:
            mapping.summaries(read, on_change=incoming.map_again if intake.tried else None)
    else:
        return False
    return True


def notice() -> None:
    """Say once why the last work came to nothing."""
    intake = incoming.current()
    if intake.notice:
        st.info(md(intake.notice), icon=":material/info:")
        intake.notice = ""


@st.fragment(run_every=0.5)
def _working() -> None:
    intake = incoming.current()
    job = intake.job
    if job is None or job.finished:
        st.rerun()
    share, said = imports.reading(job.progress, intake.then)
    with st.container(border=True, key="working"):
        st.header("Reading" if job.reading else "Read", anchor=False)
        st.progress(share, md(said))
        if job.cancelled:
            st.caption("Canceling …")
        else:
            st.button("Cancel", on_click=job.cancel, icon=":material/close:", disabled=not job.reading)


def _offers() -> None:
    known, keeping = offered()
    left, right = st.columns(2, gap="small")
    with left.container(border=True, height="stretch", key="sync"):
        st.header("Sync", anchor=False)
        _folders(known, keeping)
    with right.container(border=True, height="stretch", key="upload"):
        st.header("Files", anchor=False)
        uploader("Drop exports, transcripts or spreadsheets here (.zip and .gz work too)")
        formats = format.listed([importer(name).label for name in NAMES if name != "mapped"], most=len(NAMES))
        with st.popover("Supported formats", icon=":material/description:"):
            st.markdown(f"Supported: {formats}. We detect the format from the content.")
            st.markdown("Any other table of usage (CSV, Excel, JSON): we propose what its columns mean.")
            st.markdown(f"For more than {LARGEST_UPLOAD_MB} MB, or a whole folder: `usage-analytics import FOLDER`.")


def offered() -> tuple[Waiting, tuple[Retention, ...]]:
    """What a sync would read, and which transcripts Claude Code will delete."""
    state = f"{session.database()} {session.store().revision} {session.control().revision}"
    return _waiting(state, session.store(), sources(session.control()))


def uploader(label: str) -> None:
    """Draw where files can be dropped, and begin to read them once they are."""
    files = st.file_uploader(
        label, accept_multiple_files=True, max_upload_size=LARGEST_UPLOAD_MB, key=f"files {incoming.current().round}"
    )
    if files:
        incoming.read([Upload(file.name, file) for file in files])
        st.rerun()


def _folders(known: Waiting, keeping: tuple[Retention, ...]) -> None:
    if not known.folders and not known.asks:
        st.markdown("We found no Claude Code folder in your home folder. If yours is elsewhere, add it in Settings.")
        return
    for folder in known.folders:
        st.markdown(
            f"{md(folder.name)}  \n:gray[{md(format.plural(folder.files, 'transcript'))}, {md(format.size(folder.bytes))}]"
        )
    if known.asks:
        st.markdown("Anthropic organization APIs  \n:gray[usage and cost of your organization]")
    if known.folders:
        st.caption(md(imports.waiting(sum(one.files for one in known.folders), known.new_files, known.new_bytes)))
    for kept in keeping:
        st.caption(md(" ".join(imports.kept_safe(kept, session.now(), session.zone()))))
    st.button(
        "Sync now",
        type=session.main_button() if known.new_files or known.asks else "secondary",
        icon=":material/sync:",
        on_click=incoming.sync,
        disabled=not (known.new_files or known.asks),
    )


@st.cache_data(ttl=20, max_entries=8, show_spinner=False)
def _waiting(state: str, _store: Store, _known: tuple[Source, ...]) -> tuple[Waiting, tuple[Retention, ...]]:
    """What a sync would find and what will be deleted, looked up again after a while, and whenever the database has changed."""
    assert state
    return waiting(_store, known=_known), retention(_store, session.now())
