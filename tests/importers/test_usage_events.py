"""Usage events: one meaning whatever the container, exact or rejected, and nothing that anyone wrote."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.importers.conftest import Import, Imported
from usage_analytics.errors import UnreadableFile
from usage_analytics.importers import claimant
from usage_analytics.importers.sink import Head
from usage_analytics.importers.usage_events.reading import connected

WEEK = Path(__file__).parents[1] / "fixtures" / "usage_events" / "week.csv"
AT = "2026-11-02T09:00:00Z"


def table(*rows: dict[str, str]) -> str:
    """A CSV of events; each has a time and an app unless it says otherwise."""
    whole = [{"occurred_at": AT, "app": "bot"} | row for row in rows]
    text = io.StringIO()
    writer = csv.DictWriter(text, {name: None for row in whole for name in row}, restval="")
    writer.writeheader()
    writer.writerows(whole)
    return text.getvalue()


def one(found: Imported) -> dict[str, Any]:
    assert found.reasons == []
    assert len(found.rows) == 1
    return found.rows[0]


def test_a_week_of_events_is_read_as_it_was_written(imported: Import) -> None:
    found = imported(WEEK)
    by_time = sorted(found.rows, key=lambda row: row["occurred_at"])
    assert [row["occurred_at"] for row in by_time] == [
        datetime(2026, 11, 2, 9),
        datetime(2026, 11, 2, 9, 30),
        datetime(2026, 11, 2, 11, 0, 0, 250_000),
        datetime(2026, 11, 3),
        datetime(2026, 11, 3, 8),
    ]
    assert [row["reported_cost_nanos"] for row in by_time] == [None, None, 30_000_000, 1_234_500_000_000, None]
    assert [row["reported_cost_kind"] for row in by_time] == [None, None, "billed", "billed", None]
    assert [row["model"] for row in by_time[:3]] == ["claude-sonnet-4-5-20250929", "claude-opus-4-6", "claude-haiku-4-5-20251001"]
    assert [row["run"] for row in by_time] == ["scheduled", "scheduled", "interactive", None, "ci"]
    assert [row["human_prompt"] for row in by_time] == [False, False, True, None, True]
    assert [row["paid_from"] for row in by_time] == ["api", "credits", "plan", None, None]
    assert [row["error"] for row in by_time] == [None, None, "rate_limit", "timeout", None]
    assert [row["speed"] for row in by_time] == [None, "fast", None, None, None]
    assert [row["batch"] for row in by_time] == [False, None, True, None, True]
    assert {row["grain"] for row in by_time} == {"call"}
    assert {row["import_no"] for row in by_time} == {7}
    assert (found.account.lines, found.account.other, found.account.rejected) == (7, 1, 0)


def test_the_container_changes_nothing(imported: Import, tmp_path: Path) -> None:
    from_csv = imported(WEEK)
    with WEEK.open(encoding="utf-8", newline="") as lines:
        rows = [{key.strip().lower(): value or None for key, value in row.items()} for row in csv.DictReader(lines)]
    from_json = imported("".join(json.dumps(row) + "\n" for row in rows), "week.jsonl")
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "week.parquet")
    from_parquet = imported(tmp_path / "week.parquet")

    def whole(found: Imported) -> list[tuple[Any, ...]]:
        return sorted((tuple(row.values()) for row in found.rows), key=repr)

    assert whole(from_csv) == whole(from_json) == whole(from_parquet)


def test_types_of_a_container_change_nothing_either(imported: Import, tmp_path: Path) -> None:
    as_text = {"input_tokens": "1200", "cost_usd": "0.00001", "batch": "true", "message_index": "3", "region": "eu"}
    typed = {"input_tokens": 1200, "cost_usd": 0.00001, "batch": True, "message_index": 3.0, "region": "eu"}
    moment = datetime(2026, 11, 2, 9, tzinfo=UTC)
    pq.write_table(pa.Table.from_pylist([{"occurred_at": moment, "app": "bot"} | typed]), tmp_path / "typed.parquet")
    from_csv = one(imported(table(as_text)))
    from_json = one(imported(json.dumps({"App": "bot", "OCCURRED_AT": AT} | typed), "typed.jsonl"))
    assert from_csv == from_json == one(imported(tmp_path / "typed.parquet"))
    assert from_csv["reported_cost_nanos"] == 10_000


COUNTS = {"0": 0, "1200": 1200, " 7 ": 7, "1200.0": 1200, "12.00": 12, "9" * 15: 999_999_999_999_999, "": None}
NO_COUNTS = (
    "1.000", "1,000", "1.000,5", "1e3", "1E3", "NaN", "nan", "inf", "-1", "\u22121", "(3)", "1 000", "0x10", "1_000", "12.5", "9" * 16,
    "many",
)  # fmt: skip
COUNT_COLUMNS = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")
COUNT_COLUMNS += ("web_searches", "message_index")


def test_a_count_is_read_exactly(imported: Import) -> None:
    found = imported(table(*[dict.fromkeys(COUNT_COLUMNS, text) for text in COUNTS]))
    for column in COUNT_COLUMNS:
        assert [row[column] for row in found.rows] == list(COUNTS.values())


def test_a_count_that_could_be_another_number_is_rejected_with_its_line(imported: Import) -> None:
    cases = [(column, text) for column in COUNT_COLUMNS for text in NO_COUNTS]
    found = imported(table({}, *[{column: text} for column, text in cases]))
    assert len(found.rows) == 1
    assert found.rejected_lines == list(range(3, 3 + len(cases)))
    for reason, (column, text) in zip(found.reasons, cases, strict=True):
        assert reason.startswith(f"{column} is not a whole number")
        assert text not in reason


AMOUNTS = {
    "1.25": 1_250_000_000,
    "$1.25": 1_250_000_000,
    "$ 0.03": 30_000_000,
    "1,234.50": 1_234_500_000_000,
    "1,234,567.89": 1_234_567_890_000_000,
    "0.30000000000000004": 300_000_000,
    "8e-06": 8_000,
    ".5": 500_000_000,
    "123456789": 123_456_789_000_000_000,
    "0": 0,
    "": None,
}
NO_AMOUNTS = (
    "1.234,50", "1,5", "0,50", "1,234", "12,34.5", "1e3", "NaN", "inf", "-1.00", "\u22121", "(3.00)", "€3", "3 USD", "9" * 20,
)  # fmt: skip


def test_an_amount_is_read_to_the_nano_dollar(imported: Import) -> None:
    found = imported(table(*[{"cost_usd": text} for text in AMOUNTS]))
    assert [row["reported_cost_nanos"] for row in found.rows] == list(AMOUNTS.values())


def test_an_amount_that_could_be_another_is_rejected(imported: Import) -> None:
    found = imported(table(*[{"cost_usd": text} for text in NO_AMOUNTS]))
    assert found.rejected_lines == list(range(2, 2 + len(NO_AMOUNTS)))
    assert found.rows == []


MOMENTS = {
    "2026-11-02T09:00:00Z": datetime(2026, 11, 2, 9),
    "2026-11-02 09:00:00": datetime(2026, 11, 2, 9),
    "2026-11-02T09:00": datetime(2026, 11, 2, 9),
    "2026-11-02": datetime(2026, 11, 2),
    "2026-11-02T09:00:00+05:30": datetime(2026, 11, 2, 3, 30),
    "2026-11-02T09:00:00-0800": datetime(2026, 11, 2, 17),
    "2026-11-02T09:00:00.123456789Z": datetime(2026, 11, 2, 9, 0, 0, 123_456),
    "2026-11-02 09:00:00 UTC": datetime(2026, 11, 2, 9),
    "2026-10-25T02:30:00+02:00": datetime(2026, 10, 25, 0, 30),
    "2026-10-25T02:30:00+01:00": datetime(2026, 10, 25, 1, 30),
}
NO_MOMENTS = (
    "", "1762074000", "1762074000000", "02/11/2026", "11/02/2026 09:00", "2026-02-30", "2026-13-01", "soon", "0026-11-02",
)  # fmt: skip


def test_a_time_is_read_as_utc(imported: Import) -> None:
    found = imported(table(*[{"occurred_at": text} for text in MOMENTS]))
    assert [row["occurred_at"] for row in found.rows] == list(MOMENTS.values())


def test_a_time_that_is_unclear_is_rejected(imported: Import) -> None:
    found = imported(table(*[{"occurred_at": text} for text in NO_MOMENTS]))
    assert found.rejected_lines == list(range(2, 2 + len(NO_MOMENTS)))
    assert all(reason.startswith("occurred_at is") for reason in found.reasons)


def test_an_event_needs_an_app(imported: Import) -> None:
    assert "app is empty" in imported(table({"app": " "})).reasons[0]


def test_an_event_with_neither_model_nor_cost_is_kept_and_unpriced(imported: Import) -> None:
    row = one(imported(table({"output_tokens": "5"})))
    assert (row["model"], row["reported_cost_nanos"], row["reported_cost_kind"]) == (None, None, None)


def test_an_unclear_batch_is_rejected_because_it_halves_the_price(imported: Import) -> None:
    assert "batch" in imported(table({"batch": "maybe"})).reasons[0]
    assert one(imported(table({"human_prompt": "maybe"})))["human_prompt"] is None


def test_fast_may_be_said_by_the_name_of_the_model(imported: Import) -> None:
    assert one(imported(table({"model": "claude-opus-4-6-fast"})))["speed"] == "fast"


def test_an_event_keeps_its_own_id(imported: Import) -> None:
    found = imported(table({"event_id": "a1"}, {"event_id": "a1", "output_tokens": "5"}))
    assert [row["event_id"] for row in found.rows] == ["a1", "a1"]


def test_without_an_id_the_whole_row_is_the_identity(imported: Import) -> None:
    found = imported(table({"note": "a"}, {"note": "a"}, {"note": "b"}, {"model": "x"}, {"project": "x"}, {}))
    ids = [row["event_id"] for row in found.rows]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 5


def test_the_identity_is_of_values_not_of_their_spelling(imported: Import) -> None:
    plain = one(imported(table({"cost_usd": "1.5", "input_tokens": "7", "batch": "1"})))
    spelt = imported("app;OCCURRED_AT;Cost USD;input_tokens;batch;empty\n bot;2026-11-02T10:00:00+01:00;$1.50;7.0;yes;\n")
    assert one(spelt)["event_id"] == plain["event_id"]


def test_unknown_columns_are_kept_as_labels(imported: Import) -> None:
    row = one(imported(table({"Region": "eu-1", "latency_ms": "120", "cached": "true", "context_window": "200k", "empty": ""})))
    assert json.loads(row["extra"]) == {"region": "eu-1", "latency_ms": "120", "cached": "true", "context_window": "200k"}


def test_nothing_that_anyone_wrote_is_kept_anywhere(imported: Import, tmp_path: Path) -> None:
    canary = "CANARY"
    words = dict.fromkeys(
        ("prompt", "userMessage", "content", "Title", "response_text", "note", "conversation_name", "summary"), canary
    )
    words |= {"tag": f"{canary} is four words", "blob": canary * 20, "lines": f"{canary}\nx", "nested": f'{{"{canary}":1}}'}
    words |= {"error": f"The model said: {canary} and stopped"}
    rows = [{"occurred_at": AT, "app": "bot"} | words]
    found = [imported(table(words)), imported(json.dumps(rows[0] | {"deep": {"a": [canary]}}), "words.jsonl")]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "words.parquet")
    found.append(imported(tmp_path / "words.parquet"))
    for each in found:
        row = one(each)
        assert row["error"] == "other"
        assert canary not in repr(row)
        assert row["extra"] is None
        assert not any(canary.encode() in part.read_bytes() for part in each.folder.rglob("*") if part.is_file())


def test_text_in_the_place_of_a_name_is_rejected_and_not_repeated(imported: Import) -> None:
    found = imported(table({"project": "long " * 50}, {"app": "two\nlines"}))
    assert [reason.split()[0] for reason in found.reasons] == ["project", "app"]
    assert not any("long long" in reason for reason in found.reasons)


ERRORS = {
    "rate_limit": "rate_limit",
    "429": "429",
    "400: You're out of extra usage. Add more at claude.ai/settings/usage and keep going.": "out_of_credits",
    "You've hit your session limit and have to wait": "rate_limit",
    "": None,
}


def test_of_an_error_its_class_is_kept(imported: Import) -> None:
    assert [row["error"] for row in imported(table(*[{"error": text} for text in ERRORS])).rows] == list(ERRORS.values())


def test_a_value_that_goes_wrong_far_down_costs_one_line(imported: Import) -> None:
    rows = [{"input_tokens": str(number)} for number in range(31_000)]
    rows[30_000] = {"input_tokens": "n/a"}
    found = imported(table(*rows))
    assert found.rejected_lines == [30_002]
    assert len(found.rows) == 30_999


def test_lines_are_numbered_as_an_editor_numbers_them(imported: Import) -> None:
    found = imported(
        'occurred_at,app,memo,input_tokens\n2026-11-02,a,"two\nlines",1\n\n2026-11-02,a,,bad\n2026-11-02,"a,,1\n2026-11-02,a,,1e3\n'
    )
    assert sorted(found.rejected_lines, key=str) == [5, 6, 7]
    assert (found.account.lines, found.account.other, found.account.rejected) == (7, 2, 3)


def test_dirty_json_lines_cost_their_own_lines_alone(imported: Import) -> None:
    good = json.dumps({"occurred_at": AT, "app": "bot", "input_tokens": 1}).encode()
    lines = [
        b"\xef\xbb\xbf" + good,
        b"",
        b"null",
        b"[1, 2]",
        b'"text"',
        b"\0" * 40 + good,
        good + good,
        good[:20] + good,
        b'{"occurred_at": "' + AT.encode() + b'", "app": "\xff"}',
        b'{"occurred_at": "' + AT.encode() + b'", "app": "\\ud800"}',
        b'{"occurred_at": "' + AT.encode() + b'", "app": "bot", "cost_usd": NaN}',
        b'{"occurred_at": "' + AT.encode() + b'", "app": "bot", "input_tokens": [1]}',
        b'{"occurred_at": "' + AT.encode() + b'", "app": "bot", "App": "cat"}',
        b'{"app": "bot"}',
        b"[" * 30_000,
        b"\0" * 40,
        good[:-9],
    ]
    found = imported(b"\n".join(lines), "dirty.jsonl")
    assert found.account.lines == 17
    assert found.account.other == 1
    assert found.account.salvaged == 3
    assert len(found.rows) == 5
    assert sorted(line for line in found.rejected_lines if line) == [3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 16, 17]


def test_a_salvaged_line_that_is_rejected_counts_once(imported: Import) -> None:
    good = json.dumps({"occurred_at": AT, "app": "bot"})
    bad = json.dumps({"occurred_at": AT, "app": "bot", "input_tokens": "1e3"})
    found = imported(f"{good}\n{bad}{bad}\n", "spliced.jsonl")
    assert (found.account.lines, found.account.salvaged, found.account.rejected) == (2, 0, 1)


def test_events_of_many_shapes_are_one_file(imported: Import) -> None:
    events = [
        {"occurred_at": AT, "app": "a", "tag": 1},
        {"app": 7, "occurred_at": AT},
        {"APP": "c", "occurred_at": AT, "Tag": 1.5},
    ]
    found = imported("\n".join(map(json.dumps, events)), "shapes.jsonl")
    assert [(row["app"], row["extra"]) for row in found.rows] == [("a", '{"tag":"1"}'), ("7", None), ("c", '{"tag":"1.5"}')]


def test_a_very_long_line_is_an_event_like_any_other(imported: Import) -> None:
    long = json.dumps({"occurred_at": AT, "app": "bot", "tool": {"input": "word " * 4_000_000}})
    assert one(imported(long, "long.jsonl"))["app"] == "bot"


def test_a_parquet_file_without_the_columns_says_which_is_missing(imported: Import, tmp_path: Path) -> None:
    pq.write_table(pa.table({"when": ["2026-11-02"], "app": ["bot"]}), tmp_path / "other.parquet")
    with pytest.raises(UnreadableFile, match="no column occurred_at"):
        imported(tmp_path / "other.parquet")


@pytest.mark.parametrize("kept", [10, 300])
def test_a_damaged_parquet_file_is_refused(imported: Import, tmp_path: Path, kept: int) -> None:
    whole = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"occurred_at": [AT] * 1000, "app": [str(n) for n in range(1000)]}), whole)
    with pytest.raises(UnreadableFile, match="damaged or cut off"):
        imported(whole.read_bytes()[:kept], "cut.parquet")


def test_rejected_rows_of_parquet_are_numbered_from_one(imported: Import, tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"occurred_at": [AT, AT], "App": ["bot", "bot"], "input_tokens": [1.0, 1.5]}), tmp_path / "rows.parquet"
    )
    found = imported(tmp_path / "rows.parquet")
    assert found.rejected_lines == [2]
    assert found.every_line_is_accounted_for()


def test_hostile_column_names_are_names(imported: Import, tmp_path: Path) -> None:
    rows = [{"occurred_at": AT, "app": "bot", 'x"; drop table raw; --': "a", "it's.a": "b", "*": "c"}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "hostile.parquet")
    from_parquet = one(imported(tmp_path / "hostile.parquet"))
    assert one(imported(table(rows[0])))["extra"] == from_parquet["extra"]
    assert set(json.loads(from_parquet["extra"]).values()) == {"a", "b"}


@pytest.mark.parametrize(
    ("name", "start", "claimed_by"),
    [
        ("a.txt", b"app,occurred_at\n", "usage_events"),
        ("a.csv", b'\xef\xbb\xbf"App";"Occurred_At"\r\n', "usage_events"),
        ("a.csv", b'broken\n{"occurred_at": "2026-11-02", "app": "x"}\n', "usage_events"),
        ("a.json", b'{"app":"x","model":"m","occurred_at":"2026-11-02"}\n', "usage_events"),
        ("a", b"PAR1" + b"\0" * 20, "usage_events"),
        ("a.jsonl", b'{"type":"user","sessionId":"s","message":{}}\n', "claude_code"),
    ],
)
def test_a_file_is_claimed_by_its_content(name: str, start: bytes, claimed_by: str) -> None:
    assert claimant(Head(name, start)).name == claimed_by


@pytest.mark.parametrize("start", [b"", b"a,b\n", b'{"occurred_at": "2026-11-02"}\n', b"occurred_at\n", b"\x89PNG", b"{}\n"])
def test_what_is_not_ours_is_not_claimed(start: bytes) -> None:
    with pytest.raises(UnreadableFile):
        claimant(Head("file", start))


def test_a_long_read_draws_no_progress_on_standard_output(tmp_path: Path) -> None:
    """A worker gives its answers there, and DuckDB draws a bar by itself once a query takes two seconds."""
    with connected(tmp_path) as connection:
        assert connection.execute("select current_setting('enable_progress_bar')").fetchall() == [(False,)]
        for name in ("autoload_known_extensions", "autoinstall_known_extensions"):  # nothing is fetched from anywhere
            assert connection.execute(f"select current_setting('{name}')").fetchall() == [(False,)]


def test_a_line_that_is_no_object_is_rejected_alone_among_objects_within_objects(imported: Import) -> None:
    event = json.dumps({"occurred_at": AT, "app": "bot", "more": {}})
    found = imported(f"{event}\n5\n", "events.jsonl")
    assert (len(found.rows), found.rejected_lines) == (1, [2])
