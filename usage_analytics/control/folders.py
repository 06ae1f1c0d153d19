"""Further folders that a sync reads, each with the account that its usage belongs to: other machines' copies, other homes, exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.control import Control

LONGEST: Final = 80
_SETTING: Final = "watched_folders"


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder and its account; without one, rows belong to the account that they name, if any."""

    path: str
    account: str | None = None


def watched(control: Control) -> tuple[WatchedFolder, ...]:
    """The folders, in the order in which they were added."""
    text = control.setting(_SETTING)
    try:
        return msgspec.json.decode(text, type=tuple[WatchedFolder, ...]) if text else ()
    except msgspec.MsgspecError:  # a later version knew more
        return ()


def add_folder(control: Control, path: Path, account: str | None) -> WatchedFolder:
    """Have a sync read a folder too; the same folder again changes the account of what is read from now on. Raises BadRequest."""
    place = path.expanduser().absolute()
    label = " ".join((account or "").split()) or None
    if not place.is_dir():
        raise BadRequest(f"{path.name or path} isn't a folder on this machine. Check the path.")
    if label and len(label) > LONGEST:
        raise BadRequest(f"The account's name is longer than {LONGEST} characters. Use a shorter one.")
    one = WatchedFolder(str(place.resolve()), label)
    kept = [known for known in watched(control) if known.path != one.path]
    _keep(control, [*kept, one])
    return one


def remove_folder(control: Control, path: Path) -> None:
    """Read a folder no more; what was read of it stays. Raises BadRequest for one that is not read."""
    place = str(path.expanduser().absolute().resolve())
    known = watched(control)
    left = [one for one in known if one.path not in (place, str(path))]
    if len(left) == len(known):
        raise BadRequest(f"{path.name or path} isn't one of the added folders. List them with: usage-analytics sources")
    _keep(control, left)


def _keep(control: Control, chosen: Sequence[WatchedFolder]) -> None:
    control.set_setting(_SETTING, msgspec.json.encode(chosen).decode() if chosen else None)
