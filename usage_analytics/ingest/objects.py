"""JSON tables as text: an array of objects, or one object per line, becomes a CSV that is read like any other.

Line n + 1 of the CSV is item n of the array, or line n of the file. Objects within objects become columns with dotted names.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from usage_analytics.errors import UnreadableFile
from usage_analytics.ingest.sheets import number_text

WHOLE_BYTES: Final = 128 << 20  # of a document that has to be held in memory
DEPTH: Final = 4
MOST_COLUMNS: Final = 500
_TWICE: Final = "\0twice"
_BROKEN: Final = (ValueError, RecursionError)

Rejects = list[tuple[int | None, str]]
Item = dict[str, str] | str  # the cells of a record by column, or why it is none


def is_json(start: bytes) -> bool:
    """Whether a file may be JSON, by its first bytes."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n\0")[:1] in (b"{", b"[")


def table(path: Path, name: str, rejects: Rejects) -> Iterator[bytes]:
    """Yield the table as pieces of CSV and reject items that aren't records. Raise UnreadableFile if it isn't a table."""
    items = _items(path, name)
    columns: dict[str, None] = {}
    for item in items():
        if isinstance(item, dict):
            columns.update(dict.fromkeys(item))
        if len(columns) > MOST_COLUMNS:
            raise UnreadableFile(
                f"{name} has more than {MOST_COLUMNS} columns, more than any usage export. Import a smaller table."
            )
    if not columns:
        raise UnreadableFile(f"{name} is JSON without any rows of usage. Check that it's the right file.")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for number, item in enumerate(items(), 1):
        if isinstance(item, dict):
            writer.writerow([item.get(column, "") for column in columns])
        else:
            text.write("\n")  # a blank line: all others keep their numbers
            if item:
                rejects.append((number, item))
        if text.tell() > 1 << 20:
            yield text.getvalue().encode("utf-8", "replace")
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode("utf-8", "replace")


def _items(path: Path, name: str) -> Callable[[], Iterator[Item]]:
    """The records of a document, or of each line; asked for twice."""
    with path.open("rb") as file:
        lines = [line for line in (file.readline(1 << 20) for _ in range(20)) if line.strip()]
    if len(lines) > 1 and _is_object(lines[0]) and any(map(_is_object, lines[1:])):
        return lambda: _of_lines(path)
    if path.stat().st_size > WHOLE_BYTES:
        raise UnreadableFile(
            f"{name} is one JSON document of more than {WHOLE_BYTES >> 20} MB. Write one object per line, or split it."
        )
    try:
        document = _decoded(path.read_bytes().decode("utf-8-sig").strip("\0 \t\r\n"))
    except _BROKEN as error:
        raise UnreadableFile(f"{name} isn't valid JSON. Export it again.") from error
    found = records(document)
    if found is None:
        raise UnreadableFile(f"{name} is JSON, but we found no table in it. Export it as a list of objects, or as CSV.")
    return lambda: map(_cells, found)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(_decoded(line.decode("utf-8-sig", "replace").strip("\0 \t\r\n")), dict)
    except _BROKEN:
        return False


def _of_lines(path: Path) -> Iterator[Item]:
    with path.open("rb") as file:
        for line in file:
            text = line.decode("utf-8-sig", "replace").strip("\0 \t\r\n")
            if not text:
                yield ""
                continue
            try:
                yield _cells(_decoded(text))
            except _BROKEN:
                yield "The line isn't valid JSON."


def records(document: Any, depth: int = 0) -> list[Any] | None:
    """The list of objects in a document: itself, the only such list in it, or columns that are lists; None where there is none."""
    if isinstance(document, list):
        if document and all(isinstance(one, list) for one in document) and all(isinstance(cell, str) for cell in document[0]):
            head = document[0]
            return [dict(zip(head, row, strict=True)) if len(row) == len(head) else row for row in document[1:]]
        return document if any(isinstance(one, dict) for one in document) else None
    if not isinstance(document, dict) or depth > 2:
        return None
    lists = [value for value in document.values() if isinstance(value, list)]
    if (
        len(lists) > 1
        and len({len(one) for one in lists}) == 1
        and not any(isinstance(cell, dict | list) for one in lists for cell in one)
    ):
        names = [name for name, value in document.items() if isinstance(value, list)]
        return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]
    found = [inner for value in document.values() if (inner := records(value, depth + 1)) is not None]
    return found[0] if len(found) == 1 else None


def _cells(record: Any) -> Item:
    if not isinstance(record, dict):
        return "This isn't an object with a value for each column."
    cells: dict[str, str] = {}
    if not _flatten(record, "", cells, 0):
        return "The object names the same column twice."
    return cells


def _flatten(record: dict[str, Any], prefix: str, cells: dict[str, str], depth: int) -> bool:
    if _TWICE in record:
        return False
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and depth < DEPTH:
            if not _flatten(value, f"{name}.", cells, depth + 1):
                return False
        elif isinstance(value, dict | list):
            cells[name] = ""  # a list belongs to no cell
        else:
            cells[name] = _text(value)
    return True


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _Number):
        return number_text(value)
    return " ".join(str(value).replace("\0", " ").splitlines())


def _decoded(text: str) -> Any:
    return json.loads(text, parse_float=_Number, parse_int=_Number, parse_constant=_Number, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else {_TWICE: True}
