"""A crafted file costs itself: memory, time and open files of an import have limits, and the rest is imported."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from tests.campaign.frame import NotHere, Result, all_of, by_tests, command, holds
from tests.transcripts import call, text, write

PROMISES = "P4 P5"
SENTENCES = 3


def check(where: Path) -> Result:
    """Imports with little memory and few open files allowed, huge lines, deep nesting and packed repeats beside a good file."""
    if sys.platform == "win32":
        raise NotHere("this system has no such limits")
    folder = where / "files"
    write(folder / "good.jsonl", *[call(f"g{one}", one) for one in range(30)])
    (folder / "deep.jsonl").write_bytes(b"[" * 500_000 + b"\n" + text(call("deep")))
    (folder / "long.jsonl").write_bytes(text(call("long", content=[{"type": "text", "text": "x" * (20 << 20)}])))
    (folder / "packed.jsonl.gz").write_bytes(gzip.compress(b'{"type":"user"}\n' * 1_000_000))
    (folder / "wide.csv").write_bytes(
        b"occurred_at,app," + b",".join(b"c%d" % one for one in range(8_000)) + b"\n" + b"," * 8_000 + b"\n"
    )
    light = where / "light"
    write(light / "good.jsonl", *[call(f"g{one}", one) for one in range(30)])
    seen = []
    for wrap in (
        [],
        ["prlimit", "--as=2000000000"],
        ["prlimit", "--as=700000000"],
        ["prlimit", "--nofile=64"],
        ["prlimit", "--nofile=24"],
        ["prlimit", "--nofile=12"],
        ["prlimit", "--nofile=7"],
        ["prlimit", "--cpu=2"],
    ):
        db = where / f"{len(seen)}.duckdb"
        done = command("import", light if wrap else folder, "--json", db=db, wrap=wrap)
        if done.returncode in (0, 1) and done.stdout:
            total = json.loads(done.stdout)["events_total"]
            assert total >= 30 or json.loads(done.stdout)["unread"], done.stdout[-800:]
            seen.append(f"{total} events")
        else:
            assert done.returncode < 0 or 0 < len(done.stderr.splitlines()) <= SENTENCES, (
                wrap,
                done.returncode,
                done.stderr[-800:],
            )
            seen.append("refused" if done.returncode >= 0 else "ended by the system")
        assert command("import", light, db=db).returncode == 0, "with the limits gone, the same works"
    known = by_tests(where, "tests/ingest/test_import.py", only="reader_fails or reader_dies or costs_itself")
    return all_of(holds("; ".join(seen)), known)
