"""A transcript that grows while it is read is read to its last whole line, and the rest the next time: nothing is lost or doubled."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

from tests.campaign.frame import Result, all_of, answer, by_tests, holds
from tests.transcripts import call, text

PROMISES = "P1 P4"
CALLS = 1200


def check(where: Path) -> Result:
    """One thread writes a transcript in pieces that end anywhere, even within a line, while the real command syncs again and again."""
    home, db = where / "claude", where / "usage.duckdb"
    path = home / "projects" / "garden" / "one.jsonl"
    path.parent.mkdir(parents=True)
    path.touch()
    done = threading.Event()

    def grow() -> None:
        chance, left = random.Random(23), text(*[call(str(one), one) for one in range(CALLS)])
        with path.open("ab", buffering=0) as file:
            while left:
                size = chance.randrange(1, 6000)
                file.write(left[:size])
                left = left[size:]
                time.sleep(0.02)
        done.set()

    writer = threading.Thread(target=grow)
    writer.start()
    env, syncs, last = {"CLAUDE_CONFIG_DIR": str(home), "HOME": str(where)}, 0, 0
    while not done.is_set() or syncs < 3:
        told = answer("sync", db=db, env=env)
        assert told["events_total"] >= last
        assert not any(one["rejected"] for one in told["imports"]), told["imports"]
        syncs, last = syncs + 1, told["events_total"]
    writer.join()
    told = answer("sync", db=db, env=env)
    assert told["events_total"] == CALLS, told["events_total"]
    known = by_tests(
        where,
        "tests/ingest/test_sync.py",
        "tests/importers/test_claude_code_broken_lines.py",
        only="still_being_written or wherever_a_file_is_cut or many_small_syncs or imported_while or sync_rejects",
    )
    return all_of(holds(f"{CALLS} calls in {syncs + 1} syncs"), known)
