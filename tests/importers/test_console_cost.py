"""The Console's cost exports: four versions of the header, exact amounts, and rows that differ in nothing but their amount."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from pathlib import Path

import pytest

from tests.importers.conftest import Import, Imported

FIXTURES = Path(__file__).parents[1] / "fixtures" / "console"
V1 = FIXTURES / "claude_api_cost_2025_12_01_to_2025_12_02.csv"
V2 = FIXTURES / "claude_api_cost_2026_02_01_to_2026_02_02.csv"
V3 = FIXTURES / "claude_api_cost_2026_03_01_to_2026_03_02.csv"
V4 = FIXTURES / "claude_api_cost_2026_09_01_to_2026_09_02.csv"


def dollars(found: Imported) -> Decimal:
    return Decimal(sum(row["reported_cost_nanos"] for row in found.rows)) / 1_000_000_000


def by_id(found: Imported) -> dict[str, int]:
    return {row["event_id"]: row["reported_cost_nanos"] for row in found.rows}


@pytest.mark.parametrize(("path", "total"), [(V1, "1236.59"), (V2, "3.10"), (V3, "2.80"), (V4, "4.00")])
def test_every_version_is_read_to_the_cent(imported: Import, path: Path, total: str) -> None:
    found = imported(path)
    assert found.format == "console_cost"
    assert dollars(found) == Decimal(total)
    assert {(row["grain"], row["reported_cost_kind"]) for row in found.rows} == {("day", "billed")}
    assert found.every_line_is_accounted_for()


def test_a_real_export_comes_to_its_own_total(imported: Import, samples: Path) -> None:
    found = imported(samples / "console_csv" / "claude_api_cost_2026_02_08_to_2026_02_15.csv")
    assert (len(found.rows), len(by_id(found)), dollars(found)) == (24, 24, Decimal("19.97"))


def test_a_row_states_a_cost_and_no_tokens(imported: Import) -> None:
    row = imported(V1).rows[0]
    assert (row["app"], row["project"], row["model"], row["model_raw"]) == (
        "greenhouse-key",
        "Default",
        "claude-sonnet-4-5-20250929",
        "Claude Sonnet 4.5",
    )
    assert [row[column] for column in ("input_tokens", "output_tokens", "web_searches")] == [None, None, None]
    assert (row["batch"], row["output_is_final"]) == (False, True)
    assert json.loads(row["extra"]) == {"context_window": "≤ 200k", "cost_type": "token", "token_type": "input_no_cache"}


def test_searches_and_code_execution_belong_to_no_model(imported: Import) -> None:
    *_, search, execution = imported(V1).rows
    assert (search["model"], search["batch"], json.loads(search["extra"])) == (None, None, {"cost_type": "web_search"})
    assert (execution["app"], execution["model"]) == ("Workbench", None)


def test_two_rows_that_differ_in_their_cost_alone_are_two(imported: Import) -> None:
    found = imported(V1)
    writes = {key: nanos for key, nanos in by_id(found).items() if "cache_write_5m" in key}
    assert sorted(writes.values()) == [750_000_000, 1_160_000_000]


def test_the_order_of_rows_changes_no_id(imported: Import) -> None:
    header, *lines = V1.read_text(encoding="utf-8").splitlines(keepends=True)
    random.Random(6).shuffle(lines)
    assert by_id(imported("".join([header, *lines]))) == by_id(imported(V1))


def test_a_later_export_of_a_day_that_was_not_over_observes_the_same_rows(imported: Import) -> None:
    whole = by_id(imported(V1))
    text = V1.read_text(encoding="utf-8")
    earlier = imported(text.replace("1.16,token\n", "0.40,token\n"))
    lines = text.splitlines(keepends=True)
    fewer = imported("".join(line for line in lines if ",1.16," not in line))
    for found in (earlier, fewer):
        larger = {key: max(nanos, by_id(found).get(key, 0)) for key, nanos in whole.items()}
        assert by_id(found).keys() <= whole.keys()
        assert larger == whole


def test_the_list_price_and_the_key_are_kept_beside_the_cost(imported: Import) -> None:
    assert json.loads(imported(V3).rows[0]["extra"])["list_price_usd"] == "3.10"
    extra = json.loads(imported(V4).rows[1]["extra"])
    assert (extra["api_key_id"], extra["api_key_status"]) == ("apikey_02Fixture", "archived")


def test_modifiers_are_read_and_long_context_are_named(imported: Import) -> None:
    fast, long = imported(V2).rows
    assert (fast["geo"], fast["speed"]) == ("us", "fast")
    assert json.loads(long["extra"])["long_context"] == "true"


@pytest.mark.parametrize("cost", ["1.234,50", "NaN", "-1.00", "1e3", "", "free", '"1,234"'])
def test_an_amount_that_is_unclear_is_rejected_with_its_line(imported: Import, cost: str) -> None:
    found = imported(V1.read_text(encoding="utf-8").replace(",0.09,", f",{cost},"))
    assert found.rejected_lines == [2]
    assert len(found.rows) == 5
