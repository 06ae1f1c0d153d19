"""The command line in processes that begin with everything imported, so that a kill meets the work and not the start.

They are forked from a process that has opened no database, and each is a process of its own with files of its own.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from tests.campaign.frame import PROJECT

HEAVY = (
    "duckdb",
    "pyarrow.parquet",
    "usage_analytics.cli.verbs",
    "usage_analytics.ingest",
    "usage_analytics.cli.imports",
    "usage_analytics.cli.archive",
    "usage_analytics.cli.report",
    "usage_analytics.reports",
    "tests.databases",
)


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit status, None where it was killed; what it said; and how long it ran."""

    status: int | None
    said: str
    seconds: float


def ready() -> None:
    """Import what the processes need, once."""
    for name in HEAVY:
        import_module(name)
    os.environ["PYTHONPATH"] = str(PROJECT)


def run(work: Callable[[], int], said: Path, *, kill_after: float | None = None) -> Ended:
    """Do the work in a process of its own, and kill it after so many seconds unless it has ended by then."""
    sys.stdout.flush()
    said.unlink(missing_ok=True)
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        _be(work, said)
    deadline = None if kill_after is None else begun + kill_after
    while True:
        ended, status = os.waitpid(child, 0 if deadline is None else os.WNOHANG)
        if ended:
            break
        if deadline is not None and time.monotonic() >= deadline:
            os.kill(child, signal.SIGKILL)
            deadline = None
        else:
            time.sleep(0.001)
    code = None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)
    return Ended(code, said.read_text(errors="replace") if said.exists() else "", time.monotonic() - begun)


def verb(*words: object) -> Callable[[], int]:
    """The work of a verb of the command line."""

    def work() -> int:
        from usage_analytics.cli import main

        return main([str(word) for word in words])

    return work


def moments(seed: int, longest: float) -> Callable[[], float]:
    """Random moments up to a little after the end, most of them early, where the work is."""
    chance = random.Random(seed)
    return lambda: chance.uniform(0, longest * 1.1)


def _be(work: Callable[[], int], said: Path) -> None:
    """What the new process does; it never returns."""
    status = 70
    try:
        file = os.open(said, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        os.dup2(file, 1)
        os.dup2(file, 2)
        status = work()
    except SystemExit as ending:
        status = int(ending.code or 0) if isinstance(ending.code, int | None) else 2
    except BaseException:  # noqa: BLE001  said in the file, and judged there
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
