"""The frame of a row: what it returns, and the few ways in which it runs the real thing."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Literal

PROJECT: Final = Path(__file__).parents[2]
HERE: Final = Path(__file__).parent
SECONDS: Final = 380  # the longest that a command of a row may take, on a machine that has nothing else to do

State = Literal["holds", "does not hold", "could not run"]


@dataclass(frozen=True)
class Result:
    """How a row ended: `figure` is what was counted or measured, `why` is the reason where it does not hold or could not run."""

    state: State
    figure: str = ""
    why: str = ""
    cpu: float = 0.0  # seconds that the row and all it started have worked

    def as_json(self) -> str:
        """The result as one line of JSON."""
        return json.dumps(asdict(self))


class NotHere(Exception):
    """What the row needs is not on this machine; the message says what."""


@dataclass(frozen=True)
class Row:
    """A row of the campaign: `id` as in the list of faults, and what its module says."""

    id: str
    module: str

    @property
    def loaded(self) -> ModuleType:
        """The module, imported."""
        return import_module(f"tests.campaign.{self.module}")

    @property
    def promises(self) -> str:
        """Which of P1 to P9 it stands for."""
        return str(self.loaded.PROMISES)

    @property
    def sentence(self) -> str:
        """What we promise."""
        return _one_line(self.loaded.__doc__)

    @property
    def done(self) -> str:
        """What is done to find out."""
        return _one_line(self.loaded.check.__doc__)


def rows(chosen: Sequence[str] = ()) -> list[Row]:
    """All rows in the order P, F, T; of `chosen` ids only where there are any. Raises SystemExit for an id that is none."""
    found = [Row(path.stem.split("_")[0].upper(), path.stem) for path in HERE.glob("[pft][0-9]*_*.py")]
    found.sort(key=lambda row: ("PFT".index(row.id[0]), int(row.id[1:])))
    wanted = {one.upper() for one in chosen}
    if unknown := wanted - {row.id for row in found}:
        raise SystemExit(f"There is no row {', '.join(sorted(unknown))}; rows are P1 to P9, F01 to F38 and T1 to T16.")
    return [row for row in found if not wanted or row.id in wanted]


def holds(figure: str) -> Result:
    """The promise held; `figure` says over how many cases, or how fast."""
    return Result("holds", figure)


def command(
    *words: object, db: Path, env: dict[str, str] | None = None, cwd: Path | None = None, wrap: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run the real command line on a database. Whatever becomes of it, it must not show a traceback."""
    given = [*wrap, sys.executable, "-m", "usage_analytics", *map(str, words), "--db", str(db)]
    done = subprocess.run(
        given,
        cwd=cwd or PROJECT,
        env=environment() | (env or {}),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        errors="surrogateescape",
    )
    assert "Traceback" not in done.stderr, f"“{words[0]}” ended in a traceback:\n{done.stderr[-2000:]}"
    return done


def answer(*words: object, db: Path, env: dict[str, str] | None = None, status: int = 0) -> Any:
    """What the command line answers in JSON."""
    done = command(*words, "--json", db=db, env=env)
    assert done.returncode == status, f"“{words[0]}” ended with {done.returncode}: {done.stderr[-500:]}"
    return json.loads(done.stdout)


def environment() -> dict[str, str]:
    """Our own surroundings, with this copy of the program first and nobody's real settings in it."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("USAGE_ANALYTICS", "CLAUDE_"))}
    return own | {
        "PYTHONPATH": str(PROJECT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "CI": "1",
    }  # Hypothesis: no deadline on a busy machine


def by_tests(where: Path, *names: str, only: str = "") -> Result:
    """Run tests that do the real thing already, slow ones too. `only` is pytest's -k.

    Raises NotHere where all of them were skipped, AssertionError where one failed.
    """
    report = where / "report.xml"
    given = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-m",
        "",
        f"--basetemp={where / 'pytest'}",
        f"--junitxml={report}",
        *(["-k", only] if only else []),
        *names,
    ]
    ran = subprocess.run(given, cwd=PROJECT, env=environment(), capture_output=True, text=True, timeout=patience(), check=False)
    assert report.exists(), f"the tests did not run: {ran.stdout[-1500:]} {ran.stderr[-1500:]}"
    cases = ET.parse(report).getroot().findall(".//testcase")
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case.find("skipped") for case in cases if case.find("skipped") is not None]
    assert not failed, "; ".join(f"{case.get('name')}: {_first_line(case)}" for case in failed)
    assert cases, f"no test is called so: {', '.join(names)}"
    if len(skipped) == len(cases):
        raise NotHere(str(skipped[0].get("message")) if skipped[0] is not None else "skipped")
    left = f", {len(skipped)} of them skipped" if skipped else ""
    return holds(f"{len(cases)} tests{left}")


def patience() -> float:
    """How long a command may take, in seconds: longer where the machine is busy with other things."""
    return SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def all_of(*results: Result) -> Result:
    """Several results that all held, as one."""
    return holds("; ".join(result.figure for result in results))


def children_memory() -> int:
    """The largest memory, in bytes, that one of our ended child processes has used."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def _first_line(case: ET.Element) -> str:
    found = case.find("failure")
    found = case.find("error") if found is None else found
    return str(found.get("message") if found is not None else "").split("\n")[0][:300]


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
