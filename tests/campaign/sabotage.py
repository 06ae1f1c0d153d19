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


SABOTAGES: Final = (
    Sabotage("P4", "a rejected line is not counted", "usage_analytics/importers/sink.py", "self.account.rejected += 1", "pass"),
    Sabotage(
        "P7",
        "the message of a failing reader is shown",
        "usage_analytics/ingest/worker.py",
        'fault = f"{type(error).__name__} in',
        'fault = f"{error} in',
    ),
    Sabotage(
        "F04",
        "nobody compares the database with its archive",
        "usage_analytics/store/following.py",
        "    now = archive.mark\n    return bool(",
        "    now = archive.mark\n    return False and bool(",
    ),
    Sabotage(
        "F10",
        "all threads share one cursor",
        "usage_analytics/store/lease.py",
        "cursor = self._shared.cursor()",
        "cursor = self._shared",
    ),
    Sabotage(
        "F12",
        "a file may unpack to any size",
        "usage_analytics/ingest/unpack.py",
        "    ratio: int = 200 ",
        "    ratio: int = 2_000_000 ",
    ),
    Sabotage(
        "F26",
        "pipes and devices are read",
        "usage_analytics/sources/claude_code.py",
        "if stat.S_ISREG(known.st_mode):",
        "if known.st_mode:",
    ),
    Sabotage(
        "F37",
        "a disk's error is taken for a damaged database",
        "usage_analytics/store/lease.py",
        r'r"could not write.*input/output error|fsync failed"',
        'r"never said"',
    ),
    Sabotage(
        "F38",
        "the archive's ledger gets no line of an import",
        "usage_analytics/archive/__init__.py",
        "file.write(ledger.written(line))",
        "file.write(ledger.written(line)[:0])",
    ),
    Sabotage(
        "F32", "secrets are readable for everybody", "usage_analytics/control/keys.py", "OWNER_ONLY = 0o600", "OWNER_ONLY = 0o644"
    ),
    Sabotage(
        "T01",
        "names are not escaped",
        "usage_analytics/ui/text.py",
        'return _PUNCTUATION.sub(lambda found: f"\\\\{found.group()}", ',
        "return str(",
    ),
    Sabotage(
        "T02",
        "every host name is answered",
        "usage_analytics/server/__init__.py",
        'allowed_hosts=settings()["server.allowedHosts"]',
        'allowed_hosts=["*"]',
    ),
    Sabotage(
        "T03",
        "it listens anywhere without sign-in",
        "usage_analytics/server/access.py",
        "elif not access.is_this_machine(host) and",
        "elif not host and",
    ),
    Sabotage(
        "T04",
        "a passcode may be tried without an end",
        "usage_analytics/control/passcodes.py",
        "TRIES: Final = 5 ",
        "TRIES: Final = 5000 ",
    ),
    Sabotage(
        "T08",
        "SQL may reach other files",
        "usage_analytics/store/lease.py",
        'connection.execute("set enable_external_access = false")',
        'connection.execute("set enable_progress_bar = false")',
    ),
    Sabotage(
        "T13",
        "an alert may go to a private address",
        "usage_analytics/alerts/reach.py",
        "elif not _is_public(address) and not private_allowed:",
        "elif not _is_public(address) and False:",
    ),
    Sabotage(
        "T16", "any number of tabs is let in", "usage_analytics/server/sessions.py", "MOST: Final = 100", "MOST: Final = 100_000"
    ),
)


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
