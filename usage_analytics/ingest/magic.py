"""What a file is, judged by its first bytes and never by its name."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Final

from usage_analytics.importers.claude_code_otel.documents import is_protobuf
from usage_analytics.importers.fazm import is_fazm

START_BYTES: Final = 64 << 10

GZIP: Final = b"\x1f\x8b"
ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
PARQUET: Final = b"PAR1"

_DATABASE: Final = "export its content as CSV or Parquet and import that"
_PICTURE: Final = "import the export that it shows, not a picture of it"
_ARCHIVE: Final = "unpack it, or send a .zip or .gz instead"
# Where in the file, the bytes, what they mean, and what to do about it.
_REFUSED: Final = (
    (8, b"DUCK", "a DuckDB database", _DATABASE),
    (0, b"SQLite format 3\0", "an SQLite database", _DATABASE),
    (0, b"%PDF-", "a PDF", "import the export that it was made from, such as a CSV"),
    (0, b"\x89PNG\r\n", "a picture", _PICTURE),
    (0, b"\xff\xd8\xff", "a picture", _PICTURE),
    (0, b"GIF8", "a picture", _PICTURE),
    (8, b"WEBP", "a picture", _PICTURE),
    (257, b"ustar", "a tar archive", _ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _ARCHIVE),
    (0, b"Rar!\x1a\x07", "a RAR archive", _ARCHIVE),
    (0, b"\xfd7zXZ\0", "an xz archive", _ARCHIVE),
    (0, b"BZh", "a bzip2 archive", _ARCHIVE),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive", _ARCHIVE),
    (0, b"ARROW1\0\0", "an Arrow file", "write it as Parquet and import that"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document", "save the sheet as CSV (UTF-8) and import that"),
    (0, b"\x7fELF", "a program", "import an export of usage"),
    (0, b"MZ\x90\0", "a program", "import an export of usage"),
)


def refusal(start: bytes) -> str | None:
    """Return why a file that begins like this can't be read, to follow its name in a sentence; None if it can."""
    if not start:
        return "is empty; export it again."
    if is_fazm(start):  # the one SQLite database that has an importer
        return None
    for offset, signature, kind, advice in _REFUSED:
        if start.startswith(signature, offset):
            return f"is {kind}; {advice}."
    return None


def encoding(start: bytes, read_on: Callable[[], bytes]) -> str | None:
    """Return the encoding to convert to UTF-8; None for UTF-8 and for binary files.

    `read_on` gives the pieces that follow `start`: text that begins in plain ASCII says what it is at its first other character.
    JSON is UTF-8 by its standard; there, bytes that are not are damage to single lines, and no reason to read a long log twice.
    """
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith((codecs.BOM_UTF8, PARQUET)):
        return None
    if is_protobuf(start):
        return None
    if b"\0" in start:
        # UTF-16 without a mark: of Western text nearly every second byte is NUL.
        pairs = len(start) // 2
        even, odd = start[: 2 * pairs : 2].count(0), start[1 : 2 * pairs : 2].count(0)
        if odd > 0.6 * pairs and even < 0.05 * pairs:
            return "utf-16-le"
        if even > 0.6 * pairs and odd < 0.05 * pairs:
            return "utf-16-be"
        return None
    if start.lstrip()[:1] in (b"{", b"["):
        return None
    piece = start
    while piece.isascii() and (following := read_on()):
        piece = following
    try:
        codecs.getincrementaldecoder("utf-8")().decode(piece)
    except UnicodeDecodeError:  # UTF-8 with some damage holds at least one whole character beyond ASCII
        is_utf8 = any(ord(character) > 127 for character in piece.decode("utf-8", "ignore"))
        return None if is_utf8 else "cp1252"
    return None
