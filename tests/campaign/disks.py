"""A disk of a row's own, in memory, that can be made small, read-only, or taken away."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.campaign.frame import NotHere


def mount(*words: str) -> None:
    """Mount, or mount again otherwise. Raises CalledProcessError."""
    subprocess.run(["mount", *words], check=True)


def take_away(at: Path) -> None:
    """Unmount a disk, whoever still uses it."""
    subprocess.run(["umount", "-l", str(at)], check=True)


@contextmanager
def disk(at: Path, base: Path, left: int | None = None) -> Iterator[Path]:
    """A disk with a copy of the folder `base` on it, and so many KB left; plenty, where that is None."""
    at.mkdir(exist_ok=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m", "campaign", str(at)], capture_output=True, check=False)
    if made.returncode:
        raise NotHere("this system lets us mount no small disk (mount -t tmpfs); what needs none held")
    try:
        shutil.copytree(base, at, dirs_exist_ok=True)
        if left is not None:
            used = sum(path.stat().st_blocks for path in at.rglob("*")) // 2
            mount("-o", f"remount,size={used + left}k", str(at))
        yield at
    finally:
        take_away(at)
