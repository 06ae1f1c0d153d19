"""A block of regular events is read a column at a time: what comes of an event is the same as when it is read by itself, row by row."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import pyarrow as pa
import pytest

from tests.importers.conftest import Import, Imported
from usage_analytics.importers.sink import Opened, Sink
from usage_analytics.importers.usage_events import read
from usage_analytics.importers.usage_events.regular import RegularEvents

Event = dict[str, str]
# What makes a whole block irregular: a zone, which the plain way leaves alone.
IRREGULAR: Event = {"occurred_at": "2026-11-02T10:00:00+01:00", "app": "zoned", "event_id": "zoned"}
VALUES: dict[str, tuple[str, ...]] = {
    "occurred_at": (
        "2026-11-02T09:00:00Z", "2026-11-02 09:00:00.123456Z", "2026-11-02T09:00Z", "2026-11-02", "2026-11-02T09Z", "2026-02-30T09:00:00Z",
        "1999-12-31T23:59:59Z", "2026-11-02T24:00:00Z", "2026-11-02T09:00:00.1234567Z", "2026-11-02t09:00:00z", "",
    ),
    "app": ("bot", " bot ", "Größe", "x" * 201, ""),
    "model": ("claude-opus-5-5", "claude-opus-4-6-fast", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "no such model", ""),
    "cost_usd": (
        "0.03", "5", "5.", ".5", "0.123456789", "0.1234567891", "007", "00.5", "1234567890", "-1", "+1", "1e-05", "1e5", "$3", "1.2.3", "",
    ),
    "input_tokens": ("0", "12", "007", "1200.0", "-5", "+5", "0x1F", " 7", "1.5", "999999999999999", "1000000000000000", "1e3", "٣", ""),
    "web_searches": ("1", "x", ""),
    "message_index": ("3", ""),
    "speed": ("fast", "standard", ""),
    "geo": ("US", "not_available", ""),
    "batch": ("true", "0", "maybe", ""),
    "event_id": ("a", " a", "a ", "é", "x" * 200, "x" * 201, ""),
    "account": ("me", ""),
    "project": ("p", "p" * 250, ""),
    "conversation_id": ("c", " c", "c\tc", ""),
    "run": ("CI", "interactive", "walking", ""),
    "human_prompt": ("true", "FALSE", "who", ""),
    "error": ("rate_limit", "timed out while talking", ""),
    "paid_from": ("plan", "Credits", "else", ""),
}  # fmt: skip
PLAIN: Event = {
    "occurred_at": "2026-11-02T09:30:00Z",
    "app": "bot",
    "model": "claude-haiku-4-5",
    "input_tokens": "5",
    "event_id": "plain",
}


def as_csv(events: list[Event]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, [*VALUES], restval="", quoting=csv.QUOTE_NONE, escapechar="\\", lineterminator="\n")
    writer.writeheader()
    writer.writerows(events)
    return text.getvalue()


def comparable(found: Imported, lines: int) -> tuple[list[str], list[str]]:
    rows = sorted(str(sorted(row.items())) for row in found.rows if row["app"] != "zoned")
    assert len(found.rows) + found.account.rejected == lines
    return rows, sorted(reason for line, reason in found.account.rejects)


def means_the_same(imported: Import, column: str, values: tuple[str, ...]) -> None:
    """Each value alone in a block with a plain event; and all of them in one that is read row by row."""
    odd = [PLAIN | {"event_id": f"odd {number}"} | {column: value} for number, value in enumerate(values)]
    rows: list[str] = []
    reasons: list[str] = []
    for event in odd:
        found = comparable(imported(as_csv([event]), "alone.csv"), 1)
        rows, reasons = rows + found[0], reasons + found[1]
    beside = imported(as_csv([*odd, IRREGULAR]), "beside.csv")
    assert (sorted(rows), sorted(reasons)) == comparable(beside, len(odd) + 1)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("occurred_at", VALUES["occurred_at"][:6]),
        ("cost_usd", ("0.03", "5.", ".5", "007", "1e5", "0.123456789")),
        ("input_tokens", ("007", "0x1F", "-5", "+5", "1000000000000000")),
        ("conversation_id", (" c", "c\tc")),
    ],
)
def test_a_value_means_the_same_in_a_block_of_regular_events(imported: Import, column: str, values: tuple[str, ...]) -> None:
    means_the_same(imported, column, values)


@pytest.mark.slow
@pytest.mark.parametrize("column", VALUES)
def test_every_odd_value_means_the_same_in_a_block_of_regular_events(imported: Import, column: str) -> None:
    means_the_same(imported, column, VALUES[column])


def test_json_lines_mean_the_same_whether_all_of_them_are_regular(imported: Import) -> None:
    event = {"occurred_at": "2026-11-02T09:00:00Z", "app": "bot", "event_id": 17, "input_tokens": 5, "batch": True, "cost_usd": 3}
    lines = [json.dumps(event), json.dumps(event | {"event_id": "b", "batch": False, "input_tokens": None})]
    alone = imported("\n".join(lines), "alone.jsonl")
    beside = imported("\n".join([*lines, json.dumps(IRREGULAR)]), "beside.jsonl")
    assert [row["batch"] for row in sorted(alone.rows, key=lambda row: row["event_id"])] == [True, False]
    assert comparable(alone, 2) == comparable(beside, 3)


def test_rows_of_regular_and_irregular_blocks_share_a_part_and_their_folders_account(tmp_path: Path) -> None:
    found = {}
    for name, rows in (("regular", [PLAIN]), ("irregular", [PLAIN | {"occurred_at": "2026-11-02T09:30:00+00:00"}])):
        (tmp_path / name).write_text(as_csv(rows))
    sink = Sink(tmp_path / "parts", line="line", tag="0.")
    for number, name in enumerate(("regular", "irregular")):
        sink.begin(number, whose="work")
        sink.reads("usage_events")
        read(Opened(tmp_path / name, name, number), sink)
    sink.flush()
    (part,) = (tmp_path / "parts").glob("*/*/*.parquet")
    for row in pa.parquet.ParquetFile(part).read().to_pylist():
        found[row.pop("import")] = row
    assert found["line-0"] == found["line-1"]
    assert found["line-0"]["account"] == "work"


def test_most_events_take_the_quick_way_and_each_word_is_asked_for_once() -> None:
    asked: list[str | None] = []

    def ask(rows: dict[str, list[str | None]]) -> list[dict[str, object]]:
        asked.extend(rows["app"])
        meant = {name: rows.get(name, [None] * len(rows["app"])) for name in ("app", "model", "account", "project", "run")}
        others = dict.fromkeys(("model_raw", "speed", "geo", "batch", "human_prompt", "paid_from"))
        return [
            others | {name: words[number] for name, words in meant.items()} | {"message_index": number}
            for number in range(len(rows["app"]))
        ]

    regular = RegularEvents(ask, {"import_no": 1, "source": "usage_events", "grain": "call"})
    rng = random.Random(1)
    for _ in range(3):
        block = [PLAIN | {"app": rng.choice("ab"), "event_id": str(number)} for number in range(500)]
        found = regular.observed(pa.table({name: [row[name] for row in block] for name in PLAIN}))
        assert found is not None
        assert found["app"].to_pylist() == [row["app"] for row in block]
        assert found["input_tokens"].to_pylist() == [5] * 500
    assert sorted({*filter(None, asked)}) == ["a", "b"]
    assert len(asked) <= 3
