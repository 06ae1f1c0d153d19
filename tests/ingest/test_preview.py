"""Files from the browser, and what is said of them before anything is added."""

from __future__ import annotations

import gzip
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

from tests.transcripts import call, prompt, text
from usage_analytics import ingest
from usage_analytics.ingest.duplicates import count_separately
from usage_analytics.ingest.preview import Preview, preview
from usage_analytics.ingest.uploads import Upload, stage_uploads
from usage_analytics.store import Store

NOW = datetime(2026, 11, 20, 12)
ONE = text(prompt(), call("a", 1), call("b", 2))
TWO = text(call("b", 2), call("c", 3))


@pytest.fixture
def store(store_path: Path) -> Store:
    return Store(store_path)


def staged(store: Store, **files: bytes) -> ingest.Staged:
    return stage_uploads(store, [Upload(name.replace("_", "."), BytesIO(content)) for name, content in files.items()])


def seen(store: Store, **files: bytes) -> Preview:
    ready = staged(store, **files)
    try:
        return preview(store, ready, NOW)
    finally:
        ready.discard()


def test_a_preview_counts_and_prices_without_adding_anything(store: Store) -> None:
    found = seen(store, one_jsonl=ONE)
    (file,) = found.files
    assert (file.lines, file.lines_other, file.calls, file.new, file.known) == (3, 1, 2, 2, 0)
    assert file.cost_nanos == 2 * (10 * 3000 + 50 * 15000)
    assert not store.path.exists()


def test_a_preview_is_what_the_import_then_does(store: Store) -> None:
    ingest.commit(store, staged(store, one_jsonl=ONE))
    ready = staged(store, two_jsonl=TWO)
    found = preview(store, ready, NOW)
    receipt = ingest.commit(store, ready)
    assert found.new == receipt.events_new == 1
    assert found.files[0].known == receipt.files[0].events_duplicate == 1


def test_an_event_in_two_files_of_one_upload_is_new_once(store: Store) -> None:
    found = seen(store, one_jsonl=ONE, two_jsonl=TWO)
    assert found.new == 3
    assert sum(one.known or 0 for one in found.files) == 1


def test_a_file_that_was_imported_before_adds_nothing(store: Store) -> None:
    ingest.commit(store, staged(store, one_jsonl=ONE))
    found = seen(store, renamed_jsonl=ONE)
    assert found.files[0].repeated
    assert not found.adds
    assert found.new == 0


def test_too_many_events_are_not_compared(store: Store) -> None:
    ready = staged(store, one_jsonl=ONE)
    found = preview(store, ready, NOW, compared=1)
    ready.discard()
    assert found.new is None
    assert found.files[0].calls == 2


def test_what_cannot_be_read_says_why_and_shows_nothing_of_it(store: Store) -> None:
    found = seen(store, bad_jsonl=ONE + b"a secret that is no JSON\n", letter_pdf=b"%PDF-1.7 dear secret")
    ((name, line, reason),) = found.rejects
    (unread,) = found.unread
    assert (name, line) == ("bad.jsonl", 4)
    assert unread.name == "letter.pdf"
    assert "secret" not in reason + unread.reason


def test_a_packed_file_is_previewed_by_the_name_inside(store: Store) -> None:
    found = seen(store, one_jsonl_gz=gzip.compress(ONE))
    assert found.new == 2


def test_nothing_is_left_beside_the_database(store: Store) -> None:
    seen(store, one_jsonl=ONE)
    assert not list(store.path.parent.iterdir())


def test_an_upload_does_not_tell_a_later_sync_where_it_lay(store: Store) -> None:
    ingest.commit(store, staged(store, one_jsonl=ONE))
    assert store.sync_positions() == {}


NAMES = (
    "../../evil.jsonl",
    "C:\\temp\\evil.jsonl",
    "..",
    "",
    "/",
    "x" * 300 + ".jsonl",
    "a\0b.jsonl",
    "名前.jsonl",
    "名前.jsonl",
)


def test_a_name_from_the_browser_is_never_a_path(store: Store) -> None:
    uploads = [Upload(name, BytesIO(text(call(str(number))))) for number, name in enumerate(NAMES)]
    ready = stage_uploads(store, uploads)
    kept = [one.name for one in ready.batch.imports]
    ready.discard()
    assert len(kept) == len(NAMES)
    assert not any({"/", "\\", "\0"} & set(name) for name in kept)
    assert kept.count("名前.jsonl") == 2
    assert not list(store.path.parent.parent.rglob("*evil*"))


EQUAL = b"""occurred_at,app,model,cost_usd
2026-11-10T10:00:00Z,Cursor,claude-opus-4-6,4
2026-11-10T10:00:00Z,Cursor,claude-opus-4-6,4
2026-11-11T10:00:00Z,Cursor,claude-opus-4-6,1
"""


def test_every_call_that_is_known_is_listed_with_where_it_was_first(store: Store) -> None:
    ingest.commit(store, staged(store, one_jsonl=ONE))
    found = seen(store, two_jsonl=TWO, equal_csv=EQUAL)
    assert [(one.name, one.app, one.times, one.first_in, one.has_own_id) for one in found.duplicates] == [
        ("two.jsonl", "Claude Code", 1, "one.jsonl", True),
        ("equal.csv", "Cursor", 1, "equal.csv", False),
    ]


@pytest.mark.slow  # its page has a test in the fast suite
def test_an_equal_row_can_be_counted_as_a_call_of_its_own_and_one_with_an_id_cannot(store: Store) -> None:
    ingest.commit(store, staged(store, one_jsonl=ONE))
    ready = staged(store, two_jsonl=TWO, equal_csv=EQUAL)
    found = preview(store, ready, NOW)
    count_separately(ready, found.duplicates)
    receipt = ingest.commit(store, ready)
    assert [(one.name, one.events_new, one.events_duplicate) for one in receipt.files] == [
        ("two.jsonl", 1, 1),
        ("equal.csv", 3, 0),
    ]
    store.rebuild()
    assert store.rows("events_total")[0]["events"] == 6
    later = EQUAL + b"2026-11-12T10:00:00Z,Cursor,claude-opus-4-6,1\n"
    again = preview(store, ready := staged(store, later_csv=later), NOW)
    assert [(one.times, one.first_in) for one in again.duplicates] == [(2, "equal.csv"), (1, "equal.csv")]
    ready.discard()
    ingest.undo(store, [receipt.files[1].id])
    assert store.rows("events_total")[0]["events"] == 3
