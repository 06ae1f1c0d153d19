"""JSON objects one after the other, out of a file that may be far larger than memory: those of an array, or the one that it holds.

A file is cut into objects without decoding it: only strings and brackets are looked at. So an object that is damaged costs itself alone, as
long as its brackets are whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

LARGEST_BYTES: Final = 64 << 20
_CHUNK: Final = 1 << 20
_BOM: Final = b"\xef\xbb\xbf"
# A string, a bracket, or the quote of a string whose end is not there yet.
_TOKEN: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]|"', re.DOTALL)
_KEY: Final = re.compile(rb'("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[\[\]{}]', re.DOTALL)
_OPENS: Final = frozenset(b"{[")


def objects(file: BinaryIO, *, largest: int = LARGEST_BYTES) -> Iterator[bytes | None]:
    """Each object of the array in `file`, or the object that it holds, undecoded; None for one that is cut off or above `largest` bytes."""
    buffer, place, start, depth = b"", 0, -1, 0
    level = 0  # at which the objects begin: 1 in an array
    given_up = False
    while chunk := file.read(_CHUNK):
        buffer = buffer[max(start, 0) if start >= 0 else place :] + chunk
        place, start = (place - start if start >= 0 else 0), min(start, 0)
        for token in _TOKEN.finditer(buffer, place):
            at = token.start()
            first = buffer[at]
            if first == 0x22:  # a quote
                if token.end() == at + 1:
                    break
            elif first in _OPENS:
                if not depth:
                    level = int(first == 0x5B)
                if depth == level and first == 0x7B:
                    start = at
                depth += 1
            else:
                depth = max(depth - 1, 0)
                if depth == level and start >= 0 and first == 0x7D:
                    yield buffer[start : token.end()]
                    start = -1
                given_up = given_up and depth != level
            place = token.end()
        if start >= 0 and len(buffer) - start > largest and not given_up:
            yield None
            start, given_up = -1, True
        if len(buffer) - place > largest:  # a string without an end
            break
    if start >= 0 or (len(buffer) - place > largest and not given_up):
        yield None


def keys(start: bytes) -> frozenset[str]:
    """The names in the first object of a file's first bytes, as far as they are to be seen; empty for what is no JSON."""
    text = start.removeprefix(_BOM).lstrip()
    if text[:1] not in (b"{", b"["):
        return frozenset()
    found: set[str] = set()
    level, depth = 1 + text.startswith(b"["), 0
    for token in _KEY.finditer(text):
        first = text[token.start()]
        if first in _OPENS:
            depth += 1
        elif first != 0x22:
            depth -= 1
            if depth < level and found:
                break
        elif depth == level and token.group(2):
            found.add(token.group(1)[1:-1].decode("utf-8", "replace"))
    return frozenset(found)
