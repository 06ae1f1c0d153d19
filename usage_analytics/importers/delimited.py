"""Delimited text (CSV, also with semicolons or tabs) as rows of text: nothing is guessed, and every line is accounted for.

A stray quote makes most readers swallow the lines after it. We search for the end of an unclosed record; if the result isn't a row of
the table, we reject only its first line and continue with the next. Blocks without errors and quotes, where nothing can be misread,
are split all at once.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.labels import column_name

if TYPE_CHECKING:
    from usage_analytics.importers.sink import Opened, Sink

BLOCK_BYTES: Final = 8 << 20
LONGEST_RECORD_LINES: Final = 10_000
LONGEST_RECORD_CHARACTERS: Final = 4 << 20
_BOM: Final = b"\xef\xbb\xbf"
_DELIMITERS: Final = ",;\t|"
_UNDECODED: Final = re.compile("[\udc80-\udcff]")

_NUL: Final = "The line holds NUL characters; export the file again."
_ENCODING: Final = "The line is not UTF-8; save the file as UTF-8 and import it again."
_QUOTE: Final = "The line has a quote that is not closed, or text after a closing quote."
_SHORT: Final = "The line has fewer columns than the header."
_LONG: Final = "The line has more columns than the header."
_CONFLICT: Final = "The header names a column twice, and the two differ on this line."


_FIRST_LINE: Final = re.compile(rb"[^\r\n]*[^\s][^\r\n]*")


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a file: the number of each row's (first) line, and an Arrow table of strings with the file's columns."""

    lines: Sequence[int]
    table: Any


def header(start: bytes) -> tuple[str, ...]:
    """The column names in the first line that is not blank; empty when it is JSON or has one cell only."""
    names = tuple(map(column_name, header_cells(start)))
    return names if len(names) > 1 else ()


def header_cells(start: bytes) -> list[str]:
    """The same as they are written, in their order; also of a single cell."""
    line = _FIRST_LINE.search(start)
    first = line.group().decode("utf-8", "replace").removeprefix("\ufeff") if line else ""
    return [] if first.lstrip(" \t")[:1] in ("{", "[", "") else _header_cells(first)[1]


def header_of(start: bytes) -> tuple[str, ...]:
    """The columns that `read_rows` hands over: those of the header that have a name, each once."""
    return tuple(name for name in dict.fromkeys(header(start)) if name)


def read_rows(opened: Opened, sink: Sink) -> Iterator[Rows]:
    """The rows of the file in batches. Bad lines are rejected in the sink; all are counted there once the last batch is taken."""
    # A field may hold a whole document; Python's own limit is 128 KiB.
    csv.field_size_limit(LONGEST_RECORD_CHARACTERS)
    with opened.path.open("rb") as file:
        blocks = (block.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in block else block for block in whole_lines(file))
        yield from _Table(blocks, opened.name, sink).batches()


def whole_lines(file: BinaryIO) -> Iterator[bytes]:
    """Pieces of a file that end where a line ends, without the byte-order mark that the file may begin with."""
    if file.read(len(_BOM)) != _BOM:
        file.seek(0)
    while block := file.read(BLOCK_BYTES):
        yield block + file.readline()


def _lines(block: bytes) -> list[str]:
    lines = block.decode("utf-8", "surrogateescape").split("\n")
    return lines if lines[-1] else lines[:-1]


def _header_cells(line: str) -> tuple[str, list[str]]:
    """The delimiter that a header uses, and its cells."""
    outside = "".join(line.split('"')[::2])  # of the quotes: a name may hold a comma
    delimiter = max(_DELIMITERS, key=outside.count)
    return delimiter, next(csv.reader([line], delimiter=delimiter), [])


