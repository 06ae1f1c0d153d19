"""Cursor's usage export: five headers, a bill of its own, and requests without an id."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.importers.conftest import Import, Imported

FIXTURES = Path(__file__).parents[1] / "fixtures" / "cursor"
V0 = FIXTURES / "usage-events-2025-08-21.csv"
V1 = FIXTURES / "usage-events-2025-09-02.csv"
V2 = FIXTURES / "usage-events-2025-12-11.csv"
V3 = FIXTURES / "usage-events-2026-06-22.csv"
TEAM = FIXTURES / "team-usage-events-orchard-2026-08-11.csv"
HEADER = V3.read_text(encoding="utf-8").splitlines()[0]


def told(found: Imported, *columns: str) -> list[tuple[Any, ...]]:
    rows = sorted(found.rows, key=lambda row: (row["occurred_at"], row["event_id"]))
    return [tuple(row[column] for column in columns) for row in rows]


def ids(found: Imported) -> set[str]:
    return {row["event_id"] for row in found.rows}


@pytest.mark.parametrize("path", [V0, V1, V2, V3, TEAM], ids=lambda path: path.stem)
def test_every_version_is_read_without_rejects(imported: Import, path: Path) -> None:
    found = imported(path)
    assert (found.format, found.account.rejected, {row["app"] for row in found.rows}) == ("cursor", 0, {"Cursor"})
    assert found.every_line_is_accounted_for()
    assert len(ids(found)) == len(found.rows)


def test_the_four_kinds_of_tokens_are_apart_and_come_to_the_total(imported: Import) -> None:
    columns = ("cache_write_5m_tokens", "input_tokens", "cache_read_tokens", "output_tokens")
    assert told(imported(V2), *columns)[0] == (5000, 300, 50000, 800)
    assert told(imported(V3), *columns)[2] == (79149, 49988, 1995494, 23236)


def test_where_the_total_says_that_one_kind_includes_another_they_are_taken_apart(imported: Import) -> None:
    written, fresh = told(imported(TEAM), "cache_write_5m_tokens", "input_tokens")[-1]
    assert (written, fresh) == (811, 3189)


def test_tokens_that_are_not_told_apart_are_unknown(imported: Import) -> None:
    row = imported(V0).rows[0]
    assert (row["input_tokens"], row["output_tokens"], json.loads(row["extra"])["tokens"]) == (None, None, "101775")


def test_the_plan_on_demand_and_a_key_of_ones_own_are_told_apart(imported: Import) -> None:
    columns = ("account", "paid_from", "reported_cost_kind", "reported_cost_nanos")
    assert told(imported(TEAM), *columns) == [
        ("Cursor (robin@example.com)", "api", "billed", 250_000_000),
        ("Cursor (alex@example.com)", "plan", "estimate", 120_000_000),
        (None, "api", None, None),
        ("Cursor (alex@example.com)", "api", "billed", 110_000_000),
    ]


def test_what_it_cost_you_decides_over_what_it_is_worth(imported: Import) -> None:
    columns = ("account", "paid_from", "reported_cost_kind", "reported_cost_nanos")
    assert told(imported(V1), *columns) == [
        ("Cursor", "plan", "estimate", 50_000_000),
        ("Cursor", "api", "billed", 410_000_000),
    ]


def test_what_failed_and_was_not_charged_cost_nothing(imported: Import) -> None:
    columns = ("error", "paid_from", "reported_cost_kind", "reported_cost_nanos")
    assert told(imported(V2), *columns)[2:] == [("errored", None, "billed", 0)] * 2
    assert told(imported(V3), *columns)[0] == ("aborted", None, "billed", 0)


def test_cloud_agents_and_automations_run_unattended(imported: Import) -> None:
    assert told(imported(V3), "conversation_id", "run", "human_prompt") == [
        (None, None, None),
        ("bc-0d2f", "headless", None),
        (None, None, None),
        ("bc-0d2f", "scheduled", False),
    ]


def test_effort_and_thinking_in_a_models_name_are_not_the_model(imported: Import) -> None:
    assert told(imported(V3), "model")[2:] == [("claude-opus-4-7",), ("claude-opus-4-6",)]
    assert told(imported(TEAM), "model", "speed")[0] == ("claude-opus-4-8", "fast")


def test_columns_without_a_place_are_kept(imported: Import) -> None:
    kept = [json.loads(extra) for (extra,) in told(imported(V3), "extra")]
    assert kept[3] == {"automation_id": "auto-77", "kind": "Included", "max_mode": "Yes", "requests": "17.3"}


def test_the_same_request_in_two_versions_of_the_header_is_one(imported: Import) -> None:
    older = "Date,Model,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost,Cost to you\n"
    older += "2026-06-21T14:25:29.044Z,claude-opus-4-7-thinking-max,79149,49988,1995494,23236,2147867,3.10,0\n"
    assert ids(imported(older)) <= ids(imported(V3))


def test_identical_rows_are_each_a_request_and_overlapping_exports_agree_on_them(imported: Import) -> None:
    assert len(imported(V2).rows) == 4
    header, *lines = V2.read_text(encoding="utf-8").splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    assert ids(imported("".join([header, *lines]))) == ids(imported(V2))
    assert ids(imported("".join([header, *lines[:2]]))) <= ids(imported(V2))


def test_headers_are_found_in_any_case_with_a_mark_and_with_more_columns(imported: Import) -> None:
    text = V3.read_text(encoding="utf-8").replace(HEADER, f"\ufeff{HEADER.upper()},Team Lead").replace('"\n', '","Ann"\n')
    found = imported(text.replace("\n", "\r\n"))
    assert (found.format, found.account.rejected, len(found.rows)) == ("cursor", 0, 4)
    assert json.loads(found.rows[0]["extra"])["team_lead"] == "Ann"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ('"yesterday","","","Included","auto","No","0","1","2","3","6","1"', "date is not a time"),
        ('"2026-02-30T10:00:00Z","","","Included","auto","No","0","1","2","3","6","1"', "date is not a time"),
        ('"2026-06-21T14:25:29.044Z","","","Included","auto","No","0","1.5","2","3","6","1"', "is not a whole number"),
        ('"2026-06-21T14:25:29.044Z","","","Included","auto","No","0","-1","2","3","6","1"', "is not a whole number"),
        ('"2026-06-21T14:25:29.044Z","","","Included","auto"', "fewer columns"),
    ],
)
def test_a_row_that_is_unclear_is_rejected_with_its_line_and_without_its_words(imported: Import, wrong: str, reason: str) -> None:
    found = imported(V3.read_text(encoding="utf-8") + wrong + "\n")
    assert (found.rejected_lines, len(found.rows)) == ([6], 4)
    assert reason in found.reasons[0]
    assert "yesterday" not in found.reasons[0]


def test_an_amount_that_is_none_is_rejected(imported: Import) -> None:
    found = imported(V2.read_text(encoding="utf-8").replace("$0.25", "a quarter"))
    assert found.reasons == ["cost is not an amount in dollars such as 1234.50; import the export as it was downloaded."]


def test_the_samples_are_read(imported: Import, samples: Path) -> None:
    files = sorted((samples / "shape_fixtures" / "cursor").glob("*.csv"))
    found = [imported(file) for file in files]
    assert [(one.format, one.account.rejected) for one in found] == [("cursor", 0)] * len(files)
    assert sum(len(one.rows) for one in found) == 5


def test_a_long_export_of_requests_is_read_without_rejects(imported: Import) -> None:
    chance = random.Random(5)
    kinds = ["Included", "Included", "On-Demand", "Free", "Errored, No Charge", "Aborted, Not Charged", "User API Key"]
    lines = []
    for number in range(2_335):
        counts = [chance.randint(0, 90_000) for _ in range(4)]
        total = [*counts, sum(counts)] if chance.random() < 0.85 else [""] * 5
        requests = chance.choice(["1", "2", "0.5", "17.3", "-", "", "Free"])
        at = f"2026-05-{number % 28 + 1:02}T{number % 24:02}:{number % 60:02}:{number % 59:02}.{number % 1000:03}Z"
        model = chance.choice(["auto", "gpt-5.3-codex-high", "claude-opus-4-7-thinking-max"])
        cells = [at, "", "", chance.choice(kinds), model, "No", *total, requests]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    found = imported("\n".join([HEADER, *lines]))
    assert (found.account.rejected, len(ids(found))) == (0, 2_335)
