"""Copies of an archive: checked, backed up while it is in use, and merged with another machine's.

Parts never change and the ledger only grows, so a copy is consistent when its ledger comes last; no one has to stop working meanwhile.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from usage_analytics.archive import Archive, ledger
from usage_analytics.archive.ledger import Part
from usage_analytics.archive.parts import fault, keep, room_is_needed
from usage_analytics.errors import BadRequest

PARTS: Final = "source=*/month=*/*"


@dataclass(frozen=True, slots=True)
class Copied:
    """How many parts and bytes were copied, how many imports came with them, and what of the archive could not be read."""

    parts: int = 0
    bytes: int = 0
    imports: int = 0
    left_out: tuple[str, ...] = ()


def faults(archive: Archive) -> Iterator[str]:
    """Read everything, and return what is damaged or missing."""
    known = archive.read()
    yield from (f"{ledger.NAME}, line {number} is damaged" for number in known.damaged)
    for part in known.parts():
        if (
            wrong := fault(archive.folder, part)
        ) and part in archive.read().parts():  # it may have been joined with others meanwhile
            yield f"{part.file} {wrong}"


def archive_in(folder: Path) -> Archive:
    """Return the archive in a folder, which may itself be the archive or contain it, as a backup does. Raise BadRequest."""
    for place in (folder / "archive", folder):
        if Archive(place).mark:
            return Archive(place)
    raise BadRequest(f"There is no archive in {folder.name}. Use a folder that “usage-analytics backup” wrote.")


def copy_archive(archive: Archive, to: Path) -> Copied:
    """Copy the archive to a folder that is new or holds an earlier copy. Raises BadRequest for any other archive."""
    copy = Archive(to)
    with room_is_needed():
        to.mkdir(parents=True, exist_ok=True)
        content = archive.content()
        if not content.startswith(copy.content()):
            raise BadRequest(f"{to.parent.name} holds the backup of another archive. Use another folder.")
        known = ledger.read(content)
        parts = size = 0
        left_out = [f"{ledger.NAME}, line {number} is damaged" for number in known.damaged]
        for part in known.parts():
            if (to / part.file).exists() and (to / part.file).stat().st_size == part.bytes:
                continue
            if wrong := _copy_part(archive, to, part):
                if part not in archive.read().parts():  # it was undone or joined with others meanwhile
                    more = copy_archive(archive, to)
                    return replace(more, parts=parts + more.parts, bytes=size + more.bytes)
                left_out.append(f"{part.file} {wrong}")
                continue
            parts, size = parts + 1, size + part.bytes
        draft = to / f"{ledger.NAME}.draft"
        draft.write_bytes(content[: known.whole])
        keep(draft)
        draft.replace(to / ledger.NAME)
        keep(to)
        needed = {part.file for part in known.parts()}
        for path in to.glob(PARTS):
            if path.relative_to(to).as_posix() not in needed:
                path.unlink()
    return Copied(parts, size, len(known.entries()), tuple(left_out))


def merge(archive: Archive, other: Archive) -> Copied:
    """Add the imports of another archive, and undo what was undone there. Doing it again adds nothing."""
    if other.folder.resolve() == archive.folder.resolve():
        raise BadRequest("An archive can't be merged with itself. Use the folder of another machine's archive or backup.")
    theirs = other.read()
    left_out = [f"{ledger.NAME}, line {number} is damaged" for number in theirs.damaged]
    parts = size = imports = 0
    with archive.locked():
        mine = archive.read()
        number, batch, known, undone = mine.next_number(), mine.next_batch(), set(mine.known), set(mine.undone)
        live, entered_lines = {line.id for line in theirs.live()}, set[str]()
        for line in theirs.lines:
            joined = tuple(one for one in line.joined if one in entered_lines)
            new = bool(joined) or (line.id in live and any(one.id not in known for one in line.imports))
            gone = tuple(one for one in line.undone if one in known and one not in undone)
            if not new and not gone:
                continue
            sound = []
            for part in line.parts if new and theirs.homes[line.id] == line.id else ():
                if wrong := _copy_part(other, archive.pending(line.id), part):
                    left_out.append(f"{part.file} {wrong}")
                else:
                    sound.append(part)
            added = line.imports if new else ()
            entered = msgspec.structs.replace(line, imports=added, undone=gone, parts=tuple(sound), joined=joined)
            entered_lines |= {line.id} if new else set()
            with archive.entering(ledger.renumbered(entered, number, batch)):
                pass
            parts, size = parts + len(sound), size + sum(part.bytes for part in sound)
            imports += sum(one.id not in theirs.undone for one in added)
            number, batch = number + len(added), batch + len({one.batch for one in added})
            known |= {one.id for one in added}
            undone |= set(gone)
    archive.forget_unneeded()
    return Copied(parts, size, imports, tuple(left_out))


def put_in_place(archive: Archive, draft: Path, aside: Path) -> None:
    """Replace the archive with a copy and move the old files to `aside`. The old ledger moves first; the new one comes last."""
    with archive.locked(), room_is_needed():
        for source, to in ((archive.folder, aside), (draft, archive.folder)):
            last = [source / ledger.NAME] if (source / ledger.NAME).exists() else []
            files = sorted(source.glob(PARTS))
            for file in [*last, *files] if to is aside else [*files, *last]:
                place = to / file.relative_to(source)
                place.parent.mkdir(parents=True, exist_ok=True)
                file.replace(place)
        for folder in {path.parent for path in archive.folder.glob(PARTS)} | {archive.folder}:
            keep(folder)


def _copy_part(archive: Archive, to: Path, part: Part) -> str | None:
    """Copy a part atomically; return what is wrong with it, if anything."""
    place = to / part.file
    draft = place.with_name(f"{place.name}.draft")
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(archive.folder / part.file, draft)
    except FileNotFoundError:
        return "is missing"
    keep(draft)
    draft.replace(place)
    wrong = fault(to, part)
    if wrong:
        place.unlink()
    return wrong
