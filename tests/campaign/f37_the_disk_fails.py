"""A disk that errs, is slow, read-only or gone fails one command with a sentence; what was there stays, and the same works afterwards."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.campaign.disks import disk, mount, take_away
from tests.campaign.frame import NotHere, Result, answer, command, holds
from tests.transcripts import call, prompt, write

PROMISES = "P5"
OLD, NEW = 200, 300  # calls that are there, and that an import brings
WRITES: Final = (
    "fsync",
    "fdatasync",
    "pwrite64",
    "ftruncate",
)  # what a database, its log, the archive and its parts are written with
TIMES: Final = ("1", "2", "3", "5+", "8+")  # from which of a thread's calls on


def check(where: Path) -> Result:
    """Has the system answer writes of import, rebuild and backup with an error, or late; mounts the disk read-only, and takes it away."""
    if sys.platform != "linux" or shutil.which("strace") is None:
        raise NotHere("strace is not installed")
    base, new = where / "base", where / "new"
    write(base / "a.jsonl", prompt(), *[call(f"a{one}", one) for one in range(OLD)])
    write(new / "b.jsonl", prompt(), *[call(f"b{one}", one, sessionId=f"b{one % 20}") for one in range(NEW)])
    answer("import", base / "a.jsonl", db=base / "usage.duckdb")
    ends = Counter[str]()
    for number, fault in enumerate(f"{name}:error=EIO:when={time}" for name in WRITES for time in TIMES):
        act = (("import", new), ("rebuild",), ("backup", "--to", where / f"copy-{number}"))[number % 3]
        db = fresh(base, where / "erring") / "usage.duckdb"
        ends[tried(act, fault, db, where)] += 1
        sound(db, new)
    assert any(end.endswith("refused") for end in ends), f"no fault was met: {ends}"
    db = fresh(base, where / "slow") / "usage.duckdb"
    late = "fsync,fdatasync,pwrite64:delay_enter=50ms"
    assert tried(("import", new), late, db, where) == "import done"
    sound(db, new)
    return holds(
        "; ".join([*(f"{count} {end}" for end, count in sorted(ends.items())), "slow: done", *taken_away(base, new, where)])
    )


def tried(act: tuple[object, ...], fault: str, db: Path, where: Path) -> str:
    """How a command ends whose writes go wrong so; it may not call a disk's error anything else."""
    wrap = ("strace", "-f", "-qq", "-o", str(where / "trace"), "-e", f"inject={fault}")
    done = command(*act, db=db, wrap=wrap)
    if done.returncode == 0:
        return f"{act[0]} done"
    assert "INJECTED" in (where / "trace").read_text(errors="replace"), f"{act[0]} failed by itself: {done.stderr}"
    assert "disk" in done.stderr.lower() or "written" in done.stderr, f"{act[0]} at {fault} said: {done.stderr}"
    return f"{act[0]} refused"


def sound(db: Path, new: Path) -> None:
    """What was there is there, and the same import works now."""
    assert answer("spend", db=db)["calls"] in (OLD, OLD + NEW)
    assert answer("import", new, db=db)["events_total"] == OLD + NEW
    assert answer("archive", "--verify", db=db)["damaged"] == []


def fresh(base: Path, to: Path) -> Path:
    """A copy of the folder with the database."""
    shutil.rmtree(to, ignore_errors=True)
    return Path(shutil.copytree(base, to))


def taken_away(base: Path, new: Path, where: Path) -> Iterator[str]:
    """The disk becomes read-only, and then it goes and comes back."""
    with disk(where / "disk", base) as folder:
        db = folder / "usage.duckdb"
        mount("-o", "remount,ro", str(folder))
        for act in (("import", new), ("rebuild",), ("balance", "--set", "5")):
            done = command(*act, db=db)
            assert done.returncode, f"{act[0]} says that it wrote to a disk that is read-only"
            assert done.stderr.strip().endswith("."), done.stderr
        assert answer("spend", db=db)["calls"] == OLD
        mount("-o", "remount,rw", str(folder))
        yield "read-only: refused, and read"
        held = where / "held"
        held.mkdir()
        mount("--bind", str(folder), str(held))
        take_away(folder)
        gone = command("spend", db=db)
        assert gone.returncode, gone.stdout
        assert gone.stderr.strip().endswith("."), gone.stderr
        mount("--bind", str(held), str(folder))
        take_away(held)
        sound(db, new)
        yield "gone and back: nothing lost"
