"""Imports: files in, a preview, a receipt, the history, an undo."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.databases import add
from tests.organization import made
from tests.pages.conftest import OpenPage, table_with
from tests.pages.test_conversations_page import plain
from tests.store.test_one_dollar import take
from tests.transcripts import SPARED, call, prompt, text
from usage_analytics import ingest
from usage_analytics.store import Store
from usage_analytics.ui import session

PAGE = "data/imports"
ONE = text(prompt(), call("a", 1), call("b", 2))
BAD = ONE + f'{{"type": "user", "message": "{SPARED}'.encode() + b"\n"


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    """A database with two imports, one of which left a line out."""
    store = Store(tmp_path / "usage.duckdb")
    add(store, {"one.jsonl": ONE})
    add(store, {"bad.jsonl": BAD, "two.jsonl": text(call("c", 3))})
    store.close()
    return store.path


def said(app: AppTest) -> str:
    """Every word on the page that is not in a table."""
    return plain(
        " ".join(one.value for group in (app.title, app.header, app.markdown, app.caption, app.info, app.error) for one in group)
    )


def settled(app: AppTest) -> AppTest:
    """The page once its background work is done."""
    for _ in range(100):
        if not {"Reading", "Read"} & {one.value for one in app.header}:
            return app
        time.sleep(0.1)
        app.run()
    raise AssertionError("the work in the background does not end")


def press(app: AppTest, label: str) -> AppTest:
    """Press the button and wait for what follows."""
    button = next(one for one in app.button if label in one.label)
    return settled(button.click().run())


def upload(app: AppTest, **files: bytes) -> AppTest:
    """Drop files into the uploader."""
    uploader = app.file_uploader[0]
    uploader.set_value([(name.replace("_", "."), content, "application/octet-stream") for name, content in files.items()])
    return settled(app.run())


def test_the_first_visit_says_that_nothing_was_read_and_how_to_begin(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page(PAGE, tmp_path / "usage.duckdb")
    assert not app.exception
    assert "No imports yet." in said(app)
    assert "We found no Claude Code folder" in said(app)
    assert not app.metric


def test_the_page_accounts_for_every_line_and_keeps_none(open_page: OpenPage, imported: Path) -> None:
    app = open_page(PAGE, imported)
    assert not app.exception
    counts = {one.label: int(one.value.replace(",", "")) for one in app.metric}
    assert (
        counts["Lines read"]
        == 8
        == counts["With usage"] + counts["Without usage"] + counts["Rejected"] + counts.get("Repaired", 0)
    )
    assert "No conversation text is stored." in said(app)


def test_the_history_has_one_row_a_batch(open_page: OpenPage, imported: Path) -> None:
    table = open_page(PAGE, imported).dataframe(key="history").value
    assert table["what"].tolist() == ["2 files", "one.jsonl"]
    assert table["events_new"].tolist() == [1, 2]


def test_a_line_that_was_left_out_is_named_by_number_and_reason_only(open_page: OpenPage, imported: Path) -> None:
    app = open_page(PAGE, imported)
    tables = [one.value for one in app.dataframe]
    (left_out,) = [one for one in tables if "reason" in one.columns]
    assert (left_out["name"].tolist(), left_out["line"].tolist()) == (["bad.jsonl"], ["4"])
    assert not any(SPARED in str(one.to_dict()) for one in tables)


def test_an_upload_is_shown_before_it_is_added_and_added_when_asked(open_page: OpenPage, tmp_path: Path) -> None:
    app = upload(open_page(PAGE, tmp_path / "usage.duckdb"), one_jsonl=ONE, letter_pdf=b"%PDF-1.7 dear")
    assert not app.exception
    assert "1 file holds 2 calls worth" in said(app)
    assert "1 file can't be read at all." in said(app)
    assert "No imports yet." in said(app)
    app = press(app, "Import 1 file")
    assert "1 file imported: 2 new calls." in said(app)
    assert app.dataframe(key="history").value["events_new"].tolist() == [2]


def test_a_preview_can_be_discarded_and_leaves_nothing(open_page: OpenPage, tmp_path: Path) -> None:
    app = press(upload(open_page(PAGE, tmp_path / "usage.duckdb"), one_jsonl=ONE), "Discard")
    assert not app.exception
    assert "No imports yet." in said(app)
    assert not list(tmp_path.glob(".staging-*"))


def test_a_file_that_was_imported_before_is_not_offered_again(open_page: OpenPage, tmp_path: Path) -> None:
    app = press(upload(open_page(PAGE, tmp_path / "usage.duckdb"), one_jsonl=ONE), "Import 1 file")
    app = upload(app, again_jsonl=ONE)
    assert "This file was already imported, byte for byte." in said(app)
    assert not any(one.label.startswith("Import ") for one in app.button)


def test_a_sync_reads_the_folders_of_this_machine(open_page: OpenPage, tmp_path: Path) -> None:
    folder = tmp_path / ".claude" / "projects" / "garden"
    folder.mkdir(parents=True)
    (folder / "one.jsonl").write_bytes(ONE)
    app = open_page(PAGE, tmp_path / "usage.duckdb")
    assert "1 transcript" in said(app)
    app = press(app, "Sync now")
    assert not app.exception
    assert "1 file imported: 2 new calls." in said(app)
    assert "Everything in them is imported." in said(app)


def test_the_first_visits_offer_begins_the_sync(open_page: OpenPage, tmp_path: Path) -> None:
    folder = tmp_path / ".claude" / "projects" / "garden"
    folder.mkdir(parents=True)
    app = open_page(PAGE, tmp_path / "usage.duckdb")
    (folder / "one.jsonl").write_bytes(ONE)
    app.session_state[session._SYNC] = True
    assert "1 file imported: 2 new calls." in said(settled(app.run()))


def test_a_bill_is_compared_with_the_calls_and_says_which_number_to_trust(open_page: OpenPage, tmp_path: Path) -> None:
    store = Store(tmp_path / "usage.duckdb")
    take(store, made(4, calls_a_day=2).files)
    store.close()
    app = open_page(PAGE, store.path, span="All")
    assert not app.exception
    assert "Billed vs. computed cost" in said(app)
    assert "Which number should I trust? Trust the billed cost" in said(app)
    assert "This is an assumption." in said(app)
    assert {"computed_nanos", "difference_nanos", "why"} <= set(table_with(app, "computed_nanos").columns)


def test_an_undone_import_is_listed_redone_or_deleted_for_good(open_page: OpenPage, imported: Path) -> None:
    store = Store(imported)
    ids = [one.import_id for one in store.imports()]
    ingest.undo(store, ids[:1])
    ingest.undo(store, ids[1:])
    app = open_page(PAGE, imported)
    assert [one.value for one in app.header if one.value == "Undone imports"]
    assert said(app).count("You can redo it until") == 2
    app = press(app, "Delete for good")
    assert said(app).count("You can redo it until") == 1
    app = press(app, "Redo")
    assert "You can redo it until" not in said(app)
    assert len(store.imports()) in (1, 2)
    assert store.undone() == ()


def test_equal_rows_are_listed_before_an_import_and_counted_apart_if_chosen(open_page: OpenPage, imported: Path) -> None:
    row = b"2026-11-10T10:00:00Z,Cursor,claude-opus-4-6,4\n"
    app = upload(open_page(PAGE, imported), **{"rows.csv": b"occurred_at,app,model,cost_usd\n" + row + row})
    assert "Known calls" in [one.value for one in app.header]
    (choice,) = [one for one in app.multiselect if one.label == "Count these as separate calls"]
    assert choice.options == ["Nov 10, 2026, 10:00, Cursor, Opus 4.6, $4.00"]
    before = Store(imported).rows("events_total")[0]["events"]
    press(choice.set_value([0]).run(), "Import 1 file")
    assert Store(imported).rows("events_total")[0]["events"] == before + 2
