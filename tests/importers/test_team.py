"""What Team and Enterprise owners can export: totals of a range that stands in the file's name, and lists without usage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.databases import rows
from tests.importers.conftest import Import, Imported
from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.cells import Unclear, local_number
from usage_analytics.importers.ranges import dates_in
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

FIXTURES = Path(__file__).parents[1] / "fixtures"
OLD = FIXTURES / "team_spend" / "spend-report-orchard-2026-03-01-to-2026-03-31.csv"
NEW = FIXTURES / "team_spend" / "spend-report-orchard-2026-08-01-to-2026-08-31.csv"
MEMBERS = FIXTURES / "team_members" / "members-analytics-orchard-2026-01-01-to-2026-01-30.csv"
CODE = FIXTURES / "team_claude_code" / "claude_code_team_2026_03_01_to_2026_03_31.csv"


def totals(found: Imported) -> list[dict[str, Any]]:
    return [row for part in sorted(found.folder.glob("range_total-*.parquet")) for row in pq.read_table(part).to_pylist()]


@pytest.mark.parametrize("path", [OLD, NEW, MEMBERS, CODE], ids=lambda path: path.stem)
def test_every_export_becomes_totals_of_its_dates_and_no_calls(imported: Import, path: Path) -> None:
    found = imported(path)
    assert (found.format, found.rows, found.account.rejected) == (path.parent.name, [], 0)
    stated = totals(found)
    assert len(stated) == len({row["total_id"] for row in stated}) == found.account.lines - found.account.other
    assert {(row["starts_at"], row["ends_at"]) for row in stated} == {dates_in(path.name)}


def test_the_old_report_has_no_kinds_of_tokens_and_keeps_both_amounts(imported: Import) -> None:
    first, *_ = totals(imported(OLD))
    assert (first["person"], first["app"], first["model"]) == ("robin@example.com", "Claude Code", "claude-opus-4-6")
    assert (first["requests"], first["input_tokens"], first["output_tokens"]) == (120, None, 42000)
    assert (first["reported_cost_nanos"], first["reported_cost_kind"]) == (1_204_510_000_000, "billed")
    kept = json.loads(first["extra"])
    assert (kept["total_gross_spend_usd"], kept["total_prompt_tokens"]) == ("1,304.51", "3500000")


def test_the_new_report_has_all_kinds_of_tokens_and_tells_channels_apart(imported: Import) -> None:
    first, *tags = totals(imported(NEW))
    assert [first[f"cache_{kind}_tokens"] for kind in ("read", "write_5m", "write_1h")] == [3_400_000, 99_000, 0]
    assert [(row["person"], row["web_searches"], row["reported_cost_nanos"]) for row in tags] == [
        (None, 3, 520_000_000),
        (None, 0, 200_000_000),
    ]


def test_a_report_without_dates_in_its_name_is_refused_with_what_to_do(imported: Import) -> None:
    for name in ("report.csv", "spend-2026-02-30-to-2026-03-01.csv", "spend-2026-03-31-to-2026-03-01.csv"):
        with pytest.raises(UnreadableFile, match="Add them to it, as in “report-2026-08-01-to-2026-08-31"):
            imported(OLD.read_text(encoding="utf-8"), name)


def test_a_member_is_known_by_address_and_not_by_name(imported: Import) -> None:
    robin, _ = totals(imported(MEMBERS))
    assert (robin["person"], robin["reported_cost_nanos"], robin["reported_cost_kind"]) == (
        "robin@example.com",
        3_250_000_000,
        "estimate",
    )
    kept = json.loads(robin["extra"])
    assert (kept["messages"], kept["days_active"], kept["seat_tier"]) == ("12", "3", "Premium")
    assert "Filler" not in robin["extra"]


def test_numbers_are_read_in_the_language_of_the_browser(imported: Import) -> None:
    assert [(row["reported_cost_nanos"], row["extra"]) for row in totals(imported(CODE))] == [
        (1_204_510_000_000, '{"lines": "64230"}')
    ] * 2


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,204.51", "1204.51"), ("1.204,51", "1204.51"), ("64.230", "64230"), ("64,230", "64230"), ("1 204,5", "1204.5"), ("7", "7"),
     ("1'204.51", "1204.51"), ("$0.50", "0.50"), ("1.234.567", "1234567"), ("12,5", "12.5"), ("", None), ("-", None)],
)  # fmt: skip
def test_a_local_number_is_read_one_way(text: str, value: str | None) -> None:
    found = local_number({"n": text}, "n")
    assert (None if found is None else str(found.normalize())) == (None if value is None else str(type(found)(value).normalize()))


@pytest.mark.parametrize("text", ["12,34,5", "1.2345", "many", "-3", "1,2.3,4"])
def test_what_is_no_local_number_is_refused(text: str) -> None:
    with pytest.raises(Unclear, match="is not a number"):
        local_number({"n": text}, "n")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("Name,Email,Role,Status,Seat Tier\nRobin,robin@example.com,User,Active,Premium\n", "a list of members"),
        ("created_at,actor_info,event,event_info,entity_info,ip_address\n2026-01-01,x,y,z,w,v\n", "an audit log"),
        ('[{"created_at": "2026-01-01", "actor_info": {}, "event": "x", "event_info": {}, "entity_info": {}}]', "an audit log"),
    ],
)
def test_what_holds_no_usage_is_refused_with_what_to_import_instead(imported: Import, content: str, what: str) -> None:
    with pytest.raises(UnreadableFile, match=f"is {what}. It holds no usage; import the spend report"):
        imported(content, "export.csv")


def test_totals_are_kept_and_never_added_to_spend(store_path: Path) -> None:
    store = Store(store_path)
    receipt = import_paths(store, [OLD, NEW, MEMBERS, CODE])
    assert (receipt.unread, [one.range_totals for one in receipt.files]) == ((), [2, 3, 2, 2])
    assert len(rows(store, "select * from range_total")) == 9
    assert rows(store, "select * from call") == []
    import_paths(store, [OLD])
    assert len(rows(store, "select distinct total_id from range_total")) == 9


def test_the_samples_are_read(imported: Import, samples: Path) -> None:
    files = sorted((samples / "shape_fixtures" / "team_csv").glob("*.csv"))
    found = [imported(file) for file in files]
    assert [one.format for one in found] == ["team_claude_code", "team_members", "team_spend", "team_spend"]
    assert [(len(totals(one)), one.account.rejected) for one in found] == [(2, 0), (1, 0), (1, 0), (2, 0)]
