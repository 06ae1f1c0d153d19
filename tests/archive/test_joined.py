"""Small parts are joined: nothing that an import observed changes, and every import can still be undone, rebuilt, copied and merged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.test_written import ALL, observed
from tests.databases import add, content, new
from tests.transcripts import call, prompt, text
from usage_analytics.archive import joining
from usage_analytics.archive.copies import copy_archive, faults, merge
from usage_analytics.errors import UsageError
from usage_analytics.store import Store

SYNCS = 6


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """After six syncs of a conversation that goes on, the first four of them joined."""
    monkeypatch.setattr(joining, "FEW", 4)
    made = new(tmp_path / "one")
    for number in range(SYNCS):
        minute = 10 * number
        add(made, {f"{number}.jsonl": text(prompt(minute), call("shared", 1), call(f"m{number}", minute + 1))})
    return made


def test_many_small_parts_become_one_for_each_month_and_table(store: Store) -> None:
    known = store.archive.read()
    (joined,) = (line for line in known.lines if line.joined)
    assert joined.joined == tuple(line.id for line in known.lines if line.imports)[: len(joined.joined)]
    assert [(part.table, part.rows) for part in joined.parts] == [
        ("observation", 2 * len(joined.joined)),
        ("prompt", len(joined.joined)),
    ]
    there = {path.relative_to(store.archive.folder).as_posix() for path in store.archive.folder.glob("source=*/month=*/*")}
    assert there == {part.file for part in known.parts()}
    assert list(faults(store.archive)) == []
    for table in ("observation", "prompt"):
        assert observed(store.archive, table) == content(store, [table])[table]


def test_a_database_is_made_again_from_joined_parts(store: Store) -> None:
    before = content(store, ALL)
    store.rebuild()
    assert content(store, ALL) == before


@pytest.mark.slow
def test_imports_whose_parts_were_joined_are_undone_and_forgotten_one_by_one(store: Store, tmp_path: Path) -> None:
    store.undo([1, 3])
    never = new(tmp_path / "never")
    for number in (1, 3, 4, 5):
        minute = 10 * number
        add(never, {f"{number}.jsonl": text(prompt(minute), call("shared", 1), call(f"m{number}", minute + 1))})
    assert content(store)["call"] == content(never)["call"]
    store.rebuild()
    assert content(store)["call"] == content(never)["call"]
    store.undo([2, 4, 5, 6])
    assert list(store.archive.folder.glob("source=*/month=*/*")) == []


@pytest.mark.slow
def test_an_archive_with_joined_parts_is_copied_and_merged(store: Store, tmp_path: Path) -> None:
    copy_archive(store.archive, tmp_path / "backup" / "archive")
    other = new(tmp_path / "other")
    add(other, {"z.jsonl": text(call("z", 3, sessionId="another"))})
    for _ in range(2):
        said = merge(other.archive, store.archive)
        assert said.left_out == ()
    assert said.imports == 0
    mine = set(content(Store(other.path))["call"])
    assert set(content(store)["call"]) < mine
    assert len(mine) == len(content(store)["call"]) + 1
    assert list(faults(other.archive)) == []


def test_where_parts_cannot_be_joined_the_import_is_done_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> None:
        raise UsageError("There is no room.")

    monkeypatch.setattr(joining, "FEW", 1)
    monkeypatch.setattr(joining, "room_is_needed", no_room)
    store = new(tmp_path)
    for number in range(3):
        add(store, {f"{number}.jsonl": text(call(f"m{number}", number))})
    assert store.rows("events_total") == [{"events": 3}]
    assert len(store.archive.read().parts()) == 3
    assert list(store.archive.folder.glob("pending-*")) == []
