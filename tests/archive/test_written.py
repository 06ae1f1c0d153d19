"""What an import observed is in the archive before it is acknowledged, and a change of the archive is whole or absent."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.databases import DERIVED, NOW, OBSERVED, add, content, left_beside, new, rows
from tests.store import world
from tests.transcripts import call, prompt, text
from usage_analytics.archive import Archive
from usage_analytics.archive.parts import fault
from usage_analytics.errors import BadRequest
from usage_analytics.importers.sink import Sink
from usage_analytics.store import Store, following, schema
from usage_analytics.store.ledger import Batch, NewImport

ALL = (*DERIVED, *OBSERVED, "reject")


def observed(archive: Archive, table: str) -> list[str]:
    """The rows of a table as the archive's parts have them, of the imports that are in force."""
    live = archive.read().entries()
    parts = [pq.ParquetFile(archive.folder / part.file).read() for part in archive.read().parts() if part.table == table]
    found: list[dict[str, Any]] = [row for part in parts for row in part.to_pylist()]
    return sorted(repr({name: row[name] for name in sorted(row) if name != "import"}) for row in found if row["import"] in live)


def test_the_archive_holds_every_row_of_the_imports_in_force(tmp_path: Path) -> None:
    store = world.made(tmp_path)
    for table, expected in content(store, OBSERVED).items():
        assert observed(store.archive, table) == expected, table


def test_the_ledger_says_all_of_an_import_that_the_database_knows(tmp_path: Path) -> None:
    store = world.made(tmp_path)
    entries = {one.number: one for one in store.archive.read().entries().values()}
    known = {one.import_id: one for one in store.imports()}
    assert set(entries) == set(known)
    for number, one in known.items():
        named = set(one.__slots__) - {"import_id", "range_totals"}  # the parts say how many range totals there are
        assert {name: getattr(entries[number], name) for name in named} == {name: getattr(one, name) for name in named}
        assert entries[number].rejects == tuple((row["line"], row["reason"]) for row in store.rows("rejects", import_id=number))
        assert entries[number].imported_at >= NOW


def test_parts_lie_by_source_and_month_and_are_sorted_compressed_and_described(tmp_path: Path) -> None:
    store = new(tmp_path)
    lines = [call(str(number), 100_000 * (7 * number % 40)) for number in range(40)]
    add(store, {"a.jsonl": text(prompt(), *lines)})
    parts = store.archive.read().parts()
    assert {part.file.rpartition("/")[0] for part in parts} == {
        f"source=claude_code/month=2026-{month}" for month in ("11", "12")
    }
    for part in parts:
        file = pq.ParquetFile(store.archive.folder / part.file)
        moments = file.read(["occurred_at"])["occurred_at"].to_pylist()
        assert moments == sorted(moments)
        assert len(moments) == part.rows
        column = file.metadata.row_group(0).column(file.schema_arrow.names.index("occurred_at"))
        assert (column.compression, column.statistics.min, column.statistics.max) == ("ZSTD", moments[0], moments[-1])
        assert fault(store.archive.folder, part) is None


def test_each_line_of_the_ledger_is_json_with_a_checksum(tmp_path: Path) -> None:
    store = new(tmp_path)
    (one,) = add(store, {"a.jsonl": text(call("a"))})
    store.undo([one.import_id])
    made, undone = (json.loads(line) for line in (store.archive.folder / "ledger.jsonl").read_text().splitlines())
    assert [(entry["number"], entry["name"]) for entry in made["imports"]] == [(1, "a.jsonl")]
    assert undone["undone"] == [made["imports"][0]["id"]]
    assert len(made["check"]) == len(undone["check"]) == 16


def test_a_file_that_could_not_be_read_to_its_end_is_not_in_the_archive(tmp_path: Path) -> None:
    store = new(tmp_path)
    parts = tmp_path / ".staging-1"
    parts.mkdir()
    sink = Sink(parts)
    for number in range(2):
        sink.begin(number)
        told = {"source": "made_up", "grain": "call", "event_id": f"{number}", "occurred_at": NOW, "app": "editor"}
        sink.add("observation", {name: [value] for name, value in told.items()})
    sink.flush()
    store.add(Batch(parts, (NewImport(1, "whole", "made_up", 1, 0, 0, 0),)), NOW)
    assert [part.rows for part in store.archive.read().parts()] == [1]
    assert observed(store.archive, "observation") == content(store, ["observation"])["observation"]


def test_the_parts_of_what_was_undone_as_a_whole_are_removed(tmp_path: Path) -> None:
    store = new(tmp_path)
    first, second = add(store, {"a.jsonl": text(call("a")), "b.jsonl": text(call("b"))})
    store.undo([first.import_id])
    assert len(observed(store.archive, "observation")) == 1
    assert len(list(store.archive.folder.glob("source=*/month=*/*"))) == 1
    store.undo([second.import_id])
    assert list(store.archive.folder.glob("source=*/month=*/*")) == []


