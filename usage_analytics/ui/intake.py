"""Bringing usage in: sync and uploads read in the background, a preview before anything is added, a receipt afterwards."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from usage_analytics import format, ingest
from usage_analytics.answers import imports
from usage_analytics.errors import UsageError
from usage_analytics.importers import NAMES, importer
from usage_analytics.ingest import Progress, Tell
from usage_analytics.ingest.job import Job
from usage_analytics.ingest.preview import Preview, preview
from usage_analytics.ingest.retention import Retention, retention
from usage_analytics.ingest.sources import Source, Sync, sources, together
from usage_analytics.ingest.uploads import Upload, stage_uploads
from usage_analytics.ingest.waiting import Waiting, waiting
from usage_analytics.store import Store
from usage_analytics.ui import access, mapping, receipts, session
from usage_analytics.ui.text import md

if TYPE_CHECKING:
    from usage_analytics.importers.mapped.mapping import Mapping
    from usage_analytics.importers.mapped.proposal import Proposal

LARGEST_UPLOAD_MB: Final = 100
_KEY: Final = "_intake"
_ADDING: Final = "Saving …"


@dataclass
class Intake:
    """Where a person is: at work on `job`, looking at what was `found`, or at the `receipt`; else at the offers."""

    job: Job[Any] | None = None
    then: str = ""  # what the job does once it has read
    found: tuple[ingest.Staged, Preview] | None = None
    receipt: ingest.Receipt | None = None
    keeper: weakref.finalize[..., Any] | None = None  # removes what was found, should the person leave without a word
    notice: str = ""
    round: int = 0  # of the uploader: the next one begins empty
    uploads: list[Upload] = field(default_factory=list)  # to be read again with a mapping
    tried: list[Mapping] = field(default_factory=list)  # the mappings that the person made for them, the newest first
    skipped: set[str] = field(default_factory=set)  # tables that are left out

    @property
    def waiting(self) -> list[Proposal]:
        """Tables to be mapped."""
        return [one for one in self.found[0].proposals if one.table.facts.name not in self.skipped] if self.found else []


def show() -> None:
    """Draw where the person is."""
    intake = _intake()
    if session.asked_for_sync() and intake.job is None:
        _sync()
    if intake.job is not None and intake.job.finished:
        _take_result(intake)
    if intake.job is not None:
        _working()
    elif intake.waiting:
        first, *others = intake.waiting
        key = f"map {intake.round} {len(intake.tried)} {first.table.facts.name}"
        mapping.show(first, len(others), key, on_use=_use, on_skip=lambda: intake.skipped.add(first.table.facts.name))
    elif intake.found is not None:
        receipts.preview(intake.found[1], on_import=_commit, on_discard=_discard)
        if read := intake.found[0].summaries:
            mapping.summaries(read, on_change=_map_again if intake.tried else None)
    else:
        if intake.notice:
            st.info(md(intake.notice), icon=":material/info:")
            intake.notice = ""
        if intake.receipt is not None:
            receipts.receipt(intake.receipt, on_close=forget)
        _offers(intake)


def _take_result(intake: Intake) -> None:
    """What came of the work in the background, once it has ended."""
    job, intake.job = intake.job, None
    if job is not None:
        try:
            result = job.result()
        except ingest.Cancelled:
            intake.round += 1
            intake.notice = "Cancelled. Nothing was added."
        except UsageError as error:
            intake.round += 1
            intake.notice = str(error)
        else:
            if isinstance(result, ingest.Receipt):
                intake.receipt, intake.round = result, intake.round + 1
                st.toast(md(imports.received(result).lead), icon=":material/check:")
            else:
                intake.found, intake.keeper = result, weakref.finalize(intake, result[0].discard)


def forget() -> None:
    """Put the last receipt away."""
    _intake().receipt = None


def _intake() -> Intake:
    intake: Intake = st.session_state.setdefault(_KEY, Intake())
    return intake


def _own_store() -> Store:
    """The person's own database: nothing is ever added to the sample."""
    if session.is_sample():
        session.start_with_own_data()
    return session.store()


def _begin(work: Callable[..., Any], then: str) -> None:
    access.owner_only()
    intake = _intake()
    intake.job, intake.then, intake.receipt, intake.notice = Job(work), then, None, ""


def _sync() -> None:
    store = _own_store()
    intake, control, moment = _intake(), session.control(), session.now()

    def read(tell: Tell, cancelled: Callable[[], bool]) -> ingest.Receipt:
        found = Sync(store, control, moment, tell, cancelled).read()
        intake.notice = " ".join(one.problem for one in found if one.problem)
        return together(found)

    _begin(read, _ADDING)


