"""ccusage's reports: totals of ranges, which are compared and never added."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests import databases
from tests.importers.conftest import Import
from usage_analytics.errors import UnreadableFile
from usage_analytics.ingest import import_paths

FIXTURES = Path(__file__).parents[1] / "fixtures" / "ccusage"
USED = {"inputTokens": 10, "outputTokens": 5, "cacheCreationTokens": 3, "cacheReadTokens": 2, "totalTokens": 20, "totalCost": 0.5}


@pytest.fixture
def totals(imported: Import) -> Any:
    """The totals that a report comes to; as text or as a file."""

    def read(report: object) -> list[dict[str, Any]]:
        found = imported(report if isinstance(report, Path) else json.dumps(report, indent=1), "report.json")
        assert (found.format, found.rows) == ("ccusage", [])
        return [row for part in found.folder.glob("range_total-*.parquet") for row in pq.read_table(part).to_pylist()]

    return read


def test_each_model_of_a_day_is_a_total_of_that_day(totals: Any) -> None:
    rows = totals(FIXTURES / "daily.json")
    assert [(row["starts_at"].day, row["model"], row["reported_cost_nanos"]) for row in rows] == [
        (2, "claude-opus-5-5", 54_100_000),
        (2, "claude-haiku-4-5-20251001", 6_000_000),
        (3, "claude-opus-5-5", 54_100_000),
    ]
    assert {row["reported_cost_kind"] for row in rows} == {"estimate"}


@pytest.mark.parametrize(
    ("report", "starts", "ends"),
    [
        ({"monthly": [USED | {"month": "2026-12"}]}, datetime(2026, 12, 1), datetime(2027, 1, 1)),
        ({"weekly": [USED | {"week": "2026-11-01"}]}, datetime(2026, 11, 1), datetime(2026, 11, 8)),
        ({"daily": [USED | {"period": "20261103"}]}, datetime(2026, 11, 3), datetime(2026, 11, 4)),
        ({"projects": {"/home/robin/garden": [USED | {"date": "2026-11-03"}]}}, datetime(2026, 11, 3), datetime(2026, 11, 4)),
        ({"sessions": [USED | {"sessionId": "s", "lastActivity": "2026-11-03"}]}, datetime(2026, 11, 3), datetime(2026, 11, 4)),
        (
            {"blocks": [USED | {"startTime": "2026-11-03T05:00:00.000Z", "endTime": "2026-11-03T10:00:00.000Z", "isGap": False}]},
            datetime(2026, 11, 3, 5),
            datetime(2026, 11, 3, 10),
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_every_kind_of_report_has_its_range(report: Any, starts: datetime, ends: datetime, totals: Any) -> None:
    (row,) = totals(report)
    assert (row["starts_at"], row["ends_at"], row["cache_read_tokens"]) == (starts, ends, 2)
    assert row["project"] in (None, "garden")
    assert row["conversation_id"] in (None, "s")


def test_a_report_adds_nothing_to_what_was_spent(tmp_path: Path) -> None:
    store = databases.new(tmp_path)
    import_paths(store, [FIXTURES])
    assert databases.rows(store, "select count(*)::int as calls from call") == [{"calls": 0}]
    assert databases.rows(store, "select count(*)::int as totals from range_total") == [{"totals": 6}]


def test_unclear_rows_are_rejected_and_gaps_are_none(imported: Import) -> None:
    rows = [
        USED | {"date": "soon"},
        USED | {"date": "2026-11-03", "inputTokens": "ten"},
        USED | {"date": "2026-11-03", "isGap": True},
    ]
    found = imported(json.dumps({"daily": rows}, indent=1), "report.json")
    assert (found.account.rejected, found.account.lines - found.account.other) == (2, 2)


def test_a_report_that_is_cut_off_is_refused(imported: Import) -> None:
    with pytest.raises(UnreadableFile, match="Save the output of ccusage again"):
        imported((FIXTURES / "daily.json").read_bytes()[:-30], "report.json")
