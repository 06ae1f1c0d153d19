"""F02 to F04: the log of a process that was killed after its commit and before the log was folded into the file."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import add, content, left_beside, new, rows
from tests.transcripts import call, text
from usage_analytics.errors import DatabaseDamaged
from usage_analytics.store import Store

COMMIT_AND_DIE = """
import os, sys
from pathlib import Path
import usage_analytics.store as store
from tests.databases import add
from tests.transcripts import call, text
store.settle = lambda connection: os.kill(os.getpid(), 9)
add(store.Store(Path(sys.argv[1])), {"b.jsonl": text(*[call(f"b{number}", number) for number in range(50)])})
"""


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """A folder with a database of one import, and the log of a second one."""
    store = new(tmp_path / "left")
    add(store, {"a.jsonl": text(*[call(f"a{number}", number) for number in range(50)])})
    store.close()
    died = subprocess.run([sys.executable, "-c", COMMIT_AND_DIE, str(store.path)], check=False)
    assert died.returncode == -signal.SIGKILL
    assert store.path.with_name("usage.duckdb.wal").stat().st_size > 1000
    return store.path.parent


def sound(store: Store) -> int:
    """How many events there are, all of the first import and all or none of the second, everywhere."""
    total: int = store.rows("events_total")[0]["events"]
    assert total == 50 * len(store.imports())
    for table in ("rollup_half_hour", "rollup_conversation", "rollup_message_position"):
        assert rows(store, f"select sum(calls)::int as calls from {table}") == [{"calls": total}]
    return total


def copies(left: Path, count: int, seed: int, *, alone: bool = True) -> list[tuple[Store, Path, random.Random]]:
    """Stores on copies of the folder, `alone` without their archive, their logs, and chance."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        copy = left.with_name(f"copy-{number}")
        shutil.copytree(left, copy, ignore=shutil.ignore_patterns("archive" if alone else ""))
        made.append((Store(copy / "usage.duckdb"), copy / "usage.duckdb.wal", chance))
    return made


def test_what_was_committed_is_there_though_nobody_folded_it_into_the_file(left: Path) -> None:
    store = Store(left / "usage.duckdb")
    assert sound(store) == 100
    before = content(store)
    add(store, {"c.jsonl": text(call("c"))})
    store.undo([3])
    assert content(store) == before
    store.close()
    assert left_beside(store) == []


@pytest.mark.slow
def test_a_log_that_was_cut_short_leaves_whole_imports(left: Path) -> None:
    for store, log, chance in copies(left, 5, seed=2):
        whole = log.read_bytes()
        log.write_bytes(whole[: chance.randrange(len(whole))])
        assert sound(store) in (50, 100)
        (one,) = add(store, {"c.jsonl": text(call("c"))})
        store.undo([one.import_id])
        assert sound(store) in (50, 100)


def test_a_log_that_is_damaged_leaves_whole_imports_or_is_said_to_be_damaged(left: Path) -> None:
    outcomes = set()
    for store, log, chance in copies(left, 12, seed=3):
        damaged = bytearray(log.read_bytes())
        place = chance.randrange(len(damaged))
        if chance.random() < 0.5:
            damaged[place] ^= 1 << chance.randrange(8)
        else:
            damaged[place : place + 4096] = bytes(len(damaged[place : place + 4096]))
        log.write_bytes(damaged)
        try:
            outcomes.add(str(sound(store)))
        except DatabaseDamaged:
            outcomes.add("damaged")
    assert "damaged" in outcomes
    assert outcomes <= {"50", "100", "damaged"}


def test_what_to_do_about_a_damaged_log_works(left: Path) -> None:
    """The database is moved aside and the exports are imported again, as the sentence says."""
    shutil.rmtree(left / "archive")
    log = left / "usage.duckdb.wal"
    damaged = bytearray(log.read_bytes())
    damaged[len(damaged) // 2] ^= 4
    log.write_bytes(damaged)
    store = Store(left / "usage.duckdb")
    with pytest.raises(DatabaseDamaged, match=r"usage\.duckdb can't be read as a database; move it away"):
        sound(store)
    store.path.rename(left / "usage.aside")
    add(store, {"a.jsonl": text(*[call(f"a{number}", number) for number in range(50)])})
    assert sound(store) == 50


def test_without_its_log_and_archive_a_database_holds_the_imports_before(left: Path) -> None:
    shutil.rmtree(left / "archive")
    (left / "usage.duckdb.wal").unlink()
    assert sound(Store(left / "usage.duckdb")) == 50


@pytest.mark.slow
def test_with_its_archive_nothing_is_lost_whatever_becomes_of_the_log(left: Path) -> None:
    (sound_one, *_), *damaged_ones = copies(left, 10, seed=4, alone=False)
    right = content(sound_one)
    for store, log, chance in damaged_ones:
        damaged = bytearray(log.read_bytes())
        place = chance.randrange(len(damaged))
        if chance.random() < 0.3:
            damaged = damaged[:place]
        elif chance.random() < 0.5:
            damaged[place] ^= 1 << chance.randrange(8)
        else:
            damaged[place : place + 4096] = bytes(len(damaged[place : place + 4096]))
        log.write_bytes(damaged)
        assert sound(store) == 100
        assert content(store) == right
    (left / "usage.duckdb.wal").unlink()
    assert sound(Store(left / "usage.duckdb")) == 100
