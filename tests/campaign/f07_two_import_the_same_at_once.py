"""Two imports of the same files at once count everything once, and both end well."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.campaign.frame import PROJECT, Result, all_of, by_tests, environment, holds
from tests.transcripts import call, prompt, write

PROMISES = "P1"
ROUNDS = 8


def check(where: Path) -> Result:
    """Starts two real commands on the same files at the same moment, again and again, and adds up what each says is new."""
    db = where / "usage.duckdb"
    for number in range(ROUNDS):
        lines = [call(f"{number}-{one}", one, sessionId=str(number)) for one in range(50)]
        path = write(where / "files" / f"{number}.jsonl", prompt(), *lines)
        words = [sys.executable, "-m", "usage_analytics", "import", "--json", "--db", str(db), str(path)]
        both = [subprocess.Popen(words, cwd=PROJECT, env=environment(), stdout=subprocess.PIPE, text=True) for _ in range(2)]
        told = [json.loads(one.communicate(timeout=120)[0]) for one in both]
        assert [one.returncode for one in both] == [0, 0]
        assert sorted(sum(one["events_new"] for one in said["imports"]) for said in told) in ([0, 50], [50])
        assert max(said["events_total"] for said in told) == 50 * (number + 1)
    known = by_tests(
        where,
        "tests/store/test_lease.py::test_two_imports_of_the_same_lines_at_once_count_them_once",
        "tests/ingest/test_import.py::test_two_imports_at_once_of_the_same_files_both_end_well",
        "tests/ingest/test_sync.py::test_two_syncs_at_once_count_everything_once",
    )
    return all_of(holds(f"{ROUNDS} pairs of commands"), known)
