"""The Console's token exports: three versions of the header; days, hours and minutes; the same rows whenever they are exported."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path

import pytest

from tests.importers.conftest import Import

FIXTURES = Path(__file__).parents[1] / "fixtures" / "console"
DAYS = FIXTURES / "claude_api_tokens_2025_06.csv"
HOURS = FIXTURES / "claude_api_tokens_2025_09_02.csv"
MINUTES = FIXTURES / "claude_api_tokens_2026_03_05_15h_UTC.csv"


@pytest.mark.parametrize(("path", "grain"), [(DAYS, "day"), (HOURS, "hour"), (MINUTES, "minute")])
def test_every_version_is_read_with_its_grain(imported: Import, path: Path, grain: str) -> None:
    found = imported(path)
    assert found.format == "console_tokens"
    assert {row["grain"] for row in found.rows} == {grain}
    assert {row["source"] for row in found.rows} == {"console_tokens"}
    assert (len(found.rows), found.account.lines, found.account.other) == (3, 4, 1)


def test_a_row_is_a_bucket_of_tokens_without_a_cost(imported: Import) -> None:
    row = imported(DAYS).rows[0]
    assert row["occurred_at"] == datetime(2025, 6, 3)
    assert (row["app"], row["project"], row["account"]) == ("greenhouse-key", "Default", None)
    assert (row["model"], row["model_raw"]) == ("claude-sonnet-4-20250514", "claude-sonnet-4-20250514")
    counts = (
        "input_tokens",
        "cache_read_tokens",
        "cache_write_5m_tokens",
        "cache_write_1h_tokens",
        "output_tokens",
        "web_searches",
    )
    assert [row[column] for column in counts] == [1200, 4500, 300, 0, 850, 2]
    assert (row["output_is_final"], row["batch"], row["reported_cost_nanos"], row["extra"]) == (True, False, None, None)


def test_usage_without_a_key_is_the_workbench(imported: Import) -> None:
    row = imported(DAYS).rows[1]
    assert (row["app"], row["project"], row["batch"]) == ("Workbench", None, True)


def test_a_bucket_of_long_context_says_so_because_its_sums_do_not(imported: Import) -> None:
    short, long, _ = imported(HOURS).rows
    assert short["extra"] == '{"context_window": "≤ 200k"}'
    assert long["extra"] == '{"context_window": "> 200k", "long_context": "true"}'


def test_geography_and_speed_are_read_where_they_change_the_price(imported: Import) -> None:
    assert [(row["geo"], row["speed"]) for row in imported(MINUTES).rows] == [("us", None), ("global", "fast"), (None, None)]


def test_a_file_of_minutes_that_was_renamed_is_known_by_its_times(imported: Import) -> None:
    assert {row["grain"] for row in imported(MINUTES.read_bytes(), "download (1).csv").rows} == {"minute"}


def test_a_key_of_claude_code_is_an_app_like_any_other(imported: Import) -> None:
    assert imported(HOURS).rows[2]["app"] == "claude_code_key_robin_a1b2"


def test_every_row_has_an_id_that_a_person_can_read(imported: Import) -> None:
    ids = [row["event_id"] for row in imported(MINUTES).rows]
    assert len(set(ids)) == 3
    assert ids[0] == (
        "2026-03-05T15:00:00 model_version=claude-opus-4-6 api_key=greenhouse-key workspace=Default inference_geo=us #1"
    )


def test_the_order_of_rows_changes_no_id(imported: Import) -> None:
    header, *lines = MINUTES.read_text(encoding="utf-8").splitlines(keepends=True)
    random.Random(5).shuffle(lines)
    shuffled = imported("".join([header, *lines]), MINUTES.name)
    assert {row["event_id"]: row["output_tokens"] for row in shuffled.rows} == {
        row["event_id"]: row["output_tokens"] for row in imported(MINUTES).rows
    }


def test_a_newer_version_of_the_export_observes_the_same_rows(imported: Import) -> None:
    older = imported(DAYS)
    header, *lines = DAYS.read_text(encoding="utf-8").splitlines()
    header = header.replace("usage_type,", "usage_type,context_window,") + ",inference_geo,speed\n"
    newer_lines = [
        line.replace("standard,", "standard,≤ 200k,").replace("batch,", "batch,≤ 200k,") + ",not_available,\n" for line in lines
    ]
    newer = imported("".join([header, *newer_lines]))
    assert {row["event_id"] for row in newer.rows} == {row["event_id"] for row in older.rows}


def test_columns_may_stand_in_any_order_and_dress(imported: Import) -> None:
    rows = [line.split(",") for line in DAYS.read_text(encoding="utf-8").splitlines()]
    turned = [
        ";".join(f'"{cell.upper() if number == 0 else cell} "' for cell in reversed(row)) for number, row in enumerate(rows)
    ]
    found = imported("\ufeff" + "\r\n".join(turned))
    assert [row["event_id"] for row in found.rows] == [row["event_id"] for row in imported(DAYS).rows]


def test_columns_that_we_do_not_know_are_kept_as_labels(imported: Import) -> None:
    header, line, *_ = DAYS.read_text(encoding="utf-8").splitlines()
    row = imported(f"{header},service_tier,prompt_preview\n{line},priority,hello\n").rows[0]
    assert row["extra"] == '{"service_tier": "priority"}'


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ("1200", "1.200", "usage_input_tokens_no_cache"),
        ("1200", "-5", "usage_input_tokens_no_cache"),
        ("2025-06-03,claude-sonnet-4-20250514,greenhouse", "6/3/2025,claude-sonnet-4-20250514,greenhouse", "usage_date_utc"),
        ("2025-06-04", "2025-06-31", "usage_date_utc"),
        ("1200,300,0,4500,850,2", ",,,,,", "no count"),
    ],
)
def test_a_row_that_a_spreadsheet_has_changed_is_rejected(imported: Import, was: str, now: str, reason: str) -> None:
    found = imported(DAYS.read_text(encoding="utf-8").replace(was, now, 1))
    assert found.account.rejected == 1
    assert reason in found.reasons[0]
    assert len(found.rows) == 2
