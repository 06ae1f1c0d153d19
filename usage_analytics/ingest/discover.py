"""Which files there are to read, and which were already imported."""

from __future__ import annotations

import hashlib
import os
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usage_analytics.importers import claimants
from usage_analytics.importers.sink import Head
from usage_analytics.ingest.mark import mark
from usage_analytics.ingest.receipt import Unread
from usage_analytics.sources.claude_code import Transcript, history, statistics, transcripts

if TYPE_CHECKING:
    from usage_analytics.store import Store
    from usage_analytics.store.ledger import Import

SUFFIXES: Final = (
    ".jsonl",
    ".ndjson",
    ".csv",
    ".tsv",
    ".parquet",
    ".xlsx",
    ".gz",
    ".zip",
)  # looked for in folders; a named file may end as it likes
JSON: Final = ".json"  # most of these are settings: in folders, only those that are known exports are read
HEAD_BYTES: Final = 64 << 10  # enough to recognize a format
WRITTEN_ANEW: Final = "stats_cache"  # the importer of what is no list that grows
DIGESTED_BYTES: Final = 512 << 20

Look = Callable[[Path], Iterable[Transcript]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to read, starting at `offset`. `importer` is set if the folder implies the format; `digest` is of the whole content.

    `account` is the person's label for the folder; it applies to rows that name no account.
    """

    path: str
    size: int
    inode: int
    modified_ns: int
    digest: str | None = None
    offset: int = 0
    whole: bool = True
    importer: str | None = None
    account: str | None = None

    @property
    def name(self) -> str:
        """Its base name: what people see, never the path."""
        return os.path.basename(self.path)


def candidates(paths: Sequence[Path]) -> tuple[list[Candidate], tuple[Unread, ...]]:
    """Return the files that the paths stand for, in a stable order, and the paths that can't be read."""
    found: dict[str, Candidate] = {}
    unread = []
    for path in paths:
        try:
            place = path.expanduser().absolute()
            if place.is_dir():
                listed = sorted(transcripts(place, (*SUFFIXES, JSON)), key=lambda one: one.path)
                found |= {one.path: _candidate(one) for one in listed if one.size and _is_export(one)}
            elif place.is_file():
                known, digest = place.stat(), None
                if known.st_size <= DIGESTED_BYTES:
                    with place.open("rb") as file:
                        digest = hashlib.file_digest(file, "sha256").hexdigest()
                one = Transcript(str(place), known.st_size, known.st_ino, known.st_mtime_ns)
                found[one.path] = _candidate(one, digest=digest)
            else:
                unread.append(Unread(path.name, f"{path.name} isn't a file or folder. Check the path."))
        except OSError as error:
            unread.append(
                Unread(path.name, f"{path.name} can't be read ({error.strerror}). Check that it exists and that you can read it.")
            )
    readable = [one for one in found.values() if _speakable(one.path)]
    unread += [Unread("?", "This file name isn't UTF-8. Rename the file.") for one in found if not _speakable(one)]
    return readable, tuple(unread)


def known_before(store: Store, found: Sequence[Candidate]) -> tuple[list[Candidate], tuple[Import, ...]]:
    """Split into files to read, and the earlier imports of files with the same bytes."""
    if not store.path.exists():
        return list(found), ()
    imports = store.imports()
    by_digest: dict[str, list[Import]] = {}
    for one in imports:
        if one.digest:
            by_digest.setdefault(one.digest, []).append(one)
    in_place = {(one.path, one.inode, one.modified_ns, one.size): one for one in imports if one.path and one.start_offset == 0}
    fresh: list[Candidate] = []
    repeated: list[Import] = []
    for candidate in found:
        read = in_place.get((candidate.path, candidate.inode, candidate.modified_ns, candidate.size))
        same = by_digest.get(candidate.digest or "") or ([read] if read else [])
        repeated += same
        if not same:
            fresh.append(candidate)
    return fresh, tuple(repeated)


def changed(store: Store, folders: Iterable[Path], account: str | None = None, look: Look = transcripts) -> list[Candidate]:
    """Return the transcripts in these folders that are new or changed, and where to continue reading; `account` is theirs.

    `look` lists the transcripts in a folder; callers that need the list again can pass a cached one.
    """
    known = store.sync_positions() if store.path.exists() else {}
    listed = [(one, "claude_code") for folder in folders for one in look(folder)]
    listed += [(one, "claude_code_history") for folder in folders for one in history(folder)]
    listed += [(one, WRITTEN_ANEW) for folder in folders for one in statistics(folder)]
    found = {
        one.path: (one, importer) for one, importer in listed if one.size and _speakable(one.path)
    }  # a file behind two links is one
    fresh = []
    for one, importer in found.values():
        position = known.get(one.path)
        if position is None:
            fresh.append(_candidate(one, importer=importer, whole=importer == WRITTEN_ANEW, account=account))
        elif (one.inode, one.size, one.modified_ns) != (position.inode, position.size, position.modified_ns):
            if importer == WRITTEN_ANEW:
                fresh.append(_candidate(one, importer=importer, account=account))
                continue
            try:
                grown = one.size > position.end_offset and mark(one.path, position.end_offset) == position.mark
            except OSError:
                grown = False  # it may be gone by now; reading it reports that
            offset = position.end_offset if grown else 0
            fresh.append(_candidate(one, importer=importer, whole=False, offset=offset, account=account))
    return fresh


def _candidate(
    one: Transcript,
    *,
    digest: str | None = None,
    offset: int = 0,
    whole: bool = True,
    importer: str | None = None,
    account: str | None = None,
) -> Candidate:
    return Candidate(one.path, one.size, one.inode, one.modified_ns, digest, offset, whole, importer, account)


def _is_export(one: Transcript) -> bool:
    """Whether a file is no JSON document, or one that an importer claims."""
    if not one.path.endswith(JSON):
        return True
    with open(one.path, "rb") as file:
        start = file.read(HEAD_BYTES)
    return bool(claimants(Head(os.path.basename(one.path), start.removeprefix(BOM_UTF8))))


def _speakable(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
