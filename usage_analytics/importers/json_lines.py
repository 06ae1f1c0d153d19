"""Files of one JSON object a line: the sound ones are handed over, and what is whole inside a broken line is saved.

Blank lines are counted as other. A line is broken where its end is missing, where two objects share it, or where NUL characters precede it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from usage_analytics.importers.delimited import whole_lines
from usage_analytics.importers.sink import Opened, Sink

LONGEST_SALVAGE: Final = 16 << 20
TRIES_A_LINE: Final = 64
BROKEN: Final = (msgspec.MsgspecError, RecursionError, ValueError)
_DECODER: Final = msgspec.json.Decoder()
_WHOLE: Final = json.JSONDecoder()

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """An object, its line, and whether it was found inside a broken line, which is counted as salvaged already."""

    number: int
    document: Document
    salvaged: bool = False


def lines(opened: Opened, sink: Sink, is_record: Callable[[Document], bool]) -> Iterator[Line]:
    """Yield every object of the file. `is_record` distinguishes a whole record from a part of one in a broken line."""
    number = 0
    with opened.path.open("rb") as file:
        for block in whole_lines(file):
            for line in block.removesuffix(b"\n").split(b"\n"):
                number += 1
                sink.lines(1)
                if not line.strip():
                    sink.lines(0, other=1)
                    continue
                try:
                    document = _DECODER.decode(line)
                except BROKEN:
                    yield from _salvaged(number, line, sink, is_record)
                    continue
                if isinstance(document, dict):
                    yield Line(number, document)
                else:
                    sink.reject(number, "The line is not a JSON object.")


def first_objects(start: bytes, most: int = 20) -> Iterator[Document]:
    """The objects on the first lines of a file, as far as they can be decoded; for a look at what it is."""
    for line in start.split(b"\n")[:most]:
        try:
            document = _DECODER.decode(line.strip(b"\0 \t\r"))
        except BROKEN:
            continue
        if isinstance(document, dict):
            yield document


def goes_on(start: bytes) -> bool:
    """Whether the first line of a file is only the beginning of a JSON document in many lines."""
    first, newline, _ = start.lstrip(b"\xef\xbb\xbf\0\r\n\t ").partition(b"\n")
    try:
        _DECODER.decode(first)
    except BROKEN:
        return first.startswith((b"{", b"[")) and bool(newline) and not first.rstrip().endswith(b"}")
    return False


def _salvaged(number: int, line: bytes, sink: Sink, is_record: Callable[[Document], bool]) -> Iterator[Line]:
    text = line.decode("utf-8", "replace").replace("\0", " ")
    found, position = [], text.find("{") if len(line) <= LONGEST_SALVAGE else -1
    for _ in range(TRIES_A_LINE):
        if position < 0:
            break
        try:
            end = _WHOLE.raw_decode(text, position)[1]
            value = _DECODER.decode(text[position:end].encode())  # as strict about a value as with a whole line
            if isinstance(value, dict) and is_record(value):
                found.append(Line(number, value, salvaged=True))
        except BROKEN:
            end = position + 1
        position = text.find("{", end)
    if found:
        sink.lines(0, salvaged=1)
        yield from found
        return
    sink.reject(number, why_broken(text))


def why_broken(text: str) -> str:
    """Why a line in which no whole record was found cannot be read. It says nothing of what the line holds."""
    stripped = text.strip("\0 \t\r\n\ufeff")
    if not stripped:
        return "The line holds nothing but NUL characters."
    if not stripped.startswith("{"):
        return "The line is not a JSON object."
    if not stripped.endswith("}"):
        return "The line is cut off before its end."
    return "The line isn't valid JSON, and no whole record was found in it."
