"""Take a defense out of a copy of the program, one at a time, and show that the row for it fails: `./dev campaign --sabotage`."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.campaign.frame import PROJECT, rows


@dataclass(frozen=True)
class Sabotage:
    """In `file`, `there` becomes `instead`; then `row` must not hold."""

    row: str
    what: str
    file: str
    there: str
    instead: str


SABOTAGES: Final[tuple[Sabotage, ...]] = ()


def main(chosen: Sequence[str]) -> int:
    """Run each sabotage of the chosen rows; 1 when one of them goes unnoticed."""
    from tests.campaign.__main__ import apart

    wanted = {one.upper() for one in chosen}
    unnoticed = 0
    for one in SABOTAGES:
        if wanted and one.row not in wanted:
            continue
        with tempfile.TemporaryDirectory(prefix="sabotage-") as folder:
            copy = copied(Path(folder) / "project")
            apply(one, copy)
            result = apart(rows([one.row])[0], copy)
        noticed = result.state == "does not hold"
        unnoticed += not noticed
        print(
            f"{one.row:4} {'noticed' if noticed else 'NOT NOTICED':12} {one.what}\n     {result.why or result.figure}", flush=True
        )
    return int(unnoticed > 0)


def copied(to: Path) -> Path:
    """A copy of the project's own files, with the environment of this one."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=PROJECT, capture_output=True, check=True
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (PROJECT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, to / name)
    return to


def apply(one: Sabotage, project: Path) -> None:
    """Take the defense out. Raises AssertionError when it is not there any more, so that no sabotage goes stale."""
    path = project / one.file
    text = path.read_text(encoding="utf-8")
    assert text.count(one.there) == 1, f"{one.file} does not hold “{one.there}” once; the sabotage for {one.row} is out of date"
    path.write_text(text.replace(one.there, one.instead), encoding="utf-8")
