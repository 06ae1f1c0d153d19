"""What a sync would find, told without reading it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transcripts import call, text
from usage_analytics import ingest
from usage_analytics.ingest.waiting import waiting
from usage_analytics.store import Store


@pytest.fixture
def projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with two transcripts of a project."""
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".claude" / "projects"
    (folder / "garden").mkdir(parents=True)
    (folder / "garden" / "one.jsonl").write_bytes(text(call("a")))
    (folder / "garden" / "two.jsonl").write_bytes(text(call("b")))
    return folder


def test_folders_are_named_from_the_home_folder_with_their_size(store_path: Path, projects: Path) -> None:
    found = waiting(Store(store_path), [projects])
    (folder,) = found.folders
    assert (folder.name, folder.files) == ("~/.claude/projects", 2)
    assert found.new_bytes == folder.bytes == sum(one.stat().st_size for one in projects.glob("*/*"))


def test_after_a_sync_only_what_has_grown_is_waiting(store_path: Path, projects: Path) -> None:
    store = Store(store_path)
    ingest.sync(store, [projects])
    assert (waiting(store, [projects]).new_files, waiting(store, [projects]).new_bytes) == (0, 0)
    more = text(call("c", 5))
    with (projects / "garden" / "one.jsonl").open("ab") as file:
        file.write(more)
    found = waiting(store, [projects])
    assert (found.new_files, found.new_bytes) == (1, len(more))
    store.close()


def test_without_folders_nothing_is_waiting(store_path: Path) -> None:
    assert waiting(Store(store_path), []).new_files == 0
