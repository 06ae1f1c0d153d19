"""From a table and its mapping to observations, on the way of usage events: read, converted, and each row known by what it says.

Two rows that agree in everything are two calls: a row's identity is what it says and its rank among those that say the same. So the same
file again, or a later one that holds the same rows, adds nothing; and rows of tables with different mappings never meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.delimited import header_of, read_rows
from usage_analytics.importers.labels import column_name
from usage_analytics.importers.mapped.amounts import written
from usage_analytics.importers.mapped.cells import tidy
from usage_analytics.importers.mapped.mapping import NUMBERS, Mapping, applies
from usage_analytics.importers.mapped.moments import moment
from usage_analytics.importers.mapped.rows import Event, RowReader, Unclear
from usage_analytics.importers.mapped.totals import is_total_of
from usage_analytics.importers.sink import Opened, Sink, Summary
from usage_analytics.importers.usage_events.columns import KNOWN

if TYPE_CHECKING:
    from usage_analytics.importers.usage_events.reading import Piece

SOURCE: Final = "mapped:"
_MINUS: Final = "The cost is negative"


def read(opened: Opened, sink: Sink, mapping: Mapping) -> None:
    """Give the sink every row of the table as a usage event, and account for every line. Raise UnreadableFile."""
    from usage_analytics.importers.usage_events import reading  # with a database engine, which most workers never need

    with opened.path.open("rb") as file:
        columns = header_of(file.read(1 << 20))
    if not applies(mapping, columns):
        missing = sorted(mapping.used - set(columns))
        raise UnreadableFile(f"{opened.name} has no column {missing[0]}, which the mapping reads. Map its columns again.")
    table = Table(mapping, columns)
    reading.read(opened, sink, partial(_pieces, table), source=f"{SOURCE}{mapping.name}", grain=mapping.grain or "call")
    sink.account.summary = table.summary


def _pieces(table: Table, connection: Any, opened: Opened, sink: Sink) -> Iterator[Piece]:
    from usage_analytics.importers.usage_events.reading import piece_of

    for rows in read_rows(opened, sink):
        found, unknown = table.events(rows.lines, rows.table, sink)
        yield piece_of(connection, found, unknown)


class Table:
    """What a table comes to while it is read by a mapping, row after row."""

    def __init__(self, mapping: Mapping, header: tuple[str, ...]) -> None:
        self.summary = Summary(mapping.name, mapping.amounts_in is not None)
        self._reader = RowReader(mapping, header)
        self._mapping = mapping
        self._seen: Counter[bytes] = Counter()
        self._numbers = [column for role in NUMBERS for column in mapping.source(role)]
        self._times = mapping.source("occurred_at")
        self._sums = {column: (Decimal(0), Decimal(0)) for column in self._numbers}  # of all rows, and since the last totals
        self._stated: dict[str, Decimal] = {}

    def events(self, lines: Any, table: Any, sink: Sink) -> tuple[Any, tuple[str, ...]]:
        """Some rows as an Arrow table of usage events, and which of their columns are not of the format."""
        numbers: list[int] = []
        events: list[Event] = []
        others: list[list[tuple[str, str]]] = []
        for line, cells in zip(lines, table.to_pylist(), strict=True):
            if repeats_header(cells):
                self.summary.headers += 1
                sink.lines(0, other=1)
            elif self._adds_up(cells):
                self.summary.totals += 1
                sink.lines(0, other=1)
            else:
                try:
                    event = self._reader.event(cells)
                except Unclear as reason:
                    self.summary.negative += str(reason).startswith(_MINUS)
                    sink.reject(line, str(reason))
                    continue
                self._count(event, cells)
                numbers.append(line)
                events.append(event)
                others.append(self._others(event, cells))
        unknown = (*self._reader.others, "stated_amount", "stated_currency", "usd_rate")
        return tabulated(numbers, events, others), unknown

    def _adds_up(self, cells: dict[str, str]) -> bool:
        """Whether a row only adds up others: it is named so and has no time of its own, or has no time and comes to their sum."""
        time = tidy(cells[self._times[0]])
        if moment(time):
            return False
        if any(map(is_total_of, cells.values())):
            self._sums = {column: (whole, Decimal(0)) for column, (whole, _) in self._sums.items()}
            return True
        stated = {column: value for column in self._numbers if (value := self._number(cells[column])) is not None}
        if time or not stated or not any(stated.values()):
            return False
        return any(all(value == self._sums[column][which] for column, value in stated.items()) for which in (0, 1))

    def _number(self, cell: str) -> Decimal | None:
        found = written(tidy(cell), tokens=True)
        return found.value(self._mapping.decimal) if found else None

    def _count(self, event: Event, cells: dict[str, str]) -> None:
        for column in self._numbers:
            if value := self._number(cells[column]):
                whole, since = self._sums[column]
                self._sums[column] = (whole + value, since + value)
        known = event.says.get("event_id")
        digest = blake2b((known or "\x1f".join(event.own)).encode("utf-8", "replace"), digest_size=16).digest()
        self._seen[digest] += 1
        if not known:
            event.says["event_id"] = f"{digest.hex()} {self._seen[digest]}"
        elif self._seen[digest] > 1:
            return  # the same call once more
        one = self.summary
        one.rows += 1
        one.first_at = min(event.at, one.first_at or event.at)
        one.last_at = max(event.at, one.last_at or event.at)
        if event.tokens is not None:
            one.tokens = (one.tokens or 0) + event.tokens
        if event.amount is not None and event.dollars is not None:
            nanos, day = int(event.dollars.scaleb(9)), event.at.date().isoformat()
            one.cost_nanos = (one.cost_nanos or 0) + nanos
            one.days[day] = one.days.get(day, 0) + nanos
            code = event.amount.currency
            self._stated[code] = self._stated.get(code, Decimal(0)) + event.amount.value
            one.stated[code] = f"{self._stated[code]:f}"

    def _others(self, event: Event, cells: dict[str, str]) -> list[tuple[str, str]]:
        found = [(column, cells[column]) for column in self._reader.others]
        if event.amount is not None and event.amount.currency != "USD":
            rate = self._mapping.rates[event.amount.currency]
            found += [
                ("stated_amount", f"{event.amount.value:f}"),
                ("stated_currency", event.amount.currency),
                ("usd_rate", rate),
            ]
        return found


def repeats_header(cells: dict[str, str]) -> bool:
    """Whether a row is the header again, as where two exports were joined."""
    said = [(column, cell) for column, cell in cells.items() if cell.strip()]
    return len(said) > 1 and all(column_name(cell) == column for column, cell in said)


def tabulated(numbers: list[int], events: list[Event], others: list[list[tuple[str, str]]]) -> Any:
    """Events as an Arrow table, with their lines and the columns that are not of the format."""
    import pyarrow as pa

    columns = {name: pa.array([event.says.get(name) for event in events], pa.string()) for name in KNOWN}
    pairs = pa.map_(pa.string(), pa.string())
    return pa.table({"line": pa.array(numbers, pa.int64()), **columns, "unknown": pa.array(others, pairs)})
