"""Usage on its way in: what a person's import is waiting for, the work in the background, and what came of it. Nothing here draws."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from usage_analytics import ingest, periods
from usage_analytics.answers import imports
from usage_analytics.errors import UsageError
from usage_analytics.filters import Filters
from usage_analytics.ingest import Progress, Tell
from usage_analytics.ingest.duplicates import count_separately
from usage_analytics.ingest.job import Job
from usage_analytics.ingest.preview import Preview, preview
from usage_analytics.ingest.sources import Sync, together
from usage_analytics.ingest.uploads import Upload, stage_uploads
from usage_analytics.store import Store
from usage_analytics.ui import access, filterbar, session
from usage_analytics.ui.import_columns import COUNT_AGAIN
from usage_analytics.ui.text import md

if TYPE_CHECKING:
    from usage_analytics.importers.mapped.mapping import Mapping
    from usage_analytics.importers.mapped.proposal import Proposal

_KEY: Final = "_intake"
_ADDING: Final = "Saving …"
_RECENT: Final = timedelta(days=30)  # what a page shows unless it is asked for more


@dataclass
class Intake:
    """Where a person is: at work on `job`, looking at what was `found`, or at the `receipt`; else at the offers."""

    job: Job[Any] | None = None
    then: str = ""  # what the job does once it has read
    is_first: bool = False  # whether there was no usage yet when the job began
    found: tuple[ingest.Staged, Preview] | None = None
    receipt: ingest.Receipt | None = None
    keeper: weakref.finalize[..., Any] | None = None  # removes what was found if the person just leaves
    notice: str = ""
    round: int = 0  # of the uploader: the next one begins empty
    uploads: list[Upload] = field(default_factory=list)  # to be read again with a mapping
    tried: list[Mapping] = field(default_factory=list)  # the mappings that the person made for them, the newest first
    skipped: set[str] = field(default_factory=set)  # tables that are left out

    @property
    def waiting(self) -> list[Proposal]:
        """Tables to be mapped."""
        return [one for one in self.found[0].proposals if one.table.facts.name not in self.skipped] if self.found else []


def current() -> Intake:
    """The person's own."""
    intake: Intake = st.session_state.setdefault(_KEY, Intake())
    return intake


def is_first() -> bool:
    """Whether the first usage is on its way: until all of it is there, no page answers."""
    intake = current()
    return intake.job is not None and intake.is_first


def settle() -> None:
    """Take what came of the work in the background, once it has ended."""
    intake = current()
    job = intake.job
    if job is None or not job.finished:
        return
    intake.job = None
    try:
        result = job.result()
    except (ingest.Cancelled, UsageError) as error:
        intake.round += 1
        intake.notice = "Canceled. Nothing was imported." if isinstance(error, ingest.Cancelled) else str(error)
        return
    if not isinstance(result, ingest.Receipt):
        intake.found, intake.keeper = result, weakref.finalize(intake, result[0].discard)
        return
    intake.receipt, intake.round = result, intake.round + 1
    st.toast(md(imports.received(result).lead), icon=":material/check:")
    last = session.question(periods.everything, Filters()).last_at
    if intake.is_first and last is not None and session.now() - last > _RECENT:
        filterbar.show_all()  # the usual dates hold nothing of it


def forget() -> None:
    """Put the last receipt away."""
    current().receipt = None


def sync() -> None:
    """Begin to read everything that is new on this machine and in the other sources."""
    store = _own_store()
    intake, control, moment = current(), session.control(), session.now()

    def synced(tell: Tell, cancelled: Callable[[], bool]) -> ingest.Receipt:
        found = Sync(store, control, moment, tell, cancelled).read()
        intake.notice = " ".join(one.problem for one in found if one.problem)
        return together(found)

    _begin(synced, _ADDING)


def read(uploads: list[Upload]) -> None:
    """Begin to read files; they are shown before anything is added."""
    intake = current()
    intake.uploads, intake.tried, intake.skipped = uploads, [], set()
    _read_uploads()


def _read_uploads() -> None:
    """Read the uploads, with the mappings that were made for them so far."""
    intake = current()
    uploads, tables = intake.uploads, ingest.Tables(tried=tuple(intake.tried))
    store, moment = _own_store(), session.now()

    def staged(tell: Tell, cancelled: Callable[[], bool]) -> tuple[ingest.Staged, Preview]:
        ready = stage_uploads(store, uploads, tell, cancelled, tables)
        return ready, preview(store, ready, moment)

    _begin(staged, "Counting what is new …")


def use(made: Mapping) -> None:
    """Read the uploads again with a mapping that the person made for one of them."""
    intake = current()
    _read_again(intake, [made, *intake.tried])


def map_again() -> None:
    """Ask again what the columns of the uploads mean."""
    _read_again(current(), [])


def _read_again(intake: Intake, tried: list[Mapping]) -> None:
    intake.tried = tried
    if intake.keeper is not None:
        intake.keeper()
    intake.found = None
    _read_uploads()


def commit() -> None:
    """Begin to add what was found."""
    intake = current()
    if intake.found is not None:
        store, (staged, seen) = _own_store(), intake.found
        again = [seen.duplicates[place] for place in st.session_state.get(COUNT_AGAIN, [])]
        if intake.keeper is not None:
            intake.keeper.detach()  # from here on the import itself removes them
        intake.found, intake.uploads = None, []

        made = [one for one in intake.tried if one.name and any(one.name == used.mapping for _, used in staged.summaries)]

        def add(tell: Tell, _cancelled: Callable[[], bool]) -> ingest.Receipt:
            tell(Progress(1, 1, sum(one.lines for one in staged.batch.imports), 0, 0, 0.0))  # all of it has been read before
            count_separately(staged, again)
            receipt = ingest.commit(store, staged)
            ingest.keep(store, made)
            return receipt

        _begin(add, _ADDING)


def discard() -> None:
    """Drop what was found; nothing was added."""
    intake = current()
    if intake.keeper is not None:
        intake.keeper()
    intake.found, intake.uploads, intake.round = None, [], intake.round + 1


def _own_store() -> Store:
    """The person's own database: nothing is ever added to the sample."""
    if session.is_sample():
        session.start_with_own_data()
    return session.store()


def _begin(work: Callable[..., Any], then: str) -> None:
    access.owner_only()
    intake = current()
    intake.is_first = not session.read("extent", Filters())["rows"].iloc[0]
    intake.job, intake.then, intake.receipt, intake.notice = Job(work), then, None, ""
