"""An undo can be undone for 30 days without the files, or made final."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.databases import DERIVED, OBSERVED, content, left_beside, new
from tests.transcripts import call, prompt, text, write
from usage_analytics import ingest
from usage_analytics.errors import BadRequest
from usage_analytics.ingest.removal import kept_beside
from usage_analytics.ingest.undone import undone
from usage_analytics.store import Store
from usage_analytics.store import undone as kept

ALL = (*DERIVED, *OBSERVED)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new(tmp_path / "store")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two transcripts that share a call; one has a line that can't be read."""
    write(tmp_path / "home" / "a.jsonl", prompt(0, sessionId="a"), call("a", 1, sessionId="a"))
    (tmp_path / "home" / "b.jsonl").write_bytes(text(prompt(), call("b", 1), call("a", 2)) + b"broken\n")
    return tmp_path / "home"


def test_a_redo_needs_no_files_and_gives_the_same_database(store: Store, home: Path) -> None:
    before_it = ingest.import_paths(store, [home / "a.jsonl"]).files[0]
    taken = ingest.import_paths(store, [home / "b.jsonl"]).files[0]
    before = content(store, ALL)
    ingest.undo(store, [taken.id])
    assert content(store, ALL) != before
    shutil.rmtree(home)
    (one,) = undone(store)
    assert (one.ids, one.names, one.calls, one.kept_until - one.undone_at) == ((taken.id,), ("b.jsonl",), 2, timedelta(days=30))
    (again,) = ingest.redo(store, [taken.id])
    assert content(store, ALL) == before
    assert (again.lines, again.events_new, again.rejected) == (4, 1, 1)
    assert store.rejects(again.import_id) == ((4, "The line is not a JSON object."),)
    assert again.import_id > taken.id > before_it.id
    assert left_beside(store) == []
    store.rebuild()
    assert content(store, ALL) == before


def test_a_sync_goes_on_where_it_was_after_a_redo(store: Store, home: Path) -> None:
    receipt = ingest.sync(store, [home])
    before = content(store, ALL)
    ids = [one.id for one in receipt.files]
    ingest.undo(store, ids)
    assert len(ingest.redo(store, ids[:1])) == len(ids) == 2  # they were undone together
    assert ingest.sync(store, [home]).files == ()
    assert content(store, ALL) == before


def test_files_that_were_imported_again_are_not_redone(store: Store, home: Path) -> None:
    (taken,) = ingest.import_paths(store, [home / "a.jsonl"]).files
    ingest.undo(store, [taken.id])
    ingest.import_paths(store, [home / "a.jsonl"])
    before = content(store, ALL)
    with pytest.raises(BadRequest, match="imported again after the undo"):
        ingest.redo(store, [taken.id])
    assert content(store, ALL) == before


def test_what_was_undone_can_be_deleted_for_good_and_is_after_a_month(store: Store, home: Path) -> None:
    first, second = (ingest.import_paths(store, [home / name]).files[0].id for name in ("a.jsonl", "b.jsonl"))
    ingest.undo(store, [first])
    assert kept.folder_of(store.path) in kept_beside(store.path)
    ingest.delete_undone(store, [first])
    assert left_beside(store) == []
    with pytest.raises(BadRequest, match="can't be redone"):
        ingest.redo(store, [first])
    ingest.undo(store, [second])
    (line,) = store.undone()
    assert kept.undone(store.path, store.archive, line.at + timedelta(days=31)) == ()
    ingest.import_paths(store, [home / "a.jsonl"])
    with store._lease.writing(store.archive.folder) as connection:
        kept.set_aside(connection, store.path, store.archive, [1], line.at + timedelta(days=31))
    assert not (kept.folder_of(store.path) / line.id).exists()


def test_what_was_kept_for_an_undo_that_never_happened_is_not_offered(store: Store, home: Path) -> None:
    (taken,) = ingest.import_paths(store, [home / "a.jsonl"]).files
    with store._lease.writing(store.archive.folder) as connection:  # and then the process was killed
        kept.set_aside(connection, store.path, store.archive, [taken.id], taken.first_event_at)  # type: ignore[arg-type]
    assert store.undone() == ()


def test_only_what_a_person_undid_is_kept(store: Store, home: Path) -> None:
    (taken,) = ingest.import_paths(store, [home / "a.jsonl"]).files
    store.undo([taken.id])
    assert (store.undone(), left_beside(store)) == ((), [])


def test_every_name_of_the_way_in_leads_to_its_module() -> None:
    assert all(getattr(ingest, name) is not None for name in ingest.MODULES)
    assert not hasattr(ingest, "candidates")