@st.fragment(run_every=0.5)
def _working() -> None:
    intake = _intake()
    job = intake.job
    if job is None or job.finished:
        st.rerun()
    share, said = imports.reading(job.progress, intake.then)
    with st.container(border=True, key="working"):
        st.header("Reading" if job.reading else "Read", anchor=False)
        st.progress(share, md(said))
        if job.cancelled:
            st.caption("Cancelling …")
        else:
            st.button("Cancel", on_click=job.cancel, icon=":material/close:", disabled=not job.reading)


def _offers(intake: Intake) -> None:
    state = f"{session.database()} {session.store().revision} {session.control().revision}"
    known, keeping = _waiting(state, session.store(), sources(session.control()))
    left, right = st.columns(2, gap="small")
    with left.container(border=True, height="stretch", key="sync"):
        st.header("Sync", anchor=False)
        _folders(known, keeping)
    with right.container(border=True, height="stretch", key="upload"):
        st.header("Files", anchor=False)
        files = st.file_uploader(
            "Drop exports, transcripts and spreadsheets here, also as .zip or .gz",
            accept_multiple_files=True,
            max_upload_size=LARGEST_UPLOAD_MB,
            key=f"files {intake.round}",
        )
        formats = format.listed([importer(name).label for name in NAMES if name != "mapped"], most=len(NAMES))
        with st.popover("Supported formats", icon=":material/description:", type="tertiary"):
            st.markdown(f"Supported: {formats}. We detect the format from the content.")
            st.markdown("Any other table of usage (CSV, Excel, JSON): we propose what its columns mean.")
            st.markdown(f"For more than {LARGEST_UPLOAD_MB} MB, or a whole folder: `usage-analytics import FOLDER`.")
    if files:
        intake.uploads, intake.tried, intake.skipped = [Upload(file.name, file) for file in files], [], set()
        _read_uploads()
        st.rerun()


def _read_uploads() -> None:
    """Read the uploads, with the mappings that were made for them so far."""
    intake = _intake()
    uploads, tables = intake.uploads, ingest.Tables(tried=tuple(intake.tried))
    store, moment = _own_store(), session.now()

    def read(tell: Tell, cancelled: Callable[[], bool]) -> tuple[ingest.Staged, Preview]:
        ready = stage_uploads(store, uploads, tell, cancelled, tables)
        return ready, preview(store, ready, moment)

    _begin(read, "Counting what is new …")


def _use(made: Mapping) -> None:
    """Read the uploads again with a mapping that the person made for one of them."""
    intake = _intake()
    _read_again(intake, [made, *intake.tried])


def _map_again() -> None:
    """Ask anew what the columns of the uploads mean."""
    _read_again(_intake(), [])


def _read_again(intake: Intake, tried: list[Mapping]) -> None:
    intake.tried = tried
    if intake.keeper is not None:
        intake.keeper()
    intake.found = None
    _read_uploads()


def _folders(known: Waiting, keeping: tuple[Retention, ...]) -> None:
    if not known.folders and not known.asks:
        st.markdown("No Claude Code folder was found in the home folder. If yours is elsewhere, add it in Settings.")
        return
    for folder in known.folders:
        st.markdown(
            f"{md(folder.name)}  \n:gray[{md(format.plural(folder.files, 'transcript'))}, {md(format.size(folder.bytes))}]"
        )
    if known.asks:
        st.markdown("Anthropic organization APIs  \n:gray[usage and cost of your organization]")
    if known.folders:
        st.caption(md(imports.waiting(known.new_files, known.new_bytes)))
    for kept in keeping:
        st.caption(md(" ".join(imports.kept_safe(kept, session.now(), session.zone()))))
    st.button(
        "Sync now",
        type=session.main_button() if known.new_files or known.asks else "secondary",
        icon=":material/sync:",
        on_click=_sync,
        disabled=not (known.new_files or known.asks),
    )


@st.cache_data(ttl=20, max_entries=8, show_spinner=False)
def _waiting(state: str, _store: Store, _known: tuple[Source, ...]) -> tuple[Waiting, tuple[Retention, ...]]:
    """What a sync would find and what will be deleted, looked up again after a while, and whenever the database has changed."""
    assert state
    return waiting(_store, known=_known), retention(_store, session.now())


def _commit() -> None:
    intake = _intake()
    if intake.found is not None:
        store, (staged, _) = _own_store(), intake.found
        if intake.keeper is not None:
            intake.keeper.detach()  # from here on the import itself removes them
        intake.found, intake.uploads = None, []

        made = [one for one in intake.tried if one.name and any(one.name == used.mapping for _, used in staged.summaries)]

        def add(tell: Tell, _cancelled: Callable[[], bool]) -> ingest.Receipt:
            tell(Progress(1, 1, sum(one.lines for one in staged.batch.imports), 0, 0, 0.0))  # all of it has been read before
            receipt = ingest.commit(store, staged)
            ingest.keep(store, made)
            return receipt

        _begin(add, _ADDING)


def _discard() -> None:
    intake = _intake()
    if intake.keeper is not None:
        intake.keeper()
    intake.found, intake.uploads, intake.round = None, [], intake.round + 1