class _Table:
    """Reads one file, block by block."""

    def __init__(self, blocks: Iterator[bytes], file_name: str, sink: Sink) -> None:
        self._sink = sink
        self._waiting: deque[str] = deque()  # lines to be looked at one by one
        self._start = self._line = 0  # first and last line of the record at hand
        self._other = 0
        line, rest = b"", next(blocks, b"")
        while rest and not line.strip():  # up to the first line that is not blank
            line, _, rest = rest.partition(b"\n")
            self._line += 1
            self._other += 1
        if not line.strip():
            raise UnreadableFile(f"{file_name} has no header. Export it again.")
        self._header = line.decode("utf-8", "surrogateescape")
        self._blocks = chain([rest] if rest else [], blocks)

        self._delimiter, cells = _header_cells(self._header)
        self._width = len(cells)
        self._places: dict[str, list[int]] = {}
        for place, cell in enumerate(cells):
            self._places.setdefault(column_name(cell), []).append(place)
        self._places.pop("", None)
        self._repeated = [places for places in self._places.values() if len(places) > 1]

    def batches(self) -> Iterator[Rows]:
        for block in self._blocks:
            yield self._at_once(block) or self._one_by_one(block)
        self._sink.lines(self._line, other=self._other)

    def _at_once(self, block: bytes) -> Rows | None:
        """All rows of a block in which every line is a row without fault; None when one of them needs to be looked at."""
        import pyarrow as pa
        import pyarrow.csv as arrow_csv

        nothing = b"\n" + self._delimiter.encode() * (self._width - 1) + b"\n"
        odd = (b'"', b"\0", nothing, self._header.encode("utf-8", "surrogateescape"))
        if self._repeated or any(one in block for one in odd) or block.startswith(nothing[1:]):
            return None
        names = [str(place) for place in range(self._width)]
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(block),
                read_options=arrow_csv.ReadOptions(column_names=names, block_size=len(block) + 1),
                parse_options=arrow_csv.ParseOptions(delimiter=self._delimiter, quote_char=False),
                convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
            )
        except pa.ArrowInvalid:
            return None  # a line is no row, or not UTF-8
        count = block.count(b"\n") + (not block.endswith(b"\n"))
        if table.num_rows != count:
            return None
        start, self._line = self._line + 1, self._line + count
        return Rows(range(start, start + count), self._named(table))

    def _one_by_one(self, block: bytes) -> Rows:
        import pyarrow as pa

        self._waiting.extend(_lines(block))
        numbers: list[int] = []
        rows: list[list[str]] = []
        while self._waiting:
            line = self._take()
            self._start = self._line
            # A line by itself, where it is a whole record; a row that is none is accounted for where that is found.
            if fault := _fault(line):
                cells = self._reject(fault)
            elif '"' not in line:
                cells = self._checked(line.split(self._delimiter), line)
            elif (parsed := self._parsed([line])) is not None:
                cells = self._checked(parsed, line)
            else:
                cells = self._several(line)
            if cells:
                numbers.append(self._start)
                rows.append(cells)
        columns = list(zip(*rows, strict=True)) or [()] * self._width
        table = pa.table(
            [pa.array(column, pa.string()) for column in columns], names=[str(place) for place in range(self._width)]
        )
        return Rows(numbers, self._named(table))

    def _named(self, table: Any) -> Any:
        return table.select([places[0] for places in self._places.values()]).rename_columns(list(self._places))

    def _take(self) -> str:
        """The next line; there has to be one."""
        self._line += 1
        return self._waiting.popleft()

    def _several(self, line: str) -> list[str]:
        """The cells of a record of several lines; if that leads nowhere, only its first line is given up."""
        # Up to the line that closes the last open quote, or up to where a record is too long to be one.
        record = [line]
        quotes, characters = line.count('"'), len(line)
        while quotes % 2 and len(record) < LONGEST_RECORD_LINES and characters < LONGEST_RECORD_CHARACTERS:
            if not self._waiting:
                self._waiting.extend(_lines(next(self._blocks, b"")))
            if not self._waiting:
                break
            record.append(following := self._take())
            quotes += following.count('"')
            characters += len(following)
        cells = self._parsed(record)
        if cells is None or len(cells) != self._width:
            self._waiting.extendleft(reversed(record[1:]))
            self._line = self._start
            return self._reject(_QUOTE)
        fault = next(filter(None, map(_fault, record)), None)
        return self._reject(fault) if fault else self._checked(cells, line)

    def _parsed(self, record: list[str]) -> list[str] | None:
        """The cells of lines that are exactly one record."""
        try:
            rows = list(csv.reader((line + "\n" for line in record), delimiter=self._delimiter, strict=True))
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else None

    def _checked(self, cells: list[str], line: str) -> list[str]:
        """The cells if there are as many as in the header, and neither nothing nor the header again (two exports were joined)."""
        if not any(cells) or line.lstrip("\ufeff") == self._header:
            return self._pass_over()
        if len(cells) != self._width:
            if any(map(str.strip, cells[self._width :])):
                return self._reject(_LONG)
            if not any(map(str.strip, cells)):
                return self._pass_over()
            if len(cells) < self._width:
                return self._reject(_SHORT)
        for places in self._repeated:  # one value for each column that the header names twice
            stated = {cells[place].strip() for place in places} - {""}
            if len(stated) > 1:
                return self._reject(_CONFLICT)
            cells[places[0]] = next(iter(stated), "")
        return cells[: self._width]

    def _pass_over(self) -> list[str]:
        self._other += self._line - self._start + 1
        return []

    def _reject(self, reason: str) -> list[str]:
        self._sink.reject(self._start, reason)
        self._other += self._line - self._start
        return []


def _fault(line: str) -> str | None:
    if "\0" in line:
        return _NUL
    return _ENCODING if not line.isascii() and _UNDECODED.search(line) else None
