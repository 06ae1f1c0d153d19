"""Staged files: read by workers into a folder of Parquet parts, and not in the database yet."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import msgspec

from usage_analytics.ingest.discover import Candidate
from usage_analytics.ingest.pool import Pool, Progress
from usage_analytics.ingest.receipt import Unread
from usage_analytics.ingest.tasks import Done, Task
from usage_analytics.store.ledger import Batch, NewImport, SyncPosition
from usage_analytics.store.location import STAGING, staging_folder

if TYPE_CHECKING:
    from usage_analytics.importers.mapped.proposal import Proposal
    from usage_analytics.importers.sink import Summary
    from usage_analytics.store import Store
    from usage_analytics.store.ledger import Import

PREFIX: Final = STAGING


@dataclass(frozen=True, slots=True)
class Staged:
    """What was read, to be committed or discarded. `repeated` are the earlier imports of files with the same bytes."""

    batch: Batch
    unread: tuple[Unread, ...]
    repeated: tuple[Import, ...] = ()
    proposals: tuple[Proposal, ...] = ()  # of tables that wait for a mapping; each is among the unread too
    summaries: tuple[tuple[str, Summary], ...] = ()  # of files that were read with one, by their names
    seconds: float = 0.0

    def with_more(self, *, unread: tuple[Unread, ...], repeated: tuple[Import, ...]) -> Staged:
        """Return the same, plus what was found before reading started."""
        return replace(self, unread=unread + self.unread, repeated=repeated)

    def discard(self) -> None:
        """Remove the parts."""
        shutil.rmtree(self.batch.folder, ignore_errors=True)


def staged(
    store: Store,
    files: Sequence[Candidate],
    progress: Callable[[Progress], None] | None,
    cancelled: Callable[[], bool],
    wishes: bytes = b"null",
) -> Staged:
    """Read the files with workers; `wishes` are for tables that no importer claims. Raises Cancelled, with nothing left behind."""
    begun = time.monotonic()
    folder = staging_folder(store.path)
    for left in folder.parent.glob(f"{PREFIX}*"):
        owner = left.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not is_running(int(owner)):
            shutil.rmtree(left, ignore_errors=True)  # its process no longer lives
    try:
        tasks = [
            Task(number, one.path, one.name, one.offset, one.whole, one.importer, one.account, msgspec.Raw(wishes))
            for number, one in enumerate(files)
        ]
        line = uuid.uuid4().hex
        answers = Pool(folder, line, progress, cancelled).read(tasks, [one.size - one.offset for one in files])
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    done = [(files[number], one) for number in sorted(answers) for one in answers[number]]
    told = [(candidate.path, found) for candidate, one in done if (found := _proposal(one.proposal))]
    waiting = {path for path, _ in told}
    imports = tuple(
        _new_import(candidate, one, whole=candidate.path not in waiting) for candidate, one in done if one.unread is None
    )
    return Staged(
        Batch(folder, imports, line),
        unread=tuple(Unread(one.name, one.unread) for _, one in done if one.unread is not None),
        proposals=tuple(found for _, found in told),
        summaries=tuple((one.name, one.summary) for _, one in done if one.summary is not None),
        seconds=time.monotonic() - begun,
    )


def _proposal(encoded: msgspec.Raw) -> Proposal | None:
    if bytes(encoded) == b"null":
        return None
    from usage_analytics.importers.mapped.proposal import Proposal as Told  # here: most imports never need it

    return msgspec.json.decode(encoded, type=Told)


def _new_import(candidate: Candidate, done: Done, *, whole: bool) -> NewImport:
    """Return its line of the ledger. Unless `whole`, part of the file waits for a mapping, and it is read again once there is one."""
    position = None
    if whole and done.mark is not None:
        size, end = candidate.size, candidate.size if done.end_offset is None else done.end_offset
        position = SyncPosition(candidate.path, candidate.inode, size, candidate.modified_ns, candidate.offset, end, done.mark)
    return NewImport(
        import_no=done.import_no,
        name=done.name,
        format=done.format,
        lines=done.lines,
        other=done.other,
        salvaged=done.salvaged,
        rejected=done.rejected,
        rejects=tuple((line, reason) for line, reason in done.rejects),
        digest=candidate.digest if whole else None,
        sync_position=position,
    )


def is_running(pid: int) -> bool:
    if os.name == "nt":  # there, signal 0 would end the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
