"""What an export says of a range of dates: kept, counted, taken back, and never a call."""

from __future__ import annotations

from pathlib import Path

from tests.databases import content, new, rows
from tests.store.world import Rows, import_files, range_totals

KEPT = ("range_total", "import")


def files() -> dict[int, Rows]:
    return {0: {"range_total": range_totals()}}


def test_a_range_total_is_kept_and_counted_and_is_no_call(tmp_path: Path) -> None:
    store = new(tmp_path)
    import_files(store, files())
    (one,) = store.imports()
    assert (one.events_new, one.events_duplicate, one.range_totals, one.lines - one.lines_other) == (0, 0, 4, 4)
    assert (one.first_event_at, one.last_event_at) == (range_totals()[0]["starts_at"], range_totals()[0]["ends_at"])
    assert [row["range_totals"] for row in store.rows("imports_batches")] == [4]
    assert [row["range_totals"] for row in store.rows("imports_of_batch", batch=one.batch)] == [4]
    assert rows(store, "select * from call") == []


def test_range_totals_are_rebuilt_from_the_archive_and_go_with_an_undo(tmp_path: Path) -> None:
    store = new(tmp_path)
    (number,) = import_files(store, files())
    before = content(store, KEPT)
    store.rebuild()
    assert content(store, KEPT) == before
    store.undo([number])
    assert content(store, KEPT) == {"range_total": [], "import": []}