def test_a_database_that_is_thrown_away_has_no_archive(tmp_path: Path) -> None:
    new(tmp_path)
    store = Store(tmp_path / "usage.duckdb", archived=False)
    add(store, {"a.jsonl": text(call("a"))})
    store.undo([1])
    add(store, {"a.jsonl": text(call("a"))})
    assert store.rows("events_total") == [{"events": 1}]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["usage.duckdb"]


def test_two_databases_in_one_folder_have_archives_of_their_own(tmp_path: Path) -> None:
    one, other = new(tmp_path), Store(tmp_path / "other.duckdb")
    add(one, {"a.jsonl": text(call("a"))})
    add(other, {"b.jsonl": text(call("b"))})
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"archive", "other.duckdb.archive"}


DIE = """
import os, sys
from pathlib import Path
from usage_analytics import archive
from usage_analytics.archive import Archive
import usage_analytics.store as store
from tests.databases import add
from tests.transcripts import call, text
die = lambda *_: os.kill(os.getpid(), 9)
moment, path = sys.argv[1], Path(sys.argv[2])
if moment == "while parts are put in place":
    archive.keep = die
elif moment == "before the ledger's line":
    Archive._append = die
elif moment == "within the ledger's line":
    whole = archive.ledger.written
    Archive._append = lambda self, line: (self._ledger.open("ab").write(whole(line)[:50]), die())
elif moment == "before the commit":
    store.finish = die
elif moment == "after the commit":
    store.settle = die
if sys.argv[3] == "undo":
    store.Store(path).undo([2])
else:
    add(store.Store(path), {"c.jsonl": text(call("c", 3))})
"""
BEFORE = ("while parts are put in place", "before the ledger's line", "within the ledger's line")
AFTER = ("before the commit", "after the commit")


@pytest.mark.parametrize("act", ["import", pytest.param("undo", marks=pytest.mark.slow)])
@pytest.mark.parametrize("moment", [*BEFORE, *AFTER])
def test_killed_at_any_step_the_database_and_the_archive_agree_for_all_who_look(tmp_path: Path, moment: str, act: str) -> None:
    """For a dashboard that ran meanwhile as for one that opens the database afterwards."""
    store = new(tmp_path / "killed")
    add(store, {"a.jsonl": text(call("a", 1))})
    add(store, {"b.jsonl": text(call("b", 2))})
    without = content(store, ALL)
    store.close()
    done = subprocess.run([sys.executable, "-c", DIE, moment, str(store.path), act], check=False, capture_output=True, text=True)
    assert done.returncode == -9, done.stderr
    found = content(store, ALL)
    store.close()
    healed = Store(store.path)
    assert content(healed, ALL) == found
    calls = {"import": ["a", "b", "c"], "undo": ["a"]}[act] if moment in AFTER else ["a", "b"]
    assert [row["event_id"] for row in rows(healed, "select event_id from call order by 1")] == [f"msg_{name}" for name in calls]
    if moment in BEFORE:
        assert found == without
    (one,) = add(healed, {"d.jsonl": text(call("d", 4))})
    healed.undo([one.import_id])
    assert content(healed, ALL) == found
    assert left_beside(healed) == []
    assert observed(healed.archive, "observation") == content(healed, ["observation"])["observation"]
    needed = {part.file for part in healed.archive.read().parts()}
    assert {path.relative_to(healed.archive.folder).as_posix() for path in healed.archive.folder.rglob("*.parquet")} == needed


def test_an_import_whose_commit_fails_is_taken_back_from_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new(tmp_path)
    add(store, {"a.jsonl": text(call("a"))})
    ledger = (store.archive.folder / "ledger.jsonl").read_bytes()

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("usage_analytics.store.finish", fail)
    with pytest.raises(KeyboardInterrupt):
        add(store, {"b.jsonl": text(call("b"))})
    monkeypatch.undo()
    assert (store.archive.folder / "ledger.jsonl").read_bytes() == ledger
    assert len(list(store.archive.folder.rglob("*.parquet"))) == 1
    assert store.rows("events_total") == [{"events": 1}]
    assert left_beside(store) == []


@pytest.mark.slow
def test_a_database_without_an_archive_is_written_out_once_before_it_is_next_written_to(tmp_path: Path) -> None:
    store = world.made(tmp_path)
    store.close()
    shutil.rmtree(store.archive.folder)
    old = Store(store.path)
    before = content(old, (*ALL, "import"))
    assert not old.archive.mark
    (one,) = add(old, {"z.jsonl": text(call("z"))})
    exported, added = old.archive.read().lines
    assert len(exported.imports) == len(before["import"])
    assert [entry.number for entry in added.imports] == [one.import_id]
    for table in OBSERVED:
        assert observed(old.archive, table) == content(old, [table])[table]
    old.undo([one.import_id])
    assert content(old, (*ALL, "import")) == before
    assert len(old.archive.read().lines) == 3


