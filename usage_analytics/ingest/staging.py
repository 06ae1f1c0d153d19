"""Staged files: read by workers into a folder of Parquet parts, and not in the database yet."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from usage_analytics.ingest.discover import Candidate
from usage_analytics.ingest.pool import Pool, Progress
from usage_analytics.ingest.receipt import Unread
from usage_analytics.ingest.tasks import Done, Task
from usage_analytics.store.ledger import Batch, NewImport, SyncPosition
from usage_analytics.store.location import STAGING, staging_folder

if TYPE_CHECKING:
    from usage_analytics.store import Store
    from usage_analytics.store.ledger import Import

PREFIX: Final = STAGING


@dataclass(frozen=True, slots=True)
class Staged:
    """What was read: to be committed or discarded. `repeated` are the imports of files that were known before."""

    batch: Batch
    unread: tuple[Unread, ...]
    repeated: tuple[Import, ...] = ()
    seconds: float = 0.0

    def with_more(self, *, unread: tuple[Unread, ...], repeated: tuple[Import, ...]) -> Staged:
        """The same with what was found before anything was read."""
        return replace(self, unread=unread + self.unread, repeated=repeated)

    def discard(self) -> None:
        """Remove the parts."""
        shutil.rmtree(self.batch.folder, ignore_errors=True)


def staged(
    store: Store, files: Sequence[Candidate], progress: Callable[[Progress], None] | None, cancelled: Callable[[], bool]
) -> Staged:
    """Read the files with workers. Raises Cancelled, with nothing left behind."""
    begun = time.monotonic()
    folder = staging_folder(store.path)
    for left in folder.parent.glob(f"{PREFIX}*"):
        owner = left.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)  # its process no longer lives
    try:
        tasks = [Task(number, one.path, one.name, one.offset, one.whole, one.importer) for number, one in enumerate(files)]
        answers = Pool(folder, progress, cancelled).read(tasks, [one.size - one.offset for one in files])
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    done = [(files[number], one) for number in sorted(answers) for one in answers[number]]
    imports = tuple(_new_import(candidate, one) for candidate, one in done if one.unread is None)
    unread = tuple(Unread(one.name, one.unread) for _, one in done if one.unread is not None)
    return Staged(Batch(folder, imports), unread, seconds=time.monotonic() - begun)


def _new_import(candidate: Candidate, done: Done) -> NewImport:
    position = None
    if done.mark is not None:
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
        digest=candidate.digest,
        sync_position=position,
    )


def _alive(pid: int) -> bool:
    if os.name == "nt":  # there, signal 0 would end the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
