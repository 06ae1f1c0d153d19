"""What an importer is handed, and where its rows go: Parquet parts in the schema of `events`, and the account of every line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from urllib.parse import quote

import msgspec

from usage_analytics.events import MOMENTS, TABLES, TOKEN_COLUMNS
from usage_analytics.importers.arrays import alike, array, arrow_type, compact, repeated

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_A_PART: Final = 20_000
HELD_BYTES: Final = 16 << 20  # of rows that wait to be sorted
SOURCE: Final = "(source)"  # the folder that a row belongs to; not a column of its part
# A dictionary of values that hardly repeat is built in vain, and given up when it is large.
HARDLY_REPEATED: Final = frozenset({"event_id", "request_id", "occurred_at"})
REJECTS_KEPT: Final = 200

Columns = Mapping[str, Sequence[Any]]


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


class _Added(NamedTuple):
    """Rows as they were added."""

    rows: int
    columns: Columns
    same: Mapping[str, Any]


class Sink:
    """Collects the rows of one or more files and writes them as Parquet parts into a folder.

    With the identity of a `line` of the ledger, the parts are those that the archive will keep; their names begin with `tag`, which is
    different for each worker. Without, they are plain and in the schema of `events`.
    """

    def __init__(self, folder: Path, line: str = "", tag: str = "") -> None:
        self.folder = folder
        self.import_no = 0
        self.format = ""  # of the file at hand: the source of rows that do not name their own
        self.account = Account()
        self.whose: str | None = None  # the account that rows belong to where the file names none
        self._line = line
        self._tag = tag
        self._added: dict[str, list[_Added]] = {}
        self._rows: dict[str, int] = {}
        self._held: dict[str, list[pa.Table]] = {}
        self._held_bytes = 0
        self._parts = 0
        self._written: dict[Path, frozenset[str]] = {}  # the imports in each part

    def begin(self, import_no: int, whose: str | None = None) -> Account:
        """Start the account of the next file, which lies in a folder of `whose` account."""
        self.import_no = import_no
        self.account = Account()
        self.whose = whose
        return self.account

    def reads(self, format_name: str) -> None:
        """Say which format the file at hand is of."""
        if format_name != self.format:
            self._gather()
        self.format = format_name

    def add(self, table: str, columns: Columns, same: Mapping[str, Any] | None = None) -> None:
        """Add rows as columns of equal length, and what is the `same` in all of them; what is left out is null, as None is."""
        rows = len(next(iter(columns.values())))
        if not rows:
            return
        everywhere = {"import_no": self.import_no, **(same or {})}
        if self.whose is not None and "account" in TABLES[table]:
            if "account" in columns:
                columns = {**columns, "account": [one or self.whose for one in columns["account"]]}
            else:
                everywhere["account"] = everywhere.get("account") or self.whose
        self._added.setdefault(table, []).append(_Added(rows, columns, everywhere))
        self._rows[table] = self._rows.get(table, 0) + rows
        if self._rows[table] >= ROWS_A_PART:
            self._gather_table(table)

    def add_arrow(self, table: str, rows: pa.Table) -> None:
        """Add an Arrow table that has exactly the columns of the table."""
        if not rows.num_rows:
            return
        import pyarrow as pa

        if not self._line:  # such parts are read once, in a moment, on this machine: neither statistics nor compression pay
            import pyarrow.parquet as pq

            self._parts += 1
            path = self.folder / f"{table}-{self._parts:04d}.parquet"
            pq.write_table(rows, path, compression="none", write_statistics=False)
            return

        numbers = rows["import_no"].combine_chunks().dictionary_encode()
        names = pa.array([f"{self._line}-{number}" for number in numbers.dictionary.to_pylist()])
        source = rows["source"] if "source" in rows.column_names else pa.repeat(self.format, rows.num_rows)
        columns = {"import": pa.DictionaryArray.from_arrays(numbers.indices, names), SOURCE: source}
        for name, column in columns.items():
            rows = rows.add_column(0, name, column)
        self._held.setdefault(table, []).append(rows.drop_columns(["import_no"]))
        self._held_bytes += rows.nbytes
        if self._held_bytes > HELD_BYTES:
            self._write_held()

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

    def forget(self, import_no: int) -> None:
        """Leave out all rows of a file: it could not be read to its end."""
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        self._gather()
        one = f"{self._line}-{import_no}"
        for table, held in self._held.items():
            self._held[table] = [rows.filter(pc.not_equal(rows["import"], one)) for rows in held]
        for path, imports in self._written.items():
            if one in imports:
                rows = pq.ParquetFile(path).read()
                path.unlink()
                if len(imports) > 1:
                    pq.write_table(rows.filter(pc.not_equal(rows["import"], one)), path, compression="zstd")

    def flush(self) -> None:
        """Write what is held."""
        self._gather()
        self._write_held()

    def _gather(self) -> None:
        for table in list(self._rows):
            self._gather_table(table)

    def _gather_table(self, table: str) -> None:
        """Make an Arrow table of the rows that were added as lists."""
        import pyarrow as pa  # here: the parent process never needs it

        added = self._added.pop(table)
        rows = self._rows.pop(table)
        arrays = []
        for name in TABLES[table]:
            kind = arrow_type(name, TABLES[table])
            if any(name in one.columns for one in added):
                values = list(chain.from_iterable(one.columns.get(name) or repeat(one.same.get(name), one.rows) for one in added))
                arrays.append(array(values, kind))
            elif any(one.same.get(name) is not None for one in added):
                arrays.append(repeated([one.same.get(name) for one in added], [one.rows for one in added], kind))
            else:
                arrays.append(pa.nulls(rows, type=kind))
        self.add_arrow(table, pa.table(arrays, names=list(TABLES[table])))

    def _write_held(self) -> None:
        """Write parts for the archive."""
        import pyarrow as pa

        for table, held in self._held.items():
            self._parts += 1
            rows = pa.concat_tables(alike(held)).unify_dictionaries().combine_chunks()
            imports = frozenset(rows["import"].unique().to_pylist())
            name = f"{self._line}-{self._tag}{self._parts}-{table}"
            self._written |= dict.fromkeys(_write_sorted(self.folder, name, table, rows), imports)
        self._held.clear()
        self._held_bytes = 0


def _write_sorted(folder: Path, name: str, table: str, rows: pa.Table) -> Iterator[Path]:
    """Write rows of one table as the archive keeps them: a part for each source and month, sorted by time and compressed.

    Rows without a time are of the month “unknown”.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    sources = pc.unique(rows[SOURCE]).to_pylist()
    for source in sources:
        own = rows if len(sources) == 1 else rows.filter(pc.equal(rows[SOURCE], source))
        own = own.drop_columns([SOURCE])
        moments = own[MOMENTS[table]].combine_chunks()
        if moments.null_count or not pc.all(pc.less_equal(moments[:-1], moments[1:])).as_py():
            order = pc.sort_indices(moments)
            own, moments = own.take(order), moments.take(order)
        months = pc.run_end_encode(pc.add(pc.multiply(pc.year(moments), 100), pc.month(moments)))
        # Counts and times are a quarter smaller, and faster to write and to read, as differences in as few bits as they need.
        packed = {column: "DELTA_BINARY_PACKED" for column in own.column_names if column in (*TOKEN_COLUMNS, MOMENTS[table])}
        repeated = [column for column in own.column_names if column not in HARDLY_REPEATED and column not in packed]
        start = 0
        for end, month in zip(months.run_ends.to_pylist(), months.values.to_pylist(), strict=True):
            in_month = f"{month // 100}-{month % 100:02d}" if month else "unknown"
            path = folder / f"source={quote(source, safe='')}" / f"month={in_month}" / f"{name}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            some = own.slice(start, end - start)
            if some.num_rows < own.num_rows:
                some = compact(some)
            stated = ["import", MOMENTS[table]]
            pq.write_table(
                some, path, compression="zstd", use_dictionary=repeated, column_encoding=packed, write_statistics=stated
            )
            start = end
            yield path
