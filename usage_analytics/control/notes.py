"""Notes on days: "started the nightly agent", "moved to the Max plan". Charts over time mark them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.control import Control

LONGEST: Final = 80  # letters
MOST: Final = 100
_SETTING: Final = "notes"


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """What the person wrote of a day of theirs."""

    day: date
    text: str


def notes(control: Control) -> tuple[Note, ...]:
    """The notes in the order of their days."""
    text = control.setting(_SETTING)
    try:
        return () if text is None else msgspec.json.decode(text, type=tuple[Note, ...])
    except msgspec.MsgspecError:  # written by a version that knew more
        return ()


def add(control: Control, note: Note) -> None:
    """Keep a note. Raises BadRequest."""
    text = " ".join(note.text.split())
    if not text:
        raise BadRequest("The note is empty. Type what happened that day.")
    if len(text) > LONGEST:
        raise BadRequest(f"The note is longer than {LONGEST} letters. Shorten it.")
    known = notes(control)
    if len(known) >= MOST:
        raise BadRequest(f"There are {MOST} notes already. Delete one first.")
    _keep(control, {*known, Note(note.day, text)})


def delete(control: Control, note: Note) -> None:
    """Drop a note; nothing happens where there is none like it."""
    _keep(control, set(notes(control)) - {note})


def _keep(control: Control, kept: set[Note]) -> None:
    control.set_setting(_SETTING, msgspec.json.encode(sorted(kept)).decode() if kept else None)
