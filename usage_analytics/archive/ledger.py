"""The ledger: one line of JSON for each import or undo, only ever appended to. Each line ends with its own checksum."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

import msgspec

from usage_analytics.errors import BadRequest

NAME: Final = "ledger.jsonl"
VERSION: Final = 2  # a line that joins none is of version 1, which earlier programs read
_CHECK: Final = b',"check":"'
_DIGITS: Final = 16


class Part(msgspec.Struct, frozen=True):
    """One Parquet file, by its path in the archive."""

    file: str
    table: str
    rows: int
    bytes: int
    sha256: str


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that was imported. `id` is its identity everywhere; `number` is what this machine calls it. Times are naive UTC."""

    id: str
    number: int
    batch: int
    name: str
    format: str
    imported_at: datetime
    lines: int
    events_new: int
    events_duplicate: int
    lines_other: int
    salvaged: int
    rejected: int
    digest: str | None = None
    first_event_at: datetime | None = None
    last_event_at: datetime | None = None
    path: str | None = None
    inode: int | None = None
    size: int | None = None
    modified_ns: int | None = None
    start_offset: int | None = None
    end_offset: int | None = None
    mark: str | None = None
    rejects: tuple[tuple[int | None, str], ...] = ()


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was done at once: files imported together, imports that were undone, or lines whose parts were joined in this one's."""

    id: str
    at: datetime
    schema: int  # version of the database that wrote it
    version: int = 0  # of the archive's own format
    imports: tuple[Entry, ...] = ()
    undone: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    joined: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """The lines that could be read, the numbers of those that could not, and how many bytes are whole lines."""

    lines: tuple[Line, ...] = ()
    damaged: tuple[int, ...] = ()
    whole: int = 0

    @cached_property
    def undone(self) -> frozenset[str]:
        """The imports that were undone."""
        return frozenset(one for line in self.lines for one in line.undone)

    @cached_property
    def known(self) -> frozenset[str]:
        """Every import that any line names."""
        return frozenset(one.id for line in self.lines for one in line.imports) | self.undone

    def entries(self) -> dict[str, Entry]:
        """Return the imports that haven't been undone, oldest first."""
        return {one.id: one for line in self.lines for one in line.imports if one.id not in self.undone}

    @cached_property
    def homes(self) -> dict[str, str]:
        """For each line, the line whose parts hold its rows: itself, or the one in which it was joined last."""
        into = {one: line.id for line in self.lines for one in line.joined}
        homes = {}
        for line in self.lines:
            home = line.id
            while home in into:
                home = into[home]
            homes[line.id] = home
        return homes

    @cached_property
    def named_by(self) -> dict[str, str]:
        """For each import, the line that names it; the first, where there are two."""
        return {one.id: line.id for line in reversed(self.lines) for one in line.imports}

    def holders(self) -> tuple[Line, ...]:
        """Return the lines whose parts are needed."""
        needed = {self.homes[line.id] for line in self.live()}
        return tuple(line for line in self.lines if line.id in needed)

    def live(self) -> tuple[Line, ...]:
        """The lines that have an import in force: the parts of the others are no longer needed."""
        return tuple(line for line in self.lines if any(one.id not in self.undone for one in line.imports))

    def parts(self) -> tuple[Part, ...]:
        """The parts that have to be there."""
        return tuple(part for line in self.holders() for part in line.parts)

    def next_number(self) -> int:
        """A number that no import has had."""
        return 1 + max((one.number for line in self.lines for one in line.imports), default=0)

    def next_batch(self) -> int:
        """A number that no batch has had."""
        return 1 + max((one.batch for line in self.lines for one in line.imports), default=0)


def written(line: Line) -> bytes:
    """Return the line as it is stored."""
    body = msgspec.json.encode(msgspec.structs.replace(line, version=VERSION if line.joined else 1))[:-1]
    return body + _CHECK + _check(body) + b'"}\n'


def read(content: bytes) -> Ledger:
    """Parse a ledger. Bytes after the last newline were never acknowledged. Raise BadRequest if the format is newer."""
    whole = content.rfind(b"\n") + 1
    lines: list[Line] = []
    damaged: list[int] = []
    for number, raw in enumerate(content[:whole].splitlines(), start=1):
        body, _, check = raw.rpartition(_CHECK)
        if not body or check != _check(body) + b'"}':
            damaged.append(number)
            continue
        line = msgspec.json.decode(body + b"}", type=Line)
        if line.version > VERSION:
            raise BadRequest("A newer usage-analytics wrote this archive. Update the program to read it.")
        lines.append(line)
    return Ledger(tuple(lines), tuple(damaged), whole)


def renumbered(line: Line, number: int, batch: int) -> Line:
    """Return a line from another machine, with its imports numbered from `number` and without its sync positions."""
    batches = {old: batch + order for order, old in enumerate(sorted({one.batch for one in line.imports}))}
    nowhere = dict.fromkeys(("path", "inode", "size", "modified_ns", "start_offset", "end_offset", "mark"))
    imports = tuple(
        msgspec.structs.replace(one, number=number + order, batch=batches[one.batch], **nowhere)
        for order, one in enumerate(line.imports)
    )
    return msgspec.structs.replace(line, imports=imports)


def _check(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest()[:_DIGITS].encode()
