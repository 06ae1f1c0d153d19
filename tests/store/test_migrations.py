"""A database outlives the program that wrote it: older ones are brought up to date after a copy was made, newer ones are left alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from tests.databases import add, content, new, rows
from tests.transcripts import call, text
from usage_analytics.errors import BadRequest, UsageError
from usage_analytics.store import Store, schema

NEXT = "create table added_later (word varchar); insert into added_later values ('here')"


@contextmanager
def later(sql: str) -> Iterator[None]:
    """A program of a later version, with one more migration."""
    known = schema.migrations()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "migrations", lambda: (*known, (known[-1][0] + 1, sql)))
        yield


def backups(store: Store) -> list[str]:
    return sorted(path.name for path in store.path.parent.iterdir() if "backup" in path.name)


def test_migrations_are_numbered_without_a_gap_and_never_repeated() -> None:
    numbers = [number for number, _ in schema.migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_an_older_database_is_brought_up_to_date_after_a_copy_was_made(tmp_path: Path) -> None:
    old = new(tmp_path)
    add(old, {"a.jsonl": text(call("a"))})
    before = content(old)
    old.close()
    number = schema.newest()
    fresh = Store(old.path)
    with later(NEXT):
        assert content(fresh) == before
        assert rows(fresh, "from added_later") == [{"word": "here"}]
        assert rows(fresh, "select max(version) as version from schema_version") == [{"version": number + 1}]
        assert backups(fresh) == [f"usage.duckdb.version-{number}.backup"]
    fresh.close()
    with duckdb.connect(str(tmp_path / backups(fresh)[0]), read_only=True) as copy:
        assert copy.execute("select count(*) from call").fetchall() == [(1,)]
        assert copy.execute("select max(version) from schema_version").fetchall() == [(number,)]


def test_a_database_that_is_up_to_date_is_not_copied(tmp_path: Path) -> None:
    store = new(tmp_path)
    store.rows("events_total")
    assert backups(store) == []


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    old = new(tmp_path)
    add(old, {"a.jsonl": text(call("a"))})
    before = content(old)
    old.close()
    with pytest.MonkeyPatch.context() as patch:
        known = schema.migrations()
        patch.setattr(
            schema, "migrations", lambda: (*known, (known[-1][0] + 1, "create table half (x int); select 1 / 'x'::int"))
        )
        with pytest.raises(duckdb.Error):
            Store(old.path).rows("events_total")
    again = Store(old.path)
    assert content(again) == before
    assert rows(again, "select count(*) as found from duckdb_tables() where table_name = 'half'") == [{"found": 0}]


def test_where_a_copy_cannot_be_made_that_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    store = new(tmp_path)
    with pytest.raises(UsageError, match=r"There isn't enough room for a copy of usage\.duckdb"):
        schema._back_up(store.path, tmp_path / "missing" / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["usage.duckdb"]


def test_a_newer_database_is_refused_with_a_sentence_and_left_alone(tmp_path: Path) -> None:
    store = new(tmp_path)
    with later(NEXT):
        Store(store.path).rows("events_total")
    store.close()
    before = store.path.read_bytes()
    older = Store(store.path)
    with pytest.raises(
        BadRequest, match=r"usage\.duckdb was written by a newer usage-analytics \(version \d+\). Update the program"
    ):
        older.rows("events_total")
    with pytest.raises(BadRequest, match="newer"):
        older.undo([])
    older.close()
    assert store.path.read_bytes() == before
    said = subprocess.run(
        [sys.executable, "-m", "usage_analytics", "spend", "--db", str(store.path)], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (2, "", 1)


@pytest.mark.skipif(sys.platform == "win32", reason="locks are others there")
def test_nobody_else_can_write_while_the_copy_is_made(tmp_path: Path) -> None:
    """Locks of a file belong to a process, and are gone as soon as it closes the file once, whoever opened it."""
    store = new(tmp_path)
    with duckdb.connect(str(store.path)):
        schema._back_up(store.path, tmp_path / "copy")
        other = f"import duckdb; duckdb.connect({str(store.path)!r})"
        done = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=False)
        assert "Could not set lock" in done.stderr
    assert (tmp_path / "copy").read_bytes() == store.path.read_bytes()
