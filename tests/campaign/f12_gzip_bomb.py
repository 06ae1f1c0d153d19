"""A small file that unpacks to a huge one is stopped early, with a reason, little memory and nothing left behind."""

from __future__ import annotations

import time
import zlib
from pathlib import Path

from tests.campaign.frame import Result, all_of, by_tests, children_memory, command, holds

PROMISES = "P5"
UNPACKED = 2 << 30
MEMORY = 600 << 20


def check(where: Path) -> Result:
    """Imports a gzip file of 2 MB that unpacks to 2 GB, and a column of one repeated word, with the real command."""
    bomb = where / "bomb.csv.gz"
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"occurred_at,app\n" + b"0" * ((1 << 20) - 16)
    with bomb.open("wb") as file:
        for _ in range(UNPACKED >> 20):
            file.write(packer.compress(block))
        file.write(packer.flush())
    begun = time.monotonic()
    done = command("import", bomb, db=where / "usage.duckdb")
    seconds = time.monotonic() - begun
    assert done.returncode == 1, done.stdout
    assert "bomb.csv unpacks to more than 200 times its size" in done.stderr + done.stdout
    assert seconds < 60
    memory = children_memory()
    assert memory < MEMORY, f"{memory >> 20} MB"
    left = [path for path in where.rglob("*") if path.is_file() and path.stat().st_size > bomb.stat().st_size + (20 << 20)]
    assert not left, left
    known = by_tests(where, "tests/ingest/test_unpack.py", only="bomb or cap")
    return all_of(holds(f"refused after {seconds:.1f} s, {memory >> 20} MB at most, {bomb.stat().st_size >> 10} KB file"), known)
