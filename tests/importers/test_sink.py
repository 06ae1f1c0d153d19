"""Rows become the archive's parts where they are read: by source and month, in order of time, without files that could not be read."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from usage_analytics.importers import sink as sinks
from usage_analytics.importers.sink import Sink

LINE = "0123456789abcdef0123456789abcdef"


def observe(sink: Sink, import_no: int, *moments: datetime, source: str = "claude_code") -> None:
    """Rows of one file at these times, each with its time as its identity."""
    sink.begin(import_no)
    sink.reads(source)
    known = {"source": source, "grain": "call", "app": "editor"}
    columns = {name: [value] * len(moments) for name, value in known.items()}
    sink.add("observation", columns | {"occurred_at": moments, "event_id": [f"{one:%m-%d}" for one in moments]})
    sink.add("prompt", {"conversation_id": ["c"], "occurred_at": moments[:1], "kind": ["human"]})


def parts(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """For each part, the import and the identity of its rows."""
    found = {}
    for path in sorted(folder.glob("source=*/month=*/*-observation.parquet")):
        rows = pq.ParquetFile(path).read(["import", "event_id"]).to_pylist()
        found["/".join(path.parts[-3:-1])] = [(row["import"].removeprefix(LINE), row["event_id"]) for row in rows]
    return found


def test_rows_are_divided_by_source_and_month_and_sorted_by_time(tmp_path: Path) -> None:
    sink = Sink(tmp_path, LINE, "0.")
    observe(sink, 0, datetime(2026, 11, 2), datetime(2026, 10, 31), datetime(2026, 11, 1))
    observe(sink, 1, datetime(2026, 11, 1, 12), source="made up/by us")
    sink.flush()
    assert parts(tmp_path) == {
        "source=claude_code/month=2026-10": [("-0", "10-31")],
        "source=claude_code/month=2026-11": [("-0", "11-01"), ("-0", "11-02")],
        "source=made%20up%2Fby%20us/month=2026-11": [("-1", "11-01")],
    }
    prompts = sorted(path.parent.parent.name for path in tmp_path.rglob("*-prompt.parquet"))
    assert prompts == ["source=claude_code", "source=made%20up%2Fby%20us"]
    assert all(path.name.startswith(LINE) for path in tmp_path.rglob("*.parquet"))


def test_counts_and_times_are_kept_in_a_few_bits_each_and_read_back_by_duckdb_too(tmp_path: Path) -> None:
    sink = Sink(tmp_path, LINE, "0.")
    sink.begin(0)
    moments = [datetime(2026, 11, 1) + timedelta(seconds=number * 7) for number in range(4000)]
    counts = [number * 7919 % 1000 for number in range(3999)] + [None]
    same = {"source": "claude_code", "grain": "call", "app": "editor"}
    ids = [str(number) for number in range(4000)]
    sink.add("observation", {"occurred_at": moments, "event_id": ids, "output_tokens": counts}, same)
    sink.flush()
    (path,) = tmp_path.rglob("*.parquet")
    group = pq.ParquetFile(path).metadata.row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    sizes = {one.path_in_schema: one.total_compressed_size for one in columns}
    assert sizes["output_tokens"] < 4000 * 1.5
    assert sizes["occurred_at"] < 1000
    with duckdb.connect() as connection:
        asked = "select occurred_at, output_tokens from read_parquet($file) order by occurred_at"
        assert connection.execute(asked, {"file": str(path)}).fetchall() == list(zip(moments, counts, strict=True))


@pytest.mark.parametrize("held_bytes", [0, sinks.HELD_BYTES])
def test_a_file_that_could_not_be_read_leaves_no_row_even_of_parts_that_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held_bytes: int
) -> None:
    monkeypatch.setattr(sinks, "HELD_BYTES", held_bytes)
    monkeypatch.setattr(sinks, "ROWS_A_PART", 2)
    sink = Sink(tmp_path, LINE, "0.")
    observe(sink, 0, datetime(2026, 11, 1))
    observe(sink, 1, datetime(2026, 11, 2), datetime(2026, 11, 3))
    sink.forget(1)
    observe(sink, 2, datetime(2026, 11, 4))
    sink.flush()
    found = [row for path in tmp_path.rglob("*.parquet") for row in pq.ParquetFile(path).read(["import"])["import"].to_pylist()]
    assert sorted(found) == [f"{LINE}-0", f"{LINE}-0", f"{LINE}-2", f"{LINE}-2"]


def test_words_that_rows_have_in_common_reach_each_of_them_and_no_other_month(tmp_path: Path) -> None:
    sink = Sink(tmp_path, LINE, "0.")
    for number, (session, month) in enumerate([("one", 10), ("two", 11), (None, 11)]):
        sink.begin(number, "ann" if number else None)
        sink.reads("claude_code")
        columns = {
            "event_id": [f"{number}-a", f"{number}-b"],
            "occurred_at": [datetime(2026, month, 2), datetime(2026, month, 1)],
        }
        sink.add("observation", columns, {"source": "claude_code", "grain": "call", "conversation_id": session, "is_copy": False})
    sink.flush()
    found = {}
    for path in tmp_path.rglob("*-observation.parquet"):
        rows = pq.ParquetFile(path).read()
        assert set(rows["conversation_id"].combine_chunks().dictionary.to_pylist()) == set(
            rows["conversation_id"].to_pylist()
        ) - {None}
        found |= {
            row["event_id"]: (row["conversation_id"], row["account"], row["is_copy"], row["speed"]) for row in rows.to_pylist()
        }
    assert found == {
        **dict.fromkeys(("0-a", "0-b"), ("one", None, False, None)),
        **dict.fromkeys(("1-a", "1-b"), ("two", "ann", False, None)),
        **dict.fromkeys(("2-a", "2-b"), (None, "ann", False, None)),
    }


def test_text_that_is_held_once_in_some_rows_and_spelled_out_in_others_is_the_same_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sinks, "ROWS_A_PART", 1)  # an Arrow table for each of the three
    sink = Sink(tmp_path, LINE, "0.")
    sink.begin(0)
    sink.reads("claude_code")
    own = {"occurred_at": [datetime(2026, 11, 1)]}
    known = {"source": "claude_code", "grain": "call"}
    sink.add("observation", own | {"event_id": ["a"], "project": ["garden"]}, known)
    sink.add("observation", own | {"event_id": ["b"]}, known | {"project": "shed"})
    sink.add("observation", own | {"event_id": ["c"]}, known)
    sink.flush()
    (path,) = tmp_path.rglob("*-observation.parquet")
    rows = pq.ParquetFile(path).read(["event_id", "project"]).to_pylist()
    assert {row["event_id"]: row["project"] for row in rows} == {"a": "garden", "b": "shed", "c": None}
