"""Files that no importer claims, in the child process: JSON becomes a table, and what stands above a header is set aside.

If an importer claims that, it reads it. A table that no importer claims is read with a mapping, or a mapping is proposed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

import msgspec

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers import claimant, claimed, mapped
from usage_analytics.importers.delimited import header, header_cells
from usage_analytics.importers.mapped import reading
from usage_analytics.importers.mapped import unclaimed as tables
from usage_analytics.importers.mapped.facts import facts
from usage_analytics.importers.mapped.proposal import Proposal, Wishes
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.ingest import objects
from usage_analytics.ingest.magic import START_BYTES
from usage_analytics.ingest.tasks import Done, Task, done_of
from usage_analytics.ingest.unpacked import Unpacked


def read(task: Task, found: Unpacked, start: bytes, sink: Sink, number: int) -> Done:
    """Read the file as a table, or say what to ask. Raises UnreadableFile."""
    rejects: objects.Rejects = []
    if objects.is_json(start):
        table, shift = _spooled(objects.table(found.path, found.name, rejects), found, sink.folder), 1
    else:
        table, shift = _from_its_header(found, start, sink.folder), 0
    try:
        with table.path.open("rb") as file:
            head = Head(found.name, file.read(START_BYTES).removeprefix(b"\xef\xbb\xbf"))
        done = _as_table(task, table, head, sink, number)
    finally:
        table.discard()
    if shift and done.unread is None:  # the header is of our making
        done.lines, done.other = done.lines - shift, done.other - shift - len(rejects)
        done.rejected += len(rejects)
        done.rejects = [*rejects, *((None if line is None else line - shift, reason) for line, reason in done.rejects)][:200]
    return done


def _as_table(task: Task, table: Unpacked, head: Head, sink: Sink, number: int) -> Done:
    opened = Opened(table.path, table.name, number)
    if importer := claimed(head):
        sink.reads(importer.name)
        importer.read(opened, sink)
        return done_of(table.name, number, importer.name, sink.account)
    if len(header(head.start)) < 2:
        claimant(head)  # raises with what to import instead
    if any("\ufffd" in cell for cell in header_cells(head.start)):
        raise UnreadableFile(f"{table.name} isn't text. If it's a table, save it as CSV in UTF-8 and import it again.")
    wishes = msgspec.json.decode(task.wishes, type=Wishes | None) or Wishes()
    judged = tables.judged(*facts(opened.path, opened.name, sink.folder, table.currencies), wishes)
    if isinstance(judged, Proposal):
        return Done(table.name, unread=tables.waiting(judged), proposal=msgspec.Raw(msgspec.json.encode(judged)))
    sink.reads(mapped.name)
    reading.read(opened, sink, judged)
    return done_of(table.name, number, mapped.name, sink.account)


def _from_its_header(found: Unpacked, start: bytes, folder: Path) -> Unpacked:
    """Return the same text with the lines above its header emptied; itself if there are none."""
    text = start.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    above = tables.head_line(text.split("\n"))
    first = next((number for number, line in enumerate(text.split("\n")) if line.strip()), 0)
    if above <= first:
        return Unpacked(found.path, found.name, currencies=found.currencies)
    return _spooled(tables.blanked(found.path, above), found, folder)


def _spooled(chunks: Iterator[bytes], found: Unpacked, folder: Path) -> Unpacked:
    spool = folder / "spool"
    spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=spool, delete=False) as target:
        table = Unpacked(Path(target.name), found.name, spooled=True, currencies=found.currencies)
        try:
            for chunk in chunks:
                target.write(chunk)
        except (UnreadableFile, OSError):
            table.discard()
            raise
    return table
