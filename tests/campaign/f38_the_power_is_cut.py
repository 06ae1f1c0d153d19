"""Whatever the disk holds at any instant, its last page torn or not, opens with every import that was acknowledged by then."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from tests.campaign.frame import Result, environment, holds
from tests.databases import rows
from tests.faults.test_kill import LOOP
from usage_analytics.store import Store

PROMISES = "P5"
CUTS = 40
CALLS = 20  # of an import
PAGE = 4096  # bytes; what a disk writes at once


def check(where: Path) -> Result:
    """Stops a process that commits without a pause at random moments, copies its files as they lie, tears the last page of half of
    the copies, and opens them.
    """
    chance = random.Random(38)
    db, said = where / "store" / "usage.duckdb", where / "said"
    db.parent.mkdir()
    torn, held = 0, 0
    with (
        said.open("wb") as out,
        subprocess.Popen([sys.executable, "-c", LOOP, str(db)], env=environment(), stdout=out) as process,
    ):
        try:
            while not said.stat().st_size:
                assert process.poll() is None
                time.sleep(0.05)
            for number in range(CUTS):
                time.sleep(chance.uniform(0, 0.5))
                copy = where / "copy"
                acknowledged = stopped(process.pid, db.parent, copy, said)
                if number % 2:
                    torn += tear(copy, chance)
                held += opened(copy / db.name, acknowledged)
                shutil.rmtree(copy)
        finally:
            process.kill()
    assert torn, "no copy was taken while something was being written"
    return holds(f"{CUTS} cuts, {torn} with a torn page; {held} acknowledged imports were looked for, none was lost")


def stopped(pid: int, folder: Path, copy: Path, said: Path) -> set[int]:
    """The files at one instant; which imports had been acknowledged by then."""
    os.kill(pid, signal.SIGSTOP)
    try:
        while psutil.Process(pid).status() != psutil.STATUS_STOPPED:
            time.sleep(0.001)
        shutil.copytree(folder, copy)
        return {int(line) for line in said.read_text().split("\n")[:-1]}
    finally:
        os.kill(pid, signal.SIGCONT)


def tear(copy: Path, chance: random.Random) -> int:
    """Clear a part of the last page of the log, which nobody has been told is on the disk; else of the database."""
    log = copy / "usage.duckdb.wal"
    path = log if log.exists() and log.stat().st_size else copy / "usage.duckdb"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size - min(size, chance.randrange(1, PAGE)))
        file.write(bytes(size - file.tell()))
    return 1


def opened(path: Path, acknowledged: set[int]) -> int:
    """Open what is left; how many acknowledged imports were looked for."""
    store = Store(path)
    there = {one.import_id: one for one in store.imports()}
    assert acknowledged <= set(there), f"lost: {sorted(acknowledged - set(there))}"
    assert {one.events_new + one.events_duplicate for one in there.values()} <= {CALLS}
    total = store.rows("events_total")[0]["events"]
    assert total == sum(one.events_new for one in there.values())
    for table in ("rollup_half_hour", "rollup_conversation", "rollup_message_position"):
        assert rows(store, f"select coalesce(sum(calls), 0)::int as calls from {table}") == [{"calls": total}]
    store.close()
    return len(acknowledged)
