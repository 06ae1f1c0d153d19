"""A sync of the organization's reports: each window that the API returns becomes a file and is imported like any other.

The import's path names the organization, the report and the window, so that the ledger says what was read, also after an undo or a restore.
A window that a later one covers is undone once that one is imported; until then, the later report counts.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usage_analytics.errors import BadRequest, NotRead
from usage_analytics.ingest.discover import Candidate
from usage_analytics.ingest.pool import Cancelled
from usage_analytics.ingest.staging import Staged, staged
from usage_analytics.sources.organization.connection import Connection, NotOffered
from usage_analytics.sources.organization.pages import Answered, Organization, organization, read_window
from usage_analytics.sources.organization.reports import ADMIN, ANALYTICS, Report, Window, windows
from usage_analytics.store.ledger import SyncPosition
from usage_analytics.store.location import staging_folder

if TYPE_CHECKING:
    from usage_analytics.store import Store
    from usage_analytics.store.ledger import Import

SCHEME: Final = "anthropic://"
FORMAT: Final = "organization_api"
MARK: Final = "usage_analytics_reading"  # by which its importer knows what a sync wrote


@dataclass(frozen=True, slots=True)
class Spooled:
    """A window that was answered, written to a file; `mark` is a digest of all but the moment."""

    file: Path
    path: str
    mark: str
    asked_ns: int

    def position(self) -> SyncPosition:
        """Return how the ledger names it."""
        size = self.file.stat().st_size
        return SyncPosition(self.path, 0, size, self.asked_ns, 0, size, self.mark)


@dataclass(frozen=True, slots=True)
class Reports:
    """A sync of one organization's reports into a store; `commit` adds staged files, `cancelled` says whether to stop."""

    store: Store
    connection: Connection
    commit: Callable[[Staged], None]
    cancelled: Callable[[], bool] = lambda: False

    def read(self) -> tuple[str, ...]:
        """Import what's new in every report, together; return problems as sentences.

        If a report can't be read to its end, the windows before that point are imported. Raise NotRead if nothing can be read at all,
        and Cancelled.
        """
        whose = organization(self.connection)
        folder = staging_folder(self.store.path)
        try:
            files, problems, offered = self._ask(folder, whose, ADMIN)
            if not offered:
                files, problems, offered = self._ask(folder, whose, ANALYTICS)  # these say the same of the same dollars
            if not offered:
                raise NotRead("This key can't read usage or cost reports. Use an Admin key of the organization.")
            if files:
                self._import(files)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        superseded = [number for report in (*ADMIN, *ANALYTICS) for number in _superseded(self._live(_prefix(whose, report)))]
        if superseded:
            with suppress(BadRequest):  # another sync was first
                self.store.undo(superseded)
        return tuple(dict.fromkeys(problems))

    def _ask(self, folder: Path, whose: Organization, reports: Sequence[Report]) -> tuple[list[Spooled], list[str], bool]:
        """Return the windows with new content, the problems, and whether the key can read any of these reports."""
        files: list[Spooled] = []
        problems = []
        offered = False
        for report in reports:
            try:
                for one in self._windows(folder, whose, report):
                    files.append(one)  # noqa: PERF402  what came before a problem counts
            except NotOffered:
                continue
            except NotRead as problem:
                problems.append(str(problem))
            offered = True
        return files, problems, offered

    def _windows(self, folder: Path, whose: Organization, report: Report) -> Iterator[Spooled]:
        """The windows of a report that say something else than before, oldest first. Raises NotRead, NotOffered and Cancelled."""
        prefix = _prefix(whose, report)
        read = [_window(one.path or "") for one in self._live(prefix)]
        marks = {path: one.mark for path, one in self.store.sync_positions().items()} if self.store.path.exists() else {}
        for window in windows(report, read, self.connection.now):
            if self.cancelled():
                raise Cancelled
            answered = read_window(self.connection, report, window)
            one = _spooled(folder, f"{prefix}{window.start}/{window.end}", whose, report, answered)
            if marks.get(one.path) != one.mark:
                yield one

    def _live(self, prefix: str) -> list[Import]:
        """The imports of a report that are in force."""
        known = self.store.imports() if self.store.path.exists() else ()
        return [one for one in known if (one.path or "").startswith(prefix)]

    def _import(self, files: Sequence[Spooled]) -> None:
        """Read the files with a worker; their imports say which window they are."""
        by_name = {one.file.name: one for one in files}
        found = [(str(one.file), one.file.stat()) for one in files]
        tasks = [Candidate(path, known.st_size, known.st_ino, known.st_mtime_ns, importer=FORMAT) for path, known in found]
        ready = staged(self.store, tasks, None, self.cancelled)
        imports = [replace(new, sync_position=by_name[new.name].position()) for new in ready.batch.imports]
        self.commit(replace(ready, batch=replace(ready.batch, imports=tuple(imports))))


def _spooled(folder: Path, path: str, whose: Organization, report: Report, answered: Answered) -> Spooled:
    """Write down what was answered."""
    about = {
        MARK: 1,
        "endpoint": report.path,
        "organization": {"id": whose.id, "name": whose.name},
        "group_by": list(report.group_by),
        "names": dict(whose.names),
    }
    pages = json.dumps(answered.pages, ensure_ascii=False)
    mark = hashlib.sha256((json.dumps(about) + pages).encode()).hexdigest()[:32]
    window = _window(path)
    last = window.end - timedelta(days=1)
    file = folder / f"{report.label} {window.start}{f' to {last}' if last > window.start else ''}.json"
    text = json.dumps(about | {"asked_at": answered.asked_at.isoformat() + "Z"}, ensure_ascii=False)
    file.write_text(f'{text[:-1]}, "pages": {pages}}}', encoding="utf-8")
    return Spooled(file, path, mark, int(answered.asked_at.replace(tzinfo=UTC).timestamp() * 1_000_000_000))


def _prefix(whose: Organization, report: Report) -> str:
    return f"{SCHEME}{whose.id or 'organization'}/{report.name}/"


def _superseded(live: Sequence[Import]) -> Iterator[int]:
    """Return the imports whose window is within one that was requested later."""
    spans = [(_window(one.path or ""), (one.modified_ns or 0, one.import_id)) for one in live]
    for window, asked in spans:
        if any(other.start <= window.start and window.end <= other.end and asked < later for other, later in spans):
            yield asked[1]


def _window(path: str) -> Window:
    start, end = path.split("/")[-2:]
    return Window(date.fromisoformat(start), date.fromisoformat(end))
