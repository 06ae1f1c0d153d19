"""What an importer is handed, and where its rows go: Parquet parts in the schema of `events`, and the account of every line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from usage_analytics.events import TABLES

ROWS_A_PART = 50_000
REJECTS_KEPT = 200


@dataclass(frozen=True)
class Head:
    """The first bytes of a file (at most 64 KiB, unpacked, UTF-8 without a byte-order mark), and its name."""

    name: str
    start: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """One file to read: a plain UTF-8 file that may start with a byte-order mark.

    `offset` and `whole` are for a file that a sync reads on: where to begin, and whether a last line without a newline is final (an
    upload) or may still be being written. `dated` is when the file was last written, or else when it was read (`dated_by`: file, import):
    the moment of a document that does not say its own.
    """

    path: Path
    name: str
    import_no: int
    offset: int = 0
    whole: bool = True
    dated: datetime | None = None
    dated_by: Literal["file", "import"] = "import"


class Summary(msgspec.Struct):
    """What a table came to that was read with a mapping: amounts in nanos of US dollars, days of UTC, totals in the file's own currency."""

    mapping: str
    amounts_stated: bool = False  # the mapping says in what unit amounts are
    rows: int = 0
    totals: int = 0  # rows that only add up others, and rows that repeat the header: left out, and counted
    headers: int = 0
    negative: int = 0
    cost_nanos: int | None = None
    tokens: int | None = None
    days: dict[str, int] = {}
    stated: dict[str, str] = {}  # currency → the sum of the amounts as they are written
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(slots=True)
class Account:
    """What became of the lines of one file: lines = event lines + other + salvaged + rejected."""

    lines: int = 0
    other: int = 0
    salvaged: int = 0
    rejected: int = 0
    rejects: list[tuple[int | None, str]] = field(default_factory=list)
    end_offset: int | None = None
    summary: Summary | None = None  # of a table that was read with a mapping


class Sink:
    """Collects the rows of one or more files and writes them as Parquet parts into a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.import_no = 0
        self.account = Account()
        self.whose: str | None = None  # the account that rows belong to where the file names none
        self._columns: dict[str, dict[str, list[Any]]] = {}
        self._rows: dict[str, int] = {}
        self._parts = 0

    def begin(self, import_no: int, whose: str | None = None) -> Account:
        """Start the account of the next file, which lies in a folder of `whose` account."""
        self.import_no = import_no
        self.account = Account()
        self.whose = whose
        return self.account

    def add(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Add rows as columns of equal length; columns left out are null, and so are all values of None."""
        rows = len(next(iter(columns.values())))
        if not rows:
            return
        held = self._columns.setdefault(table, {name: [] for name in TABLES[table]})
        before = self._rows.get(table, 0)
        for name, values in columns.items():
            held[name].extend([None] * (before - len(held[name])))  # of the rows that did not have this column
            held[name].extend(values)
        held["import_no"].extend([self.import_no] * rows)
        if self.whose is not None and "account" in held:
            named = held["account"]
            named.extend([None] * (before + rows - len(named)))
            named[before:] = [one or self.whose for one in named[before:]]
        self._rows[table] = before + rows
        if self._rows[table] >= ROWS_A_PART:
            self._write(table)

    def parquet(self, table: str) -> Path:
        """A path for a part that the importer writes itself, with exactly the columns of the table."""
        self._parts += 1
        return self.folder / f"{table}-{self._parts:04d}.parquet"

    def lines(self, total: int, *, other: int = 0, salvaged: int = 0) -> None:
        """Count lines; those that are neither other, salvaged nor rejected became events."""
        self.account.lines += total
        self.account.other += other
        self.account.salvaged += salvaged

    def reject(self, line: int | None, reason: str) -> None:
        """Count one line that could not be read. The reason holds nothing of the line."""
        self.account.rejected += 1
        if len(self.account.rejects) < REJECTS_KEPT:
            self.account.rejects.append((line, reason))

    def flush(self) -> None:
        """Write what is held."""
        for table in list(self._rows):
            self._write(table)

    def _write(self, table: str) -> None:
        import pyarrow as pa  # here: the parent process never needs it
        import pyarrow.parquet as pq

        held = self._columns.pop(table)
        rows = self._rows.pop(table)
        arrays = []
        simple = {
            "integer": pa.int32(),
            "bigint": pa.int64(),
            "boolean": pa.bool_(),
            "double": pa.float64(),
            "varchar": pa.string(),
            "timestamp": pa.timestamp("us"),
        }
        for name, values in held.items():
            kind = simple.get(TABLES[table][name])
            if kind is None:  # a list of structs of counts
                fields = TABLES[table][name].removeprefix("struct(").removesuffix(")[]").split(", ")
                kind = pa.list_(pa.struct([(field.split(" ")[0], pa.int64()) for field in fields]))
            values.extend([None] * (rows - len(values) if values else 0))
            arrays.append(pa.array(values, type=kind) if values else pa.nulls(rows, type=kind))
        # It is read once, in a moment, on this machine: neither statistics nor compression pay.
        pq.write_table(pa.table(arrays, names=list(held)), self.parquet(table), compression="none", write_statistics=False)
