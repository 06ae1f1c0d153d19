"""Views and macros are made from their texts: anew when a text changes, in old databases as in new ones, and not otherwise."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.databases import NOW, add, new, rows
from tests.transcripts import call, notice, text, usage
from usage_analytics.filters import Filters
from usage_analytics.store import Store, schema, views

CHANGED = "create or replace view conversation as select 'anew' as word"
MADE = """
select view_name as name, sql as definition from duckdb_views() where not internal
union all
select function_name, macro_definition from duckdb_functions() where not internal
order by all
"""


@contextmanager
def changed(sql: str = CHANGED) -> Iterator[None]:
    """A program whose last view has another text."""
    known = views.texts()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "texts", lambda: (*known[:-1], sql))
        yield


def written_by(version: int, path: Path) -> Store:
    """A database as an earlier version of the program left it."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table schema_version (version integer not null)")
        for number, sql in schema.migrations()[:version]:
            connection.execute(sql)
            connection.execute("insert into schema_version values ($number)", {"number": number})
    return Store(path)


def test_every_file_is_a_view_and_every_view_a_file() -> None:
    folder = Path(views.__file__).parent
    assert sorted(views.NAMES) == sorted(path.stem for path in folder.glob("*.sql"))


def test_views_are_replaced_when_their_text_changes_and_again_when_it_changes_back(tmp_path: Path) -> None:
    old = new(tmp_path)
    before = rows(old, MADE)
    old.close()
    with changed():
        assert rows(Store(old.path), "from conversation") == [{"word": "anew"}]
    assert rows(Store(old.path), MADE) == before
    assert len(rows(Store(old.path), "from view_set")) == 1


def test_a_change_that_fails_leaves_every_view_as_it_was(tmp_path: Path) -> None:
    old = new(tmp_path)
    before = rows(old, MADE)
    old.close()
    with changed("create or replace view conversation as select nothing_of_that_name from call"), pytest.raises(duckdb.Error):
        Store(old.path).rows("events_total")
    assert rows(Store(old.path), MADE) == before


@pytest.mark.parametrize("version", range(1, schema.newest()))
def test_a_database_of_an_earlier_version_gets_the_views_of_a_new_one(version: int, tmp_path: Path) -> None:
    old = written_by(version, tmp_path / "old.duckdb")
    assert rows(old, MADE) == rows(new(tmp_path / "new"), MADE)
    add(old, {"a.jsonl": text(call("a"))})
    assert rows(old, "select calls from conversation") == [{"calls": 1}]


def test_a_database_whose_views_are_current_is_not_written_to(tmp_path: Path) -> None:
    store = new(tmp_path)
    before = (store.revision, store.path.read_bytes())
    assert rows(store, "select count(*) as calls from event") == [{"calls": 0}]
    store.close()
    assert (store.revision, store.path.read_bytes()) == before


@pytest.mark.skipif(sys.platform == "win32", reason="locks are others there")
def test_two_processes_read_the_views_of_one_database_at_once(tmp_path: Path) -> None:
    store = new(tmp_path)
    with duckdb.connect(str(store.path), read_only=True):
        program = (
            "from pathlib import Path; from usage_analytics.store import Store; from usage_analytics.filters import Filters; "
            f"print(Store(Path({str(store.path)!r})).rows('pools', Filters(), own_pools=[]))"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_the_view_says_of_each_call_what_the_answers_say(tmp_path: Path) -> None:
    """Who paid is defined once: a view for people and the query behind the answers agree on every call."""
    store = new(tmp_path)
    lines = [
        call("a", 1, counts=usage(write_1h=100)),
        call("b", 2, sessionId="two", counts=usage(write_5m=100)),
        call("c", 3, sessionId="three", counts=usage(speed="fast")),
        call("d", 4, sessionId="four"),
        notice("You're now using usage credits", 5, sessionId="five"),
        call("e", 6, sessionId="five"),
    ]
    add(store, {"a.jsonl": text(*lines)})
    until = Filters(end=NOW + timedelta(days=1))
    answered = {(one["pool"], one["reason"]): one["calls"] for one in store.rows("pools", until, own_pools=[])}
    assert answered == {
        ("plan", "cache_1h"): 1,
        ("credits", "cache_5m"): 1,
        ("credits", "fast_mode"): 1,
        ("credits", "notice"): 1,
        (None, "unknown"): 1,
    }
    seen = {one["paid_from_reason"]: one["paid_from"] for one in rows(store, "select paid_from, paid_from_reason from event")}
    assert seen == {
        "inferred: caches live an hour while the plan pays": "plan",
        "inferred: caches live five minutes on credits, and lived an hour before": "credits",
        "inferred: fast mode is always paid from credits": "credits",
        "stated by the source: work went on from credits": "credits",
        None: None,
    }
