"""P5: whenever a process is killed, each import is there whole or not at all, and none that was acknowledged is lost."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.databases import content, left_beside, rows
from tests.transcripts import call, prompt, write
from usage_analytics import ingest
from usage_analytics.store import Store

CALLS = 40  # of a file
FILES = 3  # of an import
LOOP = """
import sys
from pathlib import Path
from tests.databases import add
from tests.transcripts import call, text
from usage_analytics.store import Store
store = Store(Path(sys.argv[1]))
for number in range(10_000):
    lines = [call(f"{number}-{one}", one, sessionId=f"s{number % 3}") for one in range(20)]
    (done,) = add(store, {f"{number}.jsonl": text(*lines)})
    print(done.import_id, flush=True)
"""


def folder_of(where: Path, number: int) -> Path:
    """A folder with the files of one import."""
    for file in range(FILES):
        session = f"{number}-{file}"
        lines = [call(f"{session}-{one}", one, sessionId=session) for one in range(CALLS)]
        write(where / str(number) / f"{session}.jsonl", prompt(0, sessionId=session), *lines)
    return where / str(number)


def imports_of(store: Store) -> dict[int, int]:
    """How many files of each import are there."""
    found: dict[int, int] = {}
    for one in store.imports():
        number = int(one.name.partition("-")[0])
        found[number] = found.get(number, 0) + 1
    return found


def sound(store: Store) -> None:
    """Everything in the database agrees with everything else."""
    there = imports_of(store)
    assert set(there.values()) <= {FILES}
    counted = rows(store, "select split_part(conversation_id, '-', 1)::int as number, count(*) as calls from call group by all")
    assert {row["number"]: row["calls"] for row in counted} == dict.fromkeys(there, FILES * CALLS)
    for table in ("rollup_half_hour", "rollup_conversation", "rollup_message_position"):
        assert rows(store, f"select coalesce(sum(calls), 0)::int as calls from {table}") == [
            {"calls": len(there) * FILES * CALLS}
        ]


def rounds(where: Path, count: int, seed: int) -> None:
    """Import with the real command, kill it at a random moment, look, and go on in the same database."""
    chance = random.Random(seed)
    store = Store(where / "store" / "usage.duckdb")
    command = [sys.executable, "-m", "usage_analytics", "import", "--json", "--db", str(store.path)]
    acknowledged: set[int] = set()
    begun = time.monotonic()
    subprocess.run([*command, str(folder_of(where, 0))], check=True, capture_output=True)
    whole = time.monotonic() - begun
    acknowledged.add(0)
    for number in range(1, count + 1):
        with subprocess.Popen([*command, str(folder_of(where, number))], stdout=subprocess.PIPE) as process:
            time.sleep(chance.uniform(0, whole * 1.1))
            process.kill()
            said = process.communicate()[0]
        if process.returncode == 0:
            json.loads(said)
            acknowledged.add(number)
        assert process.returncode in (0, -signal.SIGKILL)
        there = imports_of(store)
        assert acknowledged <= set(there), "an acknowledged import is lost"
        sound(store)
        store.close()
    last = ingest.import_paths(store, [folder_of(where, count + 1)])
    assert last.events_total == len(imports_of(store)) * FILES * CALLS
    deadline = time.monotonic() + 10  # the readers of those that were killed may still be finding out
    while left := left_beside(store):
        assert time.monotonic() < deadline, f"{left} were left behind"
        time.sleep(0.2)
        ingest.import_paths(store, [folder_of(where, count + 1)])
    again = ingest.import_paths(store, [where / str(number) for number in range(1, count + 1)])
    assert again.events_total == (count + 2) * FILES * CALLS
    sound(store)


def loops(where: Path, count: int, seed: int) -> None:
    """Kill a process that commits one import after the other, so that every instant of a commit is met."""
    chance = random.Random(seed)
    store = Store(where / "usage.duckdb")
    for _ in range(count):
        with subprocess.Popen([sys.executable, "-c", LOOP, str(store.path)], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            assert process.stdout.readline()
            time.sleep(chance.uniform(0, 0.6))
            process.kill()
            acknowledged = [int(line) for line in process.stdout.read().split()]
        ledger = {one.import_id: one for one in store.imports()}
        assert set(acknowledged) <= set(ledger)
        total = store.rows("events_total")[0]["events"]
        assert sum(one.events_new for one in ledger.values()) == total
        assert {one.events_new + one.events_duplicate for one in ledger.values()} == {20}
        before = content(store)
        assert rows(store, "select sum(calls)::int as calls from rollup_half_hour") == [{"calls": total}]
        store.close()
        after = content(Store(store.path))
        assert {table: set(before[table]) ^ set(after[table]) for table in before if before[table] != after[table]} == {}


@pytest.mark.slow
def test_p5_an_import_that_is_killed_is_whole_or_absent(tmp_path: Path) -> None:
    rounds(tmp_path, 4, seed=5)


@pytest.mark.slow
def test_p5_a_commit_that_is_killed_is_whole_or_absent(tmp_path: Path) -> None:
    loops(tmp_path, 2, seed=6)


@pytest.mark.slow
def test_p5_the_making_of_a_database_may_be_killed_too(tmp_path: Path) -> None:
    making(tmp_path, 5)


@pytest.mark.slow
def test_p5_holds_in_sixty_rounds(tmp_path: Path) -> None:
    rounds(tmp_path / "import", 60, seed=60)


@pytest.mark.slow
def test_p5_holds_in_sixty_commits(tmp_path: Path) -> None:
    (tmp_path / "loop").mkdir()
    loops(tmp_path / "loop", 60, seed=61)


def making(where: Path, count: int) -> None:
    """Kill a process at every moment of the making of a database, from the first file that it makes on."""
    source = write(where / "a.jsonl", call("a"))
    code = "import sys; from pathlib import Path; from usage_analytics.store import Store; Store(Path(sys.argv[1])).rows('events_total')"
    for moment in range(count):
        path = where / str(moment) / "usage.duckdb"
        path.parent.mkdir()
        with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 20
            while not list(path.parent.glob("**/*duckdb*")) and time.monotonic() < deadline:
                time.sleep(0.0002)
            time.sleep(moment * 0.15 / count)
            process.kill()
        store = Store(path)
        assert store.rows("events_total") == [{"events": 0}]
        store.close()
    assert ingest.import_paths(store, [source]).events_total == 1
    assert left_beside(store) == []


@pytest.mark.slow
def test_p5_holds_at_every_moment_of_the_making_of_a_database(tmp_path: Path) -> None:
    making(tmp_path, 150)