def as_left_by(number: int, store: Store) -> None:
    """Put a database of an earlier version in place, made by its own migrations, with the rows that the two have in common."""
    store.close()
    older = store.path.with_name("older.duckdb")
    with duckdb.connect(str(older)) as made:
        made.execute("create table schema_version (version integer not null)")
        for one, sql in schema.migrations()[:number]:
            made.execute(sql)
            made.execute("insert into schema_version values ($number)", {"number": one})
        made.execute(f"attach '{store.path}' as now (read_only)")
        columns: dict[str, list[list[str]]] = {"older": [], "now": []}
        for base, found in columns.items():
            listed = made.execute(
                f"select table_name, column_name from duckdb_columns() where database_name = '{base}' and not internal"
            )
            found.extend(map(list, listed.fetchall()))
        tables = {
            row[0] for row in made.execute("select table_name from duckdb_tables() where database_name = 'older'").fetchall()
        }
        for table in sorted(tables - {"schema_version", "view_set"}):  # no older version has the views of this one
            both = ", ".join(name for of, name in columns["older"] if of == table and [table, name] in columns["now"])
            if both:
                made.execute(f"delete from {table}")
                made.execute(f"insert into {table} ({both}) select {both} from now.{table}")
    older.replace(store.path)


@pytest.mark.slow
def test_a_database_of_the_version_before_the_archive_is_brought_up_to_date_and_written_out(tmp_path: Path) -> None:
    store = world.made(tmp_path)
    held = (*ALL, "import")
    before = {table: [row.partition(", 'uid'")[0] for row in found] for table, found in content(store, held).items()}
    before["range_total"] = []  # no version without an archive kept any
    as_left_by(6, store)
    shutil.rmtree(store.archive.folder)
    old = Store(store.path)
    assert old.rows("events_total")
    assert not old.archive.mark
    old.undo([])
    assert len(old.archive.read().entries()) == len(before["import"])
    old.rebuild()
    assert {table: [row.partition(", 'uid'")[0] for row in found] for table, found in content(old, held).items()} == before
    assert len({one.id for one in old.archive.read().entries().values()}) == len(before["import"])


def test_where_the_disk_is_full_an_import_fails_alone_and_leaves_nothing(tmp_path: Path) -> None:
    store = new(tmp_path)
    add(store, {"a.jsonl": text(call("a"))})
    before = (store.archive.folder / "ledger.jsonl").read_bytes()
    store.close()
    code = """
import resource, signal, sys
from pathlib import Path
from tests.databases import add
from tests.transcripts import call, text
from usage_analytics.errors import UsageError
from usage_analytics.store import Store
store = Store(Path(sys.argv[1]))
store.rows("events_total")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for limit in (0, 100, 1000, 3000, 8000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        add(store, {"b.jsonl": text(*[call(f"b{one}", one) for one in range(500)])})
    except UsageError as error:
        assert "room" in str(error), error
    except OSError:  # where the test itself stages
        pass
    else:
        raise SystemExit(f"{limit} bytes were enough")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(add(store, {"c.jsonl": text(call("c"))})[0].events_new)
"""
    done = subprocess.run([sys.executable, "-c", code, str(store.path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")
    assert (store.archive.folder / "ledger.jsonl").read_bytes().startswith(before)
    assert store.rows("events_total") == [{"events": 2}]
    assert len(store.archive.read().lines) == 2
    assert len(list(store.archive.folder.rglob("*.parquet"))) == 2
    assert left_beside(store) == []


def test_an_old_copy_of_the_database_catches_up(tmp_path: Path) -> None:
    store = new(tmp_path)
    kept, undone = add(store, {"a.jsonl": text(call("a")), "b.jsonl": text(call("b"))})
    store.close()
    old = store.path.read_bytes()
    add(store, {"c.jsonl": text(call("c"))})
    store.undo([undone.import_id])
    right = content(store, (*ALL, "import"))
    store.close()
    store.path.write_bytes(old)
    assert content(Store(store.path), (*ALL, "import")) == right
    assert [one.import_id for one in Store(store.path).imports()] == [3, kept.import_id]


def test_an_archive_of_a_later_format_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new(tmp_path)
    add(store, {"a.jsonl": text(call("a"))})
    monkeypatch.setattr("usage_analytics.archive.ledger.VERSION", 0)  # a program from before the first format
    with pytest.raises(BadRequest, match="A newer usage-analytics wrote this archive"):
        store.archive.read()


def test_what_the_database_is_behind_is_seen_without_reading_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new(tmp_path)
    add(store, {"a.jsonl": text(call("a"))})
    store.close()

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(following, "follow", never)
    assert Store(store.path).rows("events_total") == [{"events": 1}]
    add(Store(store.path), {"b.jsonl": text(call("b"))})
