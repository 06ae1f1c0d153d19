"""JSON Lines as rows: one event a line, its keys in whatever order and case. See `json_events` for what an event's values become.

Of a broken line, what is whole is saved: an event after a run of NUL characters, two events without a newline between them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec

from usage_analytics.importers.delimited import whole_lines
from usage_analytics.importers.sink import Opened, Sink
from usage_analytics.importers.usage_events.columns import REQUIRED
from usage_analytics.importers.usage_events.json_events import Event, Events, alike, is_event, named, tabulated

LONGEST_SALVAGE: Final = 1 << 20
TRIES_A_LINE: Final = 64
_BROKEN: Final = (msgspec.MsgspecError, RecursionError, ValueError)
_DECODER: Final = msgspec.json.Decoder()
_WHOLE: Final = json.JSONDecoder()


def states_events(start: bytes) -> bool:
    """Whether one of the first lines of a file is an event, or looks like one as far as it can be seen."""
    if b"occurred" not in start.lower():  # most files are no such thing, and are told without decoding a line
        return False
    if b"\n" not in start.strip() and start.lstrip().startswith(b"{"):
        return all(f'"{name}"'.encode() in start.lower() for name in REQUIRED)
    for line in start.split(b"\n")[:50]:
        try:
            if is_event(_DECODER.decode(line.strip(b"\0 \t\r"))):
                return True
        except _BROKEN:
            continue
    return False


def read_events(opened: Opened, sink: Sink) -> Iterator[Events]:
    """The events of the file, block by block. What is none is accounted for in the sink."""
    with opened.path.open("rb") as file:
        for block in whole_lines(file):
            first = sink.account.lines + 1
            lines = block.removesuffix(b"\n").split(b"\n")
            sink.lines(len(lines))
            try:
                values: list[Any] = _DECODER.decode_lines(block)
            except _BROKEN:
                values = []
            flat = b"[" not in block and block.count(b"{") == len(lines)
            if flat and len(values) == len(lines) and alike(values):
                yield tabulated(range(first, first + len(lines)), values)
                continue

            # Line by line, where one of them is broken or none of our making.
            numbers: list[int] = []
            events: list[Event] = []
            salvaged: set[int] = set()
            for number, line in enumerate(lines, first):
                found = _of_line(number, line, sink)
                numbers += [number] * len(found.events)
                events += found.events
                if found.salvaged:
                    salvaged.add(number)
            yield tabulated(numbers, events, salvaged)


class _Found(NamedTuple):
    events: list[Event]
    salvaged: bool = False


def _of_line(number: int, line: bytes, sink: Sink) -> _Found:
    """The one event of a line; none if it is blank or bad, several if they are whole inside a broken line."""
    if not line.strip():
        sink.lines(0, other=1)
        return _Found([])
    try:
        event = named(_DECODER.decode(line))
    except _BROKEN:
        saved = [] if len(line) > LONGEST_SALVAGE else list(_embedded(line))
        if saved:
            sink.lines(0, salvaged=1)
            return _Found(saved, salvaged=True)
        reason = "The line isn't valid JSON, and no whole event was found in it."
        try:
            text = line.decode().strip("\0 \t\r\ufeff")
        except UnicodeDecodeError:
            reason = "The line is not UTF-8; save the file as UTF-8 and import it again."
        else:
            if not text:
                reason = "The line holds nothing but NUL characters."
            elif not text.startswith("{"):
                reason = "The line is not a JSON object."
            elif not text.endswith("}"):
                reason = "The line is cut off before its end."
        sink.reject(number, reason)
        return _Found([])
    if isinstance(event, str):
        sink.reject(number, event)
        return _Found([])
    return _Found([event])


def _embedded(line: bytes) -> Iterator[Event]:
    """Events that are whole inside a broken line."""
    text = line.decode("utf-8", "replace").replace("\0", " ")
    position = text.find("{")
    for _ in range(TRIES_A_LINE):
        if position < 0:
            return
        try:
            end = _WHOLE.raw_decode(text, position)[1]
            value = _DECODER.decode(text[position:end].encode())  # as strict about a value as with a whole line
        except _BROKEN:
            end = position + 1
        else:
            if is_event(value) and "\ufffd" not in text[position:end] and not isinstance(event := named(value), str):
                yield event
        position = text.find("{", end)
