"""What was read and what was left out, in sentences; and that what is said to be kept is what is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd

from usage_analytics.answers import imports
from usage_analytics.events import TABLES
from usage_analytics.ingest import FileReceipt, Progress, Receipt, Unread
from usage_analytics.ingest.preview import Preview, PreviewedFile

NOW = datetime(2026, 11, 22, 14, 20)


def batch(**more: object) -> dict[str, object]:
    known = {
        "batch": 1,
        "imported_at": NOW - timedelta(hours=2),
        "files": 1,
        "name": "usage.csv",
        "formats": ["usage_events"],
        "lines": 100,
        "events_new": 40,
        "events_duplicate": 5,
        "lines_other": 30,
        "salvaged": 2,
        "rejected": 3,
        "cost_nanos": 1e9,
        "first_event_at": datetime(2026, 11, 1),
        "last_event_at": datetime(2026, 11, 20),
    }
    return known | more


def previewed(**more: object) -> PreviewedFile:
    known = {
        "name": "a.jsonl",
        "format": "claude_code",
        "lines": 10,
        "lines_other": 0,
        "salvaged": 0,
        "rejected": 0,
        "calls": 9,
        "new": 6,
        "known": 3,
        "cost_nanos": 500_000_000,
        "first_event_at": None,
        "last_event_at": None,
    }
    return PreviewedFile(**(known | more))  # type: ignore[arg-type]


def received(**more: object) -> FileReceipt:
    known = {
        "id": 1,
        "name": "a.jsonl",
        "format": "claude_code",
        "lines": 10,
        "events_new": 6,
        "events_duplicate": 1,
        "lines_other": 0,
        "salvaged": 0,
        "rejected": 2,
        "rejects": (),
        "first_event_at": None,
        "last_event_at": None,
    }
    return FileReceipt(**(known | more))  # type: ignore[arg-type]


def test_every_column_that_is_stored_is_named_on_the_page() -> None:
    named = [column for columns in imports.KEPT.values() for column in columns]
    stored = {column for columns in TABLES.values() for column in columns} - {"import_no"}
    assert sorted(named) == sorted(stored)


def test_every_line_has_its_place() -> None:
    found = imports.lines(pd.DataFrame([batch(), batch()]))
    assert found.read == found.held + found.other + found.salvaged + found.rejected == 200


def test_the_answer_says_what_was_read_and_what_was_left_out() -> None:
    found = imports.headline(pd.DataFrame([batch(files=2)]), NOW, "UTC")
    assert found.lead == "We read 100 lines in 2 files: 40 calls, 3 rejected lines."
    assert found.detail == "They cover Nov 1 – Nov 20, 2026. The last import was 2 h ago."


def test_before_the_first_import_nothing_is_claimed() -> None:
    assert not imports.headline(pd.DataFrame([batch()]).iloc[:0], NOW, "UTC").enough


def test_a_batch_is_called_by_its_file_or_by_how_many_there_are() -> None:
    found = imports.history(pd.DataFrame([batch(), batch(files=12, formats=["claude_code", "a_format_of_old"])]), "UTC")
    assert found["what"].tolist() == ["usage.csv", "12 files"]
    assert found["format"].tolist() == ["Usage events", "Claude Code transcript and a_format_of_old"]
    assert found["covers"].tolist() == ["Nov 1 – Nov 20, 2026"] * 2


def test_a_preview_says_what_an_import_would_add() -> None:
    found = imports.previewed(Preview((previewed(), previewed(name="b.jsonl", new=0, known=9)), (("a.jsonl", 4, "cut off"),), ()))
    assert found.lead == "2 files hold 18 calls worth $1.00."
    assert (
        found.detail
        == "6 calls are new, 12 already in your data. 1 line can't be read and will be rejected. Nothing is imported yet."
    )


def test_a_preview_too_large_to_compare_does_not_say_what_is_new() -> None:
    assert "new" not in imports.previewed(Preview((previewed(new=None, known=None),), (), ())).detail


def test_a_preview_of_known_files_says_that_nothing_would_change() -> None:
    found = imports.previewed(Preview((previewed(repeated=True),), (), ()))
    assert found.lead == "This file was already imported, byte for byte."


def test_a_preview_of_unreadable_files_has_no_figure() -> None:
    found = imports.previewed(Preview((), (), (Unread("a.pdf", "it is a PDF"),)))
    assert found.lead == "We can't read this file."


def test_a_receipt_counts_new_known_and_left_out() -> None:
    found = imports.received(Receipt((received(),), (), 6))
    assert found.lead == "1 file imported: 6 new calls."
    assert found.detail == "1 call already in your data, counted once. 2 rejected lines."


def test_a_sync_that_found_nothing_new_says_so() -> None:
    assert imports.received(Receipt((), (), 6)).lead.startswith("Nothing new")


def test_files_with_lines_left_out_come_first() -> None:
    rows = imports.receipt_rows(Receipt((received(rejected=0, events_new=9), received(name="bad.jsonl")), (), 6))
    assert rows["name"].tolist() == ["bad.jsonl", "a.jsonl"]


def test_an_undo_states_events_money_and_what_stays() -> None:
    assert imports.undoing(72, 880_000_000, 3, 2) == (
        "72 calls worth $0.88 from 2 files will be removed. 3 calls in other imports will stay."
    )
    assert imports.undoing(72, None, 0, 1) == "72 calls from 1 file will be removed."


def test_progress_is_reported_in_files_lines_and_rate() -> None:
    share, said = imports.reading(Progress(3, 10, 5000, 30, 100, 2.0), "Adding …")
    assert (share, said) == (0.3, "File 4 of 10: 5,000 lines read, 2,500 a second")
    assert imports.reading(Progress(10, 10, 5000, 100, 100, 2.0), "Adding …")[1] == "5,000 lines read. Adding …"
    assert imports.reading(None, "Adding …")[0] == 0


def test_what_an_account_says_of_itself_is_no_event_and_still_worth_a_word() -> None:
    found = imports.received(Receipt((received(format="account_json", events_new=0, events_duplicate=0, rejected=0),), (), 40))
    assert found.lead == "1 file imported: 0 new calls."
    assert found.detail == "Account balances and limits imported."
