"""Claude Code's statistics: days without transcripts, their kinds of tokens estimated and labeled so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.importers.conftest import Import
from tests.transcripts import call
from usage_analytics.errors import UnreadableFile
from usage_analytics.ingest import import_paths

FILE = Path(__file__).parents[1] / "fixtures" / "stats_cache" / "stats-cache.json"
KINDS = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "output_tokens")


def test_a_day_is_split_as_the_sums_of_all_days_are_with_or_without_the_cache_in_it(imported: Import) -> None:
    rows = {(row["occurred_at"].day, row["model"]): tuple(row[kind] for kind in KINDS) for row in imported(FILE).rows}
    assert rows[2, "claude-opus-5-5"] == (750, 67_500, 4500, 2250)  # its days count neither reads nor writes
    assert rows[3, "claude-opus-5-5"] == (250, 22_500, 1500, 750)
    assert rows[2, "claude-sonnet-5-5"] == (1000, 80_000, 20_000, 9000)  # its days count everything


def test_what_is_estimated_has_its_range_and_is_labeled(tmp_path: Path) -> None:
    store = databases.new(tmp_path)
    import_paths(store, [FILE])
    asked = "select tokens_are_estimated, low_cost_nanos <= cost_nanos and cost_nanos <= high_cost_nanos as within from call"
    assert databases.rows(store, asked) == [{"tokens_are_estimated": True, "within": True}] * 4


@pytest.mark.parametrize("statistics_first", [True, False])
def test_a_day_with_a_transcript_is_left_to_it(statistics_first: bool, tmp_path: Path) -> None:
    transcript = tmp_path / "one.jsonl"
    line = call("a", 0) | {"timestamp": "2026-10-02T08:00:00.000Z"}
    transcript.write_text(json.dumps(line) + "\n", encoding="utf-8")
    store = databases.new(tmp_path / "store")
    for file in (FILE, transcript) if statistics_first else (transcript, FILE):
        import_paths(store, [file])
    asked = "select occurred_at::date::varchar as day, source from call group by all order by all"
    assert [tuple(row.values()) for row in databases.rows(store, asked)] == [
        ("2026-10-02", "claude_code"),
        ("2026-10-03", "stats_cache"),
    ]


def test_a_model_without_a_split_is_split_like_the_others_and_without_any_all_is_input(imported: Import) -> None:
    (haiku,) = [row for row in imported(FILE).rows if row["model"] == "claude-haiku-4-5-20251001"]
    assert abs(sum(haiku[kind] for kind in KINDS) - 500) < 3
    document = json.loads(FILE.read_text(encoding="utf-8")) | {"modelUsage": {}}
    assert all(row["cache_read_tokens"] == row["output_tokens"] == 0 for row in imported(json.dumps(document), "stats.json").rows)


def test_unclear_days_are_rejected_and_a_file_that_is_cut_off_is_refused(imported: Import) -> None:
    document: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    document["dailyModelTokens"] += [
        {"date": "soon", "tokensByModel": {"x": 4}},
        {"date": "2026-10-04", "tokensByModel": {"x": -1}},
    ]
    found = imported(json.dumps(document, indent=1), "stats.json")
    assert (len(found.rows), found.account.rejected) == (4, 2)
    with pytest.raises(UnreadableFile, match="Copy the file again"):
        imported(FILE.read_bytes()[:-40], "stats.json")


def test_the_sample_statistics_are_read(imported: Import, samples: Path) -> None:
    found = imported(samples / "shape_fixtures" / "claude_code" / "stats-cache.json")
    assert sum(row[kind] for row in found.rows for kind in KINDS) == pytest.approx(6_000_000, abs=3)
