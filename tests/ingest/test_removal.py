"""Who wants everything gone is left with nothing of it; what others put beside it stays."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.transcripts import call, prompt, text
from usage_analytics.control import Control, balances
from usage_analytics.control.balances import Reading
from usage_analytics.ingest import import_paths
from usage_analytics.ingest.removal import kept_beside, remove_everything
from usage_analytics.store import Store, schema


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A database in use, with all that comes to lie beside one."""
    exports, kept = tmp_path / "exports", tmp_path / "kept"
    exports.mkdir()
    kept.mkdir()
    (exports / "one.jsonl").write_bytes(text(prompt(), call()))
    store = Store(kept / "usage.duckdb")
    import_paths(store, [exports])
    balances.add_reading(Control.beside(store.path), Reading(datetime(2026, 11, 2), 10**9))
    schema._back_up(store.path, kept / "usage.duckdb.version-1.backup")
    for name in (
        "usage.duckdb.wal",
        "control.sqlite-journal",
        "control.sqlite-wal",
        "prices.json",
        "prices.json.41",
        "keys.json",
        ".keys.json.41",
    ):
        (kept / name).write_text("{}")
    for name in (".staging-99-abc", "usage.duckdb.tmp"):
        (kept / name).mkdir()
        (kept / name / "call.parquet").write_text("rows")
    return store


def test_nothing_remains(store: Store) -> None:
    names = {path.name for path in store.path.parent.iterdir()}
    assert {"usage.duckdb", "control.sqlite", "usage.duckdb.version-1.backup"} < names
    assert set(remove_everything(store)) == names
    assert list(store.path.parent.iterdir()) == []


def test_what_is_not_ours_stays(store: Store, tmp_path: Path) -> None:
    others = ("notes.txt", "usage.csv", "README.md", "access.toml", "my-usage.duckdb", "control.txt")
    for name in others:
        (store.path.parent / name).write_text("mine")
    remove_everything(store)
    assert sorted(path.name for path in store.path.parent.iterdir()) == sorted(others)
    assert (tmp_path / "exports" / "one.jsonl").exists()


def test_the_same_files_can_be_imported_afterwards(store: Store, tmp_path: Path) -> None:
    remove_everything(store)
    assert import_paths(store, [tmp_path / "exports"]).events_new == 1
    store.close()


def test_where_nothing_is_kept_there_is_nothing_to_remove(tmp_path: Path) -> None:
    assert kept_beside(tmp_path / "missing" / "usage.duckdb") == ()
    assert remove_everything(Store(tmp_path / "missing" / "usage.duckdb")) == ()
