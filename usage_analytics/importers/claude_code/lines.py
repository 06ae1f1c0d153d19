"""Turn bytes into records: a clean piece all at once, otherwise line by line, and complete records out of a broken line.

Broken lines as found in real logs: two records spliced into one line, a missing newline between two, runs of NUL before a whole record, a
tail cut off, a value of another type than ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import msgspec

from usage_analytics.importers.claude_code.lenient import UnclearCount, lenient
from usage_analytics.importers.claude_code.records import Record, decode_record, decode_records
from usage_analytics.importers.json_lines import why_broken
from usage_analytics.importers.sink import Sink

TRIES_A_LINE = 64
LONGEST_SALVAGE = 64 << 20
BROKEN = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
_RECORD_START = re.compile(r'\{"(?:parentUuid|type|uuid|sessionId|isSidechain|timestamp|message|logicalParentUuid|promptId)"')
_WHOLE = json.JSONDecoder()


def is_whole(tail: bytes) -> bool:
    """Whether a last line without a newline is a whole record already."""
    try:
        decode_record(tail)
    except BROKEN:
        return False
    return True


class Reader:
    """Turns pieces of a file into records, and accounts for their lines in the sink."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._line = 0
        self._found: list[Record] = []
        self._numbers: list[int] = []  # of the records found, where a line is not a record
        self.line_records = 0  # lines of the last piece that were sound, blank ones among them

    def records(self, piece: bytes) -> list[Record]:
        """Return the records of complete lines; repair or reject bad lines, and report the number of lines to the sink."""
        lines = 0  # counted three times as fast as with `bytes.count`, which looks at every byte
        after = piece.find(b"\n") + 1
        while after:
            lines += 1
            after = piece.find(b"\n", after) + 1
        lines += not piece.endswith(b"\n")
        try:
            found = decode_records(piece)
        except BROKEN:
            found = []
        self._numbers = []
        if len(found) == lines:
            self.line_records = lines
        else:  # not one record a line: a broken line, a blank one, or two records in one
            found = []
            self.line_records = 0
            for number, line in enumerate(piece.removesuffix(b"\n").split(b"\n"), start=self._line + 1):
                if not line.strip():
                    self.line_records += 1
                    continue
                try:
                    whole = [decode_record(line)]
                    self.line_records += 1
                except BROKEN:
                    whole = self._broken(number, line)
                self._numbers += [number] * len(whole)
                found += whole
        self._line += lines
        self._sink.lines(lines)
        self._found = found
        return found

    def line_of(self, record: Record) -> int:
        """Return the line number of a record in the last piece."""
        place = next(place for place, one in enumerate(self._found) if one is record)
        return self._numbers[place] if self._numbers else self._line - len(self._found) + place + 1

    def _broken(self, number: int, line: bytes) -> list[Record]:
        """Return the complete records in a broken line, which then counts as repaired; without any, reject it."""
        text = line.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
        try:
            value = json.loads(text)
            whole = lenient(value) if isinstance(value, dict) else None
        except UnclearCount:
            self._sink.reject(number, "A count in the line is not a whole number.")
            return []
        except (ValueError, RecursionError):
            whole = None  # not sound JSON
        if whole is not None:
            self.line_records += 1
            return [whole]
        if len(line) > LONGEST_SALVAGE:
            self._sink.reject(number, "The line is broken and too long to be searched for whole records.")
            return []
        salvaged = list(_embedded(text.replace("\0", " ")))
        if salvaged:
            self._sink.lines(0, salvaged=1)
        else:
            self._sink.reject(number, why_broken(text))
        return salvaged


def _embedded(text: str) -> Iterator[Record]:
    """Records that are whole inside a broken line."""
    position = failures = 0
    while failures < TRIES_A_LINE and (start := _RECORD_START.search(text, position)):
        try:
            value, position = _WHOLE.raw_decode(text, start.start())
            record = lenient(value)
        except (ValueError, RecursionError):
            position = max(position, start.start() + 1)
            failures += 1
            continue
        # A nested object, such as a content block, is not a record: a record says which session it belongs to.
        if record.sessionId:
            record.salvaged = True
            yield record
