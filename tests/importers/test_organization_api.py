"""What the organization APIs answer: exact amounts, the words of the Console's exports, pages however they were saved, broken responses."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.importers.conftest import Import, Imported
from usage_analytics.errors import UnreadableFile

FIXTURES = Path(__file__).parents[1] / "fixtures" / "organization_api"


def page(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    return found


def dollars(found: Imported) -> Decimal:
    return sum((Decimal(row["reported_cost_nanos"] or 0) for row in found.rows), Decimal(0)) / 1_000_000_000


def by_id(found: Imported) -> dict[str, tuple[Any, ...]]:
    return {
        row["event_id"]: tuple(row[name] for name in ("input_tokens", "output_tokens", "reported_cost_nanos"))
        for row in found.rows
    }


def with_result(name: str, **fields: Any) -> str:
    """The page with its first result changed."""
    changed = page(name)
    changed["data"][0]["results"][0] |= fields
    return json.dumps(changed)


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.json")), ids=lambda path: path.stem)
def test_every_row_is_accounted_for(imported: Import, path: Path) -> None:
    found = imported(path)
    assert found.format == "organization_api"
    assert found.every_line_is_accounted_for()
    assert not found.account.rejected


def test_cents_are_exact_to_the_nano_dollar(imported: Import) -> None:
    found = imported(FIXTURES / "cost.json")
    assert dollars(found) == Decimal("0.252500001")
    assert imported(with_result("cost", amount="123.78912")).rows[0]["reported_cost_nanos"] == 1_237_891_200
    assert imported(with_result("cost", amount="123456789.0000001")).rows[0]["reported_cost_nanos"] == 1_234_567_890_000_001
    assert imported(FIXTURES / "analytics_cost.json").rows[0]["reported_cost_nanos"] == 142_500_000


def test_no_key_is_the_workbench_and_no_workspace_the_default_one(imported: Import) -> None:
    keyed, bench = imported(FIXTURES / "usage_1.json").rows
    assert (keyed["app"], keyed["project"]) == ("apikey_01Greenhouse", "wrkspc_01Garden")
    assert (bench["app"], bench["project"]) == ("Workbench", "Default")


def test_a_report_that_was_not_broken_down_by_key_names_none(imported: Import) -> None:
    whole = page("usage_1")
    for bucket in whole["data"]:
        for result in bucket["results"]:
            result |= {"api_key_id": None, "workspace_id": None}
    assert {(row["app"], row["project"]) for row in imported(json.dumps(whole)).rows} == {("All API keys", None)}
    assert {row["app"] for row in imported(FIXTURES / "cost.json").rows} == {"All API keys"}


def test_what_changes_the_price_is_read(imported: Import) -> None:
    fast, batch = imported(FIXTURES / "usage_2.json").rows
    assert (fast["speed"], fast["geo"], fast["batch"]) == ("fast", "us", False)
    assert (batch["batch"], json.loads(batch["extra"])["long_context"]) == (True, "true")
    assert [row["grain"] for row in imported(FIXTURES / "usage_hours.json").rows] == ["hour", "minute"]


def test_a_seat_has_an_allowance_of_its_own_and_a_key_is_paid_for(imported: Import) -> None:
    rows = imported(FIXTURES / "claude_code_users.json").rows
    assert [(row["account"], row["app"], row["project"], row["paid_from"], row["run"]) for row in rows] == [
        ("ann@garden.example", "Claude Code", None, "plan", None),
        ("ann@garden.example", "Claude Code", None, "plan", None),
        ("ann@garden.example", "Claude Code on the web", None, "plan", None),
        (None, "claude_code_key_robin_abcd", "Claude Code", "api", "headless"),
    ]
    assert {row["reported_cost_kind"] for row in rows} == {"estimate"}
    assert rows[0]["reported_cost_nanos"] == 280_000_000


def test_products_sessions_and_unattended_runs_of_the_analytics_api(imported: Import) -> None:
    code, tag, key, agent = imported(FIXTURES / "analytics_usage.json").rows
    assert (code["app"], json.loads(code["extra"])["person"]) == ("Claude Code", "ann@garden.example")
    assert (tag["app"], tag["run"]) == ("Claude Tag", "scheduled")
    assert (key["app"], key["paid_from"]) == ("apikey_01Greenhouse", "api")
    assert (agent["conversation_id"], agent["paid_from"]) == ("sesn_01Watering", "api")


def test_pages_are_the_same_in_one_file_or_several(imported: Import) -> None:
    first, second = page("usage_1"), page("usage_2")
    apart = by_id(imported(FIXTURES / "usage_1.json")) | by_id(imported(FIXTURES / "usage_2.json"))
    lines = f"{json.dumps(first)}\n{json.dumps(second)}\n"
    for together in (json.dumps([first, second]), lines, lines * 2, "\ufeff" + json.dumps(first, indent=2) + json.dumps(second)):
        assert by_id(imported(together)) == apart


def test_a_bucket_that_a_file_holds_twice_counts_as_the_later_page_has_it(imported: Import) -> None:
    later = json.loads(with_result("usage_1", output_tokens=1))
    found = imported(json.dumps([page("usage_1"), later]))
    assert [row["output_tokens"] for row in found.rows] == [1, 90]


def test_two_rows_that_the_server_cannot_tell_apart_both_count(imported: Import) -> None:
    twice = page("analytics_usage")
    twice["data"] = [twice["data"][1], twice["data"][1]]
    assert len({row["event_id"] for row in imported(json.dumps(twice)).rows}) == 2


def test_what_sync_wrote_says_whose_it_is_and_what_the_ids_are_called(imported: Import) -> None:
    written = {
        "usage_analytics_reading": 1,
        "endpoint": "/v1/organizations/usage_report/messages",
        "organization": {"id": "org-1", "name": "Garden Ltd"},
        "asked_at": "2026-11-05T10:00:00Z",
        "group_by": ["api_key_id", "workspace_id", "model"],
        "names": {"apikey_01Greenhouse": "greenhouse-key", "wrkspc_01Garden": "Garden"},
        "pages": [page("usage_1")["data"]],
    }
    row, bench, nothing = imported(json.dumps(written)).rows
    assert (row["account"], row["app"], row["project"]) == ("Garden Ltd", "greenhouse-key", "Garden")
    assert row["stated_at"].isoformat() == "2026-11-05T10:00:00"
    assert row["is_whole_bucket"]
    assert "greenhouse-key" not in row["event_id"]
    assert [nothing[name] for name in ("input_tokens", "output_tokens", "reported_cost_nanos")] == [None] * 3
    assert bench["app"] == "Workbench"
    with pytest.raises(UnreadableFile, match="Sync again"):
        imported(json.dumps(written | {"asked_at": None}))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"uncached_input_tokens": -1}, "uncached_input_tokens is not a whole number"),
        ({"uncached_input_tokens": 1.5}, "not a whole number"),
        ({"uncached_input_tokens": 10**16}, "not a whole number"),
        ({"output_tokens": "7"}, "output_tokens is not a whole number"),
        ({"cache_creation": [1]}, "are objects"),
        ({"amount": "many"}, "not an amount in cents"),
        ({"amount": "NaN"}, "not an amount in cents"),
        ({"amount": "1", "currency": "EUR"}, "not in US dollars"),
        ({"amount": True}, "not an amount in cents"),
    ],
)
def test_a_result_that_is_unclear_is_rejected_and_the_others_are_read(
    imported: Import, fields: dict[str, Any], reason: str
) -> None:
    found = imported(with_result("usage_1", **fields))
    assert reason in found.reasons[0]
    assert len(found.rows) == 1
    assert found.every_line_is_accounted_for()


def test_a_row_of_several_days_or_of_no_day_of_utc_is_a_total_of_its_range(imported: Import) -> None:
    month = page("analytics_usage")
    for item in month["data"]:
        item |= {"starting_at": "2026-11-01T00:00:00Z", "ending_at": "2026-11-20T07:00:00Z"}
    shifted = page("usage_1")
    shifted["data"][0] |= {"starting_at": "2026-11-01T05:00:00Z", "ending_at": "2026-11-02T05:00:00Z"}
    for pages, count in ((month, 4), (shifted, 2)):
        found = imported(json.dumps(pages))
        totals = pq.read_table(next(found.folder.glob("range_total-*.parquet"))).to_pylist()
        assert (len(found.rows), len({row["total_id"] for row in totals}), found.account.rejected) == (0, count, 0)
        assert totals[0]["ends_at"].hour in (7, 5)


def test_rows_that_cannot_be_placed_are_rejected(imported: Import) -> None:
    for change in ({"ending_at": "2026-11-01T00:00:00Z"}, {"starting_at": None}, {"starting_at": "yesterday"}):
        changed = page("usage_1")
        changed["data"][0] |= change
        assert imported(json.dumps(changed)).account.rejected == 2
    by_team = page("analytics_usage")
    by_team["data"][0]["group"]["rbac_group_id"] = "rbac_group_01"
    assert "overlap" in imported(json.dumps(by_team)).reasons[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (json.dumps(page("usage_1"))[:-40], "cut off"),
        ('{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}', "error from the API"),
        (json.dumps([page("usage_1"), {"hello": 1}]), "a page of a report"),
    ],
)
def test_a_response_that_is_none_is_refused_with_one_sentence(imported: Import, content: str, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        imported(content)


def test_the_sample_responses_are_read_whole(imported: Import, samples: Path) -> None:
    paths = [*(samples / "shape_fixtures" / "admin_api").iterdir(), *(samples / "shape_fixtures" / "analytics_api").iterdir()]
    found = {path.stem: imported(path) for path in paths}
    assert {one.format for one in found.values()} == {"organization_api"}
    assert sum(one.account.rejected for one in found.values()) == 0
    assert dollars(found["cost_report"]) == Decimal("1.8178912")
    assert dollars(found["cost"]) == Decimal("0.9878")
