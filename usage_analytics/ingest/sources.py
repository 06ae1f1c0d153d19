"""A sync of every source that is on: Claude Code's folders, added folders and the organization's reports, each with its result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from usage_analytics.control import folders as added
from usage_analytics.control import organization
from usage_analytics.errors import BadRequest, NotRead
from usage_analytics.ingest.discover import Look
from usage_analytics.ingest.importing import Tell, commit, stage, sync
from usage_analytics.ingest.receipt import Receipt
from usage_analytics.sources import claude_code
from usage_analytics.sources.claude_code import transcripts
from usage_analytics.sources.organization.key import needed_key

if TYPE_CHECKING:
    from usage_analytics.control import Control
    from usage_analytics.sources.organization.connection import Patience
    from usage_analytics.store import Store

Kind = Literal["claude_code", "folder", "organization"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where usage comes from; `name` is a place as a person would write it. `places` are folders of transcripts, if it has any."""

    kind: Kind
    name: str
    account: str | None = None
    places: tuple[Path, ...] = ()
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What a sync read from a source. `problem` is a sentence: why it couldn't read everything, and what to do."""

    source: Source
    receipt: Receipt = field(default=Receipt((), (), 0))
    problem: str | None = None


def sources(control: Control, places: Sequence[Path] | None = None) -> tuple[Source, ...]:
    """What a sync reads: the Claude Code folders of this machine (or `places`), the added folders, the APIs if they are switched on.

    A folder that is reached in two ways is read as the added one, because that one has an account.
    """
    own = tuple(claude_code.folders()) if places is None else tuple(places)
    more = []
    for one in added.watched(control):
        folder = Path(one.path)
        places_in = claude_code.folders_below(folder)
        more.append(Source("folder", claude_code.from_home(folder), one.account, places_in, folder))
    taken = {place for one in more for place in one.places}
    here = tuple(place for place in own if place not in taken)
    name = claude_code.from_home(here[0]) if len(here) == 1 else f"Claude Code, {len(here)} folders"
    found = [Source("claude_code", name, places=here)] if here else []
    api = [Source("organization", "Anthropic organization APIs")] if organization.is_on(control) else []
    return (*found, *more, *api)


@dataclass(frozen=True, slots=True)
class Sync:
    """One sync of a store by what a person decided, at a moment (naive UTC)."""

    store: Store
    control: Control
    now: datetime
    progress: Tell | None = None
    cancelled: Callable[[], bool] = lambda: False
    patience: Patience | None = None  # with the APIs; theirs if None
    look: Look = transcripts

    def read(self, places: Sequence[Path] | None = None) -> tuple[Read, ...]:
        """Read what's new in every source. If one fails, the others are still read. Raise Cancelled.

        `places` are Claude Code's folders instead of those of this machine.
        """
        return tuple(map(self.read_source, sources(self.control, places)))

    def read_source(self, source: Source) -> Read:
        """Read what's new in one source. Raise Cancelled."""
        try:
            if source.kind == "organization":
                return self._read_organization(source)
            if source.places:
                return Read(
                    source, sync(self.store, source.places, self.progress, self.cancelled, source.account, look=self.look)
                )
            if source.folder is None or not source.folder.is_dir():
                return Read(source, problem=f"{source.name} is not there; connect its disk, or remove it from the sources.")
            return Read(
                source,
                commit(self.store, stage(self.store, [source.folder], self.progress, self.cancelled, account=source.account)),
            )
        except NotRead as problem:
            return Read(source, problem=str(problem))

    def _read_organization(self, source: Source) -> Read:
        from usage_analytics.ingest.organization import Reports  # here: most syncs ask no API
        from usage_analytics.sources.organization.connection import Connection

        receipts: list[Receipt] = []
        problems: tuple[str, ...] = ()
        try:
            key = needed_key()
            if not organization.may_ask(self.control, self.now):
                return Read(source)
            with Connection(key, self.patience) as connection:
                reports = Reports(
                    self.store, connection, lambda ready: receipts.append(commit(self.store, ready)), self.cancelled
                )
                problems = reports.read()
        except (NotRead, BadRequest) as problem:
            problems = (str(problem),)
        said = " ".join(problems) or None
        organization.note_result(self.control, said)
        return Read(source, together([Read(source, one) for one in receipts]), said)


def together(found: Sequence[Read]) -> Receipt:
    """One receipt for all sources."""
    receipts = [one.receipt for one in found]
    return Receipt(
        tuple(file for one in receipts for file in one.files),
        tuple(unread for one in receipts for unread in one.unread),
        max((one.events_total for one in receipts), default=0),
        sum(one.seconds for one in receipts),
    )
