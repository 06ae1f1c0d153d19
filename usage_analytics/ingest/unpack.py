"""Turn the files that people send into plain UTF-8 files: unpack .gz and .zip, and convert other encodings.

Nothing in an archive is trusted: names are only shown and never used as paths, sizes are capped while unpacking, links are not followed.
A plain UTF-8 file is passed on where it lies.
"""

from __future__ import annotations

import codecs
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from errno import ENOSPC
from pathlib import Path
from typing import Final

from usage_analytics.errors import UnreadableFile
from usage_analytics.format import count
from usage_analytics.ingest import sheets
from usage_analytics.ingest.magic import GZIP, START_BYTES, ZIP, encoding, refusal
from usage_analytics.ingest.sheets import is_workbook
from usage_analytics.ingest.unpacked import Unpacked, Unreadable

CHUNK: Final = 1 << 20
NAME_LENGTH: Final = 120
_LEFT_BY_SYSTEMS: Final = (".DS_Store", "Thumbs.db", "desktop.ini")
_ZIP_FAULTS: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may unpack to."""

    total_bytes: int = 8 << 30
    ratio: int = 200  # of unpacked to packed, for whatever is larger than `ratio_from`
    ratio_from: int = 16 << 20
    entries: int = 20_000
    depth: int = 2  # archives in archives: one in another, and no more


def unpack(path: Path, spool: Path, limits: Limits = Limits(), name: str | None = None) -> Iterator[Unpacked | Unreadable]:
    """Yield the plain files in a file, one by one; copies stay in `spool` until they are discarded.

    Raise UnreadableFile if the file can't be unpacked, before yielding anything.
    """
    shown = shown_name(name or path.name)
    if not stat.S_ISREG(path.stat().st_mode):
        raise UnreadableFile(f"{shown} isn't a regular file. Choose a file or a folder.")
    yield from _opened(Unpacked(path, shown), _Spool(spool, limits))


def shown_name(name: str) -> str:
    """A file's name for people: the base name without control and direction characters, at most 120 characters."""
    base = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    readable = base
    if not (base.isascii() and base.isprintable()):  # nearly all are, and there may be thousands
        readable = "".join(one for one in base if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    return readable.strip()[:NAME_LENGTH] or "unnamed"


@dataclass(slots=True)
class _Spool:
    """A folder for copies, and how much may still be unpacked into it."""

    folder: Path
    limits: Limits
    unpacked: int = 0

    def unpack(self, chunks: Iterator[bytes], name: str, packed_bytes: int) -> Unpacked:
        """Write the unpacked content. Raise UnreadableFile if it exceeds a limit."""
        return self.copy(self.capped(chunks, name, packed_bytes), name)

    def copy(self, chunks: Iterator[bytes], name: str) -> Unpacked:
        """Write a copy; if that fails, remove it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as target:
            copied = Unpacked(Path(target.name), name, spooled=True)
            try:
                for chunk in chunks:
                    target.write(chunk)
                target.flush()
            except BaseException as error:
                copied.discard()
                if isinstance(error, OSError) and error.errno == ENOSPC:
                    raise UnreadableFile(
                        f"There isn't enough room on this disk to unpack {name}. Free some space and import it again."
                    ) from error
                raise
        return copied

    def capped(self, chunks: Iterator[bytes], name: str, packed_bytes: int) -> Iterator[bytes]:
        """Yield the same bytes and count them. Raise UnreadableFile once they exceed a limit."""
        size = 0
        for chunk in chunks:
            size += len(chunk)
            self.unpacked += len(chunk)
            if self.limits.ratio_from < size > self.limits.ratio * packed_bytes:
                raise UnreadableFile(
                    f"{name} unpacks to more than {self.limits.ratio} times its size, more than any export. Import it unpacked."
                )
            if self.unpacked > self.limits.total_bytes:
                raise UnreadableFile(f"{name} {_too_large(self.limits)}")
            yield chunk


def _too_large(limits: Limits) -> str:
    return f"unpacks to more than {count(limits.total_bytes >> 20)} MB. Send it in parts."


def _opened(found: Unpacked, spool: _Spool, depth: int = 0) -> Iterator[Unpacked | Unreadable]:
    """What a file holds, which may itself be a copy of ours: that one is removed once it was unpacked further."""
    with found.path.open("rb") as file:
        start = file.read(START_BYTES)
        reason = refusal(start)
        packed = start.startswith((GZIP, *ZIP))
        foreign = None if reason or packed else encoding(start, lambda: file.read(CHUNK))
    if reason:
        found.discard()
        raise UnreadableFile(f"{found.name} {reason}")
    if not packed and not foreign:
        yield replace(found, start=start)
        return
    try:
        if foreign:
            yield spool.copy(_transcoded(found.path, foreign), found.name)
        elif depth == spool.limits.depth:
            raise UnreadableFile(f"{found.name} is an archive within two others. Unpack it and import the files in it.")
        elif start.startswith(GZIP):
            without_gz = found.name[:-3] if found.name.lower().endswith(".gz") and len(found.name) > 3 else found.name
            inner = spool.unpack(_inflated(found.path, found.name), without_gz, found.path.stat().st_size)
            yield from _opened(inner, spool, depth + 1)
        else:
            try:
                with zipfile.ZipFile(found.path) as opened:
                    entries = _entries(opened, found, spool.limits)
                    if is_workbook(opened.namelist()):
                        yield from _sheets(opened, found, spool)
                        return
                    for entry in entries:
                        yield from _entry(opened, entry, spool, depth + 1)
            except zipfile.BadZipFile as error:
                raise UnreadableFile(f"{found.name} is cut off or damaged. Download or export it again.") from error
    finally:
        found.discard()


def _transcoded(path: Path, foreign: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(foreign)(errors="replace")
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield decoder.decode(chunk).encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _inflated(path: Path, name: str) -> Iterator[bytes]:
    """The content of a gzip file, which may be made of several, one after the other, padded with NULs."""
    decoder, rest = zlib.decompressobj(wbits=31), b""
    with path.open("rb") as file:
        try:
            while rest := rest or file.read(CHUNK):
                if decoder.eof:
                    if not (rest := rest.lstrip(b"\0")):
                        continue
                    decoder = zlib.decompressobj(wbits=31)
                yield decoder.decompress(rest, CHUNK)
                rest = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
        except zlib.error as error:
            place = file.tell() - len(rest)
            raise UnreadableFile(
                f"{name} is damaged within {CHUNK >> 20} MB of byte {count(place)}. Download or export it again."
            ) from error
        if not decoder.eof:
            raise UnreadableFile(f"{name} is cut off at byte {count(file.tell())}, before its end. Download or export it again.")


def _entries(opened: zipfile.ZipFile, archive: Unpacked, limits: Limits) -> list[zipfile.ZipInfo]:
    """The files in an archive, if they keep to the limits by what its directory says; reading stops at what it says."""
    entries = []
    for entry in opened.infolist():
        parts = entry.filename.replace("\\", "/").split("/")
        # What operating systems add to archives unasked is left out.
        debris = parts[0] == "__MACOSX" or parts[-1].startswith("._") or parts[-1] in _LEFT_BY_SYSTEMS
        if not entry.is_dir() and not debris:
            entries.append(entry)
    size = sum(entry.file_size for entry in entries)
    if any(entry.filename == "content.xml" for entry in entries) and any(entry.filename == "mimetype" for entry in entries):
        raise UnreadableFile(
            f"{archive.name} is an OpenDocument file. Save the sheet as .xlsx or as CSV (UTF-8) and import that."
        )
    if len(entries) > limits.entries:
        raise UnreadableFile(f"{archive.name} holds more than {count(limits.entries)} files. Send it in parts.")
    if size > limits.total_bytes:
        raise UnreadableFile(f"{archive.name} {_too_large(limits)}")
    if limits.ratio_from < size > limits.ratio * archive.path.stat().st_size:
        raise UnreadableFile(
            f"{archive.name} unpacks to more than {limits.ratio} times its size, more than any export. Import it unpacked."
        )
    return entries


def _sheets(opened: zipfile.ZipFile, found: Unpacked, spool: _Spool) -> Iterator[Unpacked]:
    """Each sheet of a workbook as a CSV."""
    spool.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=spool.folder, suffix=".xlsx") as copy:
        workbook = Path(copy.name)
        try:
            sheets.copied(opened, workbook, found.name, lambda chunks, packed: spool.capped(chunks, found.name, packed))
        except _ZIP_FAULTS as error:
            raise UnreadableFile(f"{found.name} is cut off or damaged. Save or export it again.") from error
        shown = sheets.currencies(workbook)
        for name, chunks in sheets.sheets(workbook, found.name):
            # A workbook names a long text once and shows it in a million cells: its rows are counted like what is unpacked.
            yield replace(spool.unpack(chunks, shown_name(name), found.path.stat().st_size), currencies=shown)


def _entry(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, spool: _Spool, depth: int) -> Iterator[Unpacked | Unreadable]:
    name = shown_name(entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        yield Unreadable(name, f"{name} is a link or a device. Import the file itself.")
    elif entry.flag_bits & 0x1:
        yield Unreadable(name, f"{name} is encrypted. Unpack the archive and import the files in it.")
    elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield Unreadable(name, f"{name} is compressed in a way we can't read. Unpack the archive and import the files in it.")
    else:
        try:
            try:
                with opened.open(entry) as packed:
                    inner = spool.unpack(iter(lambda: packed.read(CHUNK), b""), name, entry.compress_size)
            except _ZIP_FAULTS as error:
                damaged = f"{name} is damaged in its archive. Make the archive again, or import the file itself."
                raise UnreadableFile(damaged) from error
            yield from _opened(inner, spool, depth)
        except UnreadableFile as error:
            yield Unreadable(name, str(error))
