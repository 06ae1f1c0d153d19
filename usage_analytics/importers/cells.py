"""Read table cells as words, whole numbers, dollars and times. An unclear cell is rejected with a reason, never guessed."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from usage_analytics.importers.delimited import read_rows
from usage_analytics.importers.labels import extra
from usage_analytics.importers.sink import Opened, Sink

Cells = Mapping[str, str]
Row = dict[str, Any]

NANOS: Final = 1_000_000_000
_NOTHING: Final = frozenset(("", "-", "--", "n/a", "null", "none", "nan"))
_WHOLE: Final = re.compile(r"\d{1,15}(?:\.0{1,6})?")
_DOLLARS: Final = re.compile(r"\$? ?(?:\d{1,9}|\d{1,3}(?:,\d{3}){1,2}(?=\.))(?:\.\d{0,18})?(?:[eE]-\d{1,2})?")
_MOMENT: Final = re.compile(r"2[01]\d\d-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?(?:[Zz]| UTC|[+-]\d\d:?\d\d)?")
_LOCAL: Final = re.compile(r"(?P<whole>\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+|\d{1,12})(?:[.,](?P<decimals>\d{1,2}))?")
_SAME_AGAIN: Final = "import the export as it was downloaded."


class Unclear(ValueError):
    """A row that cannot be read exactly. The message is the reason, for people; it holds nothing of the row."""


def read_cells(opened: Opened, sink: Sink, understood: Callable[[Cells], Row | None]) -> Iterator[list[Row]]:
    """The rows of a delimited file as `understood` reads them, batch by batch. Unclear ones are rejected; None is a row without usage."""
    for rows in read_rows(opened, sink):
        found: list[Row] = []
        for line, cells in zip(rows.lines, rows.table.to_pylist(), strict=True):
            try:
                row = understood(cells)
            except Unclear as reason:
                sink.reject(line, str(reason))
                continue
            if row is None:
                sink.lines(0, other=1)
            else:
                found.append(row)
        yield found


def add_rows(table: str, rows: Sequence[Mapping[str, Any]], sink: Sink) -> None:
    """Pass on rows that all have the same columns."""
    if rows:
        sink.add(table, {column: [row[column] for row in rows] for column in rows[0]})


def numbered(rows: Iterable[Row], rank: Callable[[Row], Any]) -> list[Row]:
    """Make `event_id` unique: rows that share it are numbered, the largest `rank` first, so that their order in a file is of no matter."""
    alike: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        alike[row["event_id"]].append(row)
    return [
        row | {"event_id": f"{event_id} #{ordinal}"}
        for event_id, same in alike.items()
        for ordinal, row in enumerate(sorted(same, key=rank, reverse=True), 1)
    ]


def word(cells: Cells, *columns: str) -> str | None:
    """Return the first of these cells that isn't empty."""
    stated = ((cells.get(column) or "").strip() for column in columns)
    return next((text for text in stated if text.lower() not in _NOTHING), None)


def whole(cells: Cells, *columns: str) -> int | None:
    """Return a whole number; None if no column has one. Raise Unclear."""
    text = word(cells, *columns)
    if text is None:
        return None
    if not _WHOLE.fullmatch(text):
        raise Unclear(f"{columns[0]} is not a whole number such as 1200; {_SAME_AGAIN}")
    return int(text.partition(".")[0])


def dollars(cells: Cells, *columns: str) -> int | None:
    """Return an amount in nano-dollars; None if no column has one. Raise Unclear."""
    text = word(cells, *columns)
    if text is None:
        return None
    if not _DOLLARS.fullmatch(text):
        raise Unclear(f"{columns[0]} is not an amount in dollars such as 1234.50; {_SAME_AGAIN}")
    return round(Decimal(text.replace(",", "").lstrip("$ ")) * NANOS)


def moment(cells: Cells, *columns: str) -> datetime:
    """A time as naive UTC; one without an offset is UTC already. Raises Unclear."""
    found = instant(word(cells, *columns))
    if found is None:
        raise Unclear(f"{columns[0]} is not a time such as 2026-08-10T10:00:00Z; {_SAME_AGAIN}")
    return found


def instant(value: object) -> datetime | None:
    """A time in ISO 8601 as naive UTC; None for anything else."""
    try:
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            stated = datetime.fromisoformat(value.replace(" UTC", "Z"))
            return stated.astimezone(UTC).replace(tzinfo=None) if stated.tzinfo else stated
    except (ValueError, OverflowError):
        pass
    return None


def local_number(cells: Cells, *columns: str) -> Decimal | None:
    """Read a number in any language's notation: 1,204.51 and 1.204,51 and 1 204,51. Raise Unclear.

    The last point or comma begins the decimals where one or two digits follow it; any other stands between thousands.
    """
    text = word(cells, *columns)
    if text is None:
        return None
    found = _LOCAL.fullmatch(text.replace("US$", "").strip("$ \u00a0"))
    if not found:
        raise Unclear(f"{columns[0]} is not a number such as 1,204.51; {_SAME_AGAIN}")
    return Decimal(f"{re.sub('[^0-9]', '', found['whole'])}.{found['decimals'] or 0}")


def numbers(cells: Cells, placed: Collection[str]) -> str | None:
    """The columns without a place of their own as JSON: labels, and of a column that might hold words its numbers."""
    others = {column: value.strip() for column, value in cells.items() if column not in placed}
    counted = {column: value for column, value in others.items() if _WHOLE.fullmatch(value) or _DOLLARS.fullmatch(value)}
    kept = json.loads(extra(others) or "{}") | counted
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else None
