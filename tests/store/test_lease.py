"""One database file and many who want it: threads, other stores, other processes, and a file that is not sound."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.databases import add, left_beside, new, rows
from tests.transcripts import call, text
from tests.unprivileged import forbidden, give_up_privileges
from usage_analytics.errors import BadRequest, DatabaseBusy, DatabaseDamaged
from usage_analytics.store import Store
from usage_analytics.store.lease import Lease

HOLD = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
READ = """
import sys; from pathlib import Path; from usage_analytics.store import Store, lease
lease.HELD_SECONDS = 1
store = Store(Path(sys.argv[1])); print(store.rows("events_total"), flush=True)
while not Path(sys.argv[2]).exists(): store.rows("events_total")
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    found = new(tmp_path)
    add(found, {"a.jsonl": text(*[call(str(number), number, model=f"m{number % 7}") for number in range(70)])})
    return found


@contextmanager
def running(code: str, *words: object) -> Iterator[subprocess.Popen[str]]:
    """Another process, which has said that it is ready."""
    command = [sys.executable, "-c", code, *map(str, words)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline()
            yield process
        finally:
            process.kill()


def all_at_once(*works: Callable[[], None]) -> None:
    """Run the works in threads of their own; the first failure is raised."""
    failures: list[BaseException] = []

    def one(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  a thread's failure is the test's
            failures.append(error)

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "somebody waits for ever"
    if failures:
        raise failures[0]


def test_eight_threads_get_each_their_own_answers(store: Store) -> None:
    def ask(number: int) -> None:
        for _ in range(150):
            (row,) = rows(store, f"select model, count(*) as calls from call where model = 'm{number % 7}' group by all")
            assert row == {"model": f"m{number % 7}", "calls": 10}

    all_at_once(*[lambda number=number: ask(number) for number in range(8)])  # type: ignore[misc]


def test_two_stores_of_one_process_share_a_file(store: Store) -> None:
    other = Store(store.path)

    def work(mine: Store, name: str) -> None:
        for number in range(3):
            add(mine, {f"{name}{number}": text(call(f"{name}{number}"))})
            assert mine.rows("events_total")[0]["events"] > 70

    all_at_once(lambda: work(store, "p"), lambda: work(other, "q"))
    assert store.rows("events_total") == other.rows("events_total") == [{"events": 76}]


def test_two_imports_of_the_same_lines_at_once_count_them_once(store: Store) -> None:
    same = {"same.jsonl": text(*[call(f"x{number}") for number in range(20)])}
    counted: list[tuple[int, int]] = []

    def work() -> None:
        (one,) = add(Store(store.path), same)
        counted.append((one.events_new, one.events_duplicate))

    all_at_once(work, work, work)
    assert sorted(counted) == [(0, 20), (0, 20), (20, 0)]
    assert store.rows("events_total") == [{"events": 90}]


def test_an_import_gets_its_turn_though_others_never_stop_reading(store: Store) -> None:
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            assert store.rows("events_total")[0]["events"] in (70, 71)

    def write() -> None:
        time.sleep(0.2)
        begun = time.monotonic()
        try:
            add(store, {"b.jsonl": text(call("b"))})
            assert time.monotonic() - begun < 5
        finally:
            done.set()

    all_at_once(read, read, read, read, write)


@pytest.mark.slow
def test_an_import_gets_its_turn_though_another_process_never_stops_reading(store: Store, tmp_path: Path) -> None:
    store.close()
    stop = tmp_path / "stop"
    with running(READ, store.path, stop) as reader:
        begun = time.monotonic()
        add(store, {"b.jsonl": text(call("b"))})
        assert time.monotonic() - begun < 20
        store.close()
        stop.touch()
        assert reader.wait(20) == 0
    assert store.rows("events_total") == [{"events": 71}]


@pytest.mark.skipif(sys.platform == "win32", reason="the holder is not named there")
def test_who_holds_the_file_is_named_once_patience_ends(store: Store) -> None:
    store.close()
    with running(HOLD, store.path) as holder:
        lease = Lease(store.path, read_patience=0.3, write_patience=0.3)
        for wait in (lease.reading, lease.writing):
            begun = time.monotonic()
            with pytest.raises(DatabaseBusy, match=f"usage.duckdb is in use by process {holder.pid}. Wait"), wait():
                pass
            assert 0.25 < time.monotonic() - begun < 3
    assert store.rows("events_total") == [{"events": 70}]


def test_who_waits_long_enough_gets_the_file(store: Store) -> None:
    store.close()
    with running(HOLD, store.path) as holder:
        threading.Timer(0.5, holder.kill).start()
        add(store, {"b.jsonl": text(call("b"))})
    assert store.rows("events_total") == [{"events": 71}]


def test_the_file_is_let_go_when_nobody_reads_any_more(store: Store) -> None:
    store.rows("events_total")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        code = f"import duckdb; duckdb.connect({str(store.path)!r})"
        if not subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode:
            return
    pytest.fail("the file is still held")


@pytest.mark.slow
def test_a_database_that_many_make_at_once_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "usage.duckdb"
    code = (
        "import sys; from pathlib import Path; from tests.databases import add; from tests.transcripts import call, text;"
        "from usage_analytics.store import Store; add(Store(Path(sys.argv[1])), {'x.jsonl': text(call(sys.argv[2]))})"
    )
    making = [subprocess.Popen([sys.executable, "-c", code, str(path), name], stderr=subprocess.DEVNULL) for name in "abc"]
    all_at_once(lambda: add(Store(path), {"d": text(call("d"))}), lambda: add(Store(path), {"e": text(call("e"))}))
    assert [process.wait(60) for process in making] == [0, 0, 0]
    assert Store(path).rows("events_total") == [{"events": 5}]
    assert left_beside(Store(path)) == []


def test_a_database_can_be_made_where_another_left_its_log(store: Store) -> None:
    """Whoever moves a damaged database aside, as they are told to, may leave this behind."""
    store.close()
    store.path.rename(store.path.with_suffix(".aside"))
    store.path.with_name("usage.duckdb.wal").write_bytes(b"what is left of a log")
    shutil.rmtree(store.archive.folder)
    assert Store(store.path).rows("events_total") == [{"events": 0}]


def test_a_program_that_ends_while_it_lets_go_of_the_file_ends_well(store: Store) -> None:
    """A thread that is inside DuckDB when Python ends may take the process down with it."""
    code = (
        "import sys, time; from pathlib import Path; from usage_analytics.store import Store, lease;"
        "store = Store(Path(sys.argv[1])); store.rows('events_total'); time.sleep(lease.LINGER_SECONDS + float(sys.argv[2]))"
    )
    waits = (-0.001, 0, 0.0003, 0.0006, 0.001)
    ending = [
        subprocess.Popen([sys.executable, "-c", code, str(store.path), str(wait)], stderr=subprocess.DEVNULL) for wait in waits
    ]
    assert [process.wait(30) for process in ending] == [0] * len(waits)


def test_the_revision_changes_with_the_content_and_not_by_reading(store: Store) -> None:
    seen = {store.revision}
    store.rows("events_total")
    assert store.revision in seen
    (one,) = add(store, {"b.jsonl": text(call("b"))})
    assert store.revision not in seen
    seen.add(store.revision)
    store.undo([one.import_id])
    assert store.revision not in seen
    assert Store(store.path).revision == store.revision


def test_a_connection_reaches_nothing_but_its_own_file(store: Store, tmp_path: Path) -> None:
    import duckdb

    (tmp_path / "secret.csv").write_text("a\n1\n")
    attempts = (
        f"from read_csv('{tmp_path / 'secret.csv'}')",
        f"copy (select 1) to '{tmp_path / 'out.csv'}'",
        f"attach '{tmp_path / 'other.duckdb'}'",
        "set enable_external_access = true",
        "install httpfs",
    )
    for attempt in attempts:
        with pytest.raises(duckdb.Error), store._lease.reading() as cursor:
            cursor.execute(attempt)
        with pytest.raises(duckdb.Error), store._lease.writing() as connection:
            connection.execute(attempt)
    assert not (tmp_path / "out.csv").exists()


# A file that is not sound.


@pytest.mark.parametrize("content", [b"", b"junk" * 5000, b"SQLite format 3\0" * 100, b"\0" * 20_000])
def test_a_file_that_is_no_database_is_said_to_be_none_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "blocks" / "usage.duckdb"  # DuckDB's complaint holds the path, and speaks of locks elsewhere
    path.parent.mkdir()
    path.write_bytes(content)
    for work in (
        lambda: Store(path).rows("events_total"),
        lambda: add(Store(path), {"a": text(call())}),
        lambda: Store(path).undo([1]),
    ):
        with pytest.raises(DatabaseDamaged, match=r"usage\.duckdb can't be read as a database; move it away"):
            work()
    assert path.read_bytes() == content
    said = subprocess.run(
        [sys.executable, "-m", "usage_analytics", "spend", "--db", str(path)], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (1, "", 1)
    assert "Traceback" not in said.stderr


def test_a_flipped_bit_is_harmless_or_found_and_never_a_wrong_total(store: Store, tmp_path: Path) -> None:
    """F05. Whatever is asked, the answer is right, or a sentence."""
    right = store.rows("spend", by="model")
    store.close()
    sound = store.path.read_bytes()
    chance = random.Random(5)
    found = 0
    for number in range(12):
        path = tmp_path / "blocks" / str(number) / "usage.duckdb"
        path.parent.mkdir(parents=True)
        damaged = bytearray(sound)
        # every second one where the data lies; a database of this size has little of it
        place = chance.choice([at for at in range(0, len(sound), 4096) if any(sound[at : at + 4096])]) + chance.randrange(4096)
        damaged[place] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        try:
            assert Store(path).rows("spend", by="model") == right
            add(Store(path), {"b.jsonl": text(call("b"))})
            assert sum(row["calls"] for row in Store(path).rows("spend", by="model")) == 71
        except (DatabaseDamaged, BadRequest):
            found += 1
    assert found > 1


def test_a_file_that_may_not_be_opened_is_said_to_be_forbidden() -> None:
    with forbidden() as folder:
        store = new(folder)
        store.rows("events_total")
        store.close()
        store.path.chmod(0o444)
        give_up_privileges()
        assert Store(store.path).rows("events_total") == [{"events": 0}]
        with pytest.raises(
            BadRequest, match=r"The archive can't be kept there \(Permission denied\)\. Choose another place with --db\."
        ):
            store.undo([])
    with forbidden() as folder:
        store = new(folder)
        store.path.chmod(0)
        give_up_privileges()
        with pytest.raises(BadRequest, match="check that you can read and write it"):
            store.rows("events_total")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit there")
def test_a_full_disk_fails_the_import_alone_and_everything_goes_on_without_a_restart(store: Store) -> None:
    """F06, with a limit on the size of a file in place of a full disk."""
    code = """
import resource, signal, sys
from pathlib import Path
from tests.databases import add, rows
from tests.transcripts import call, text
from usage_analytics.errors import UsageError
from usage_analytics.store import Store
store = Store(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
here, outcomes = 70, set()
for limit in (60_000, 200_000, 1_500_000, resource.RLIM_INFINITY):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        add(store, {"big.jsonl": b"".join(text(call(f"{limit}-{number}", number)) for number in range(60))})
        here += 60
        outcomes.add("added")
    except UsageError as error:
        assert "There isn't enough room to write usage.duckdb" in str(error), error
        outcomes.add("refused")
    assert rows(store, "select count(*) as n from call") == [{"n": here}], limit
    assert rows(store, "select sum(calls)::int as n from rollup_half_hour") == [{"n": here}], limit
    assert len(store.imports()) == here // 60, limit
assert outcomes == {"added", "refused"}, outcomes
print("all is well")
"""
    store.close()
    done = subprocess.run([sys.executable, "-c", code, str(store.path)], capture_output=True, text=True, check=False)
    assert "all is well" in done.stdout, done.stderr
