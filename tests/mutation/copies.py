"""A copy of the project to change, and its tests run on it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final, Literal

from tests.mutation.changes import Change

Outcome = Literal["failed", "never ended", "unnoticed"]
NOT_COPIED: Final = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "*.duckdb", "*.egg-info", "build", "dist"
)
MOMENTS: Final = count(
    1_000_000_000
)  # each change gets a time of its own, so that no compiled file of another one is taken for it


class Copy:
    """A folder of the project's files, in which one change at a time is made and taken back."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(project, folder / "project", ignore=NOT_COPIED)

    def passes(self, tests: tuple[str, ...], seconds: float) -> bool | None:
        """Whether these tests pass; None where they do not end within this time."""
        scratch = self.folder / "scratch"
        scratch.mkdir()
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not slow and not browser", *tests]
        environment = os.environ | {"PYTHONPATH": ".", "TMPDIR": str(scratch), "PYTHONHASHSEED": "0"}
        process = subprocess.Popen(
            command, cwd=self.folder / "project", env=environment, stdout=(self.folder / "said").open("w"), stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        try:
            return process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            return None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # and what the tests started
            process.wait()
            shutil.rmtree(scratch, ignore_errors=True)

    def outcome(self, change: Change, tests: tuple[str, ...], seconds: float) -> Outcome:
        """What becomes of the tests with the change made."""
        path = self.folder / "project" / change.path
        source = path.read_text(encoding="utf-8")
        path.write_text(change.applied(source), encoding="utf-8")
        _stamp(path)
        try:
            return {True: "unnoticed", False: "failed", None: "never ended"}[self.passes(tests, seconds)]  # type: ignore[return-value]
        finally:
            path.write_text(source, encoding="utf-8")
            _stamp(path)

    def seconds(self, tests: tuple[str, ...]) -> float:
        """How long the tests take unchanged; exits when they fail."""
        begun = time.monotonic()
        if not self.passes(tests, 900):
            sys.exit(f"{' '.join(tests)} fail without any change:\n{(self.folder / 'said').read_text()[-3000:]}")
        return time.monotonic() - begun


def _stamp(path: Path) -> None:
    moment = next(MOMENTS)
    os.utime(path, (moment, moment))
