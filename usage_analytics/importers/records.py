"""Records of an export that is a table or JSON (an array, one object a line, a list under one name): either way as cells of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

from usage_analytics.importers.cells import Cells, Row, Unclear, read_cells
from usage_analytics.importers.delimited import header
from usage_analytics.importers.json_objects import keys, objects
from usage_analytics.importers.labels import column_name
from usage_analytics.importers.sink import Head, Opened, Sink

LISTS: Final = ("data", "logs", "observations", "requests", "results")
ROWS: Final = 5_000
_DAMAGED: Final = "A record is damaged or cut off; export it again."
_DECODER: Final = msgspec.json.Decoder()


def columns(head: Head) -> frozenset[str]:
    """The names in a table's header, or in the first record of a JSON file; empty for what is neither."""
    found = keys(head.start)
    for name in LISTS:
        if name in found:
            place = head.start.find(b"[", head.start.find(f'"{name}"'.encode()))
            found = keys(head.start[place:]) if place >= 0 else found
            break
    return frozenset(map(column_name, found)) or frozenset(header(head.start))


def read_records(opened: Opened, sink: Sink, understood: Callable[[Cells], Row | None]) -> Iterator[list[Row]]:
    """The records as `understood` reads them, batch by batch, each one a line of the account. See `cells.read_cells`."""
    with opened.path.open("rb") as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
        if start[:1] not in (b"{", b"["):
            yield from read_cells(opened, sink, understood)
            return
        file.seek(0)
        found: list[Row] = []
        for text in objects(file):
            for record in _records(text, sink):
                sink.lines(1)
                try:
                    row = understood({column_name(name): _cell(value) for name, value in record.items()})
                except Unclear as reason:
                    sink.reject(None, str(reason))
                    continue
                if row is None:
                    sink.lines(0, other=1)
                else:
                    found.append(row)
            if len(found) >= ROWS:
                yield found
                found = []
        yield found


def nested(cells: Cells, *names: str) -> Mapping[str, Any]:
    """The object in the first of these cells that holds one; empty where none does."""
    for name in names:
        try:
            value = _DECODER.decode(cells.get(name) or "null")
        except (msgspec.MsgspecError, RecursionError, ValueError):
            continue
        if isinstance(value, dict) and value:
            return value
    return {}


def count_in(values: Mapping[str, Any], *names: str) -> int | None:
    """The first whole number that is not negative under one of these names."""
    stated = (values.get(name) for name in names)
    return next((int(one) for one in stated if isinstance(one, int | float) and not isinstance(one, bool) and one >= 0), None)


def _records(text: bytes | None, sink: Sink) -> list[dict[str, Any]]:
    """The records in an object: those that it lists, or itself."""
    try:
        value = _DECODER.decode(text) if text is not None else None
    except (msgspec.MsgspecError, RecursionError, ValueError):
        value = None
    if not isinstance(value, dict):
        sink.lines(1)
        sink.reject(None, _DAMAGED)
        return []
    lists = (value[name] for name in LISTS if isinstance(value.get(name), list))
    return [one for one in next(lists, [value]) if isinstance(one, dict)]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else _ENCODER.encode(value).decode()


_ENCODER: Final = msgspec.json.Encoder()
