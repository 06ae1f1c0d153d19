"""Fazm's database: the runs of its jobs, read without a word of what they were told or answered."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests import databases
from tests.importers.conftest import Import, Imported
from tests.transcripts import SPARED
from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.fazm import is_fazm
from usage_analytics.ingest import import_paths
from usage_analytics.ingest.magic import refusal

FILE = Path(__file__).parents[1] / "fixtures" / "fazm" / "fazm.db"


def table(found: Imported, name: str) -> list[dict[str, Any]]:
    return [row for part in found.folder.glob(f"{name}-*.parquet") for row in pq.read_table(part).to_pylist()]


def made(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def test_every_run_that_ended_counts_with_its_job_and_cost(imported: Import) -> None:
    found = imported(FILE)
    assert [(row["event_id"], row["project"], row["reported_cost_nanos"], row["error"]) for row in found.rows] == [
        ("r1", "Water plants", 183_000_000, None),
        ("r2", "Water plants", 0, "limit"),
        ("r4", "job j2", 20_000_000, "timeout"),
    ]
    assert {(row["run"], row["human_prompt"]) for row in found.rows} == {("scheduled", False)}
    assert (found.account.lines, found.account.other) == (4, 1)
    assert [row["gauge"] for row in table(found, "limit_seen")] == ["balance"]


def test_no_word_of_a_prompt_an_output_or_a_long_name_is_kept(imported: Import) -> None:
    assert SPARED.encode() in FILE.read_bytes()
    assert not [part for part in imported(FILE).folder.iterdir() if SPARED.encode() in part.read_bytes()]


def test_it_is_imported_like_any_file_and_costs_what_it_says(tmp_path: Path) -> None:
    store = databases.new(tmp_path)
    receipt = import_paths(store, [FILE])
    assert not receipt.unread
    assert databases.rows(store, "select sum(cost_nanos)::bigint as nanos, any_value(run) as run from call") == [
        {"nanos": 203_000_000, "run": "scheduled"}
    ]


def test_another_database_is_refused_with_a_reason(tmp_path: Path, imported: Import) -> None:
    other = made(tmp_path / "notes.db", "create table notes (body text)")
    assert "an SQLite database" in str(refusal(other.read_bytes()))
    assert refusal(FILE.read_bytes()) is None
    nearly = made(tmp_path / "nearly.db", "create table cron_runs (id text)")
    view = made(
        tmp_path / "view.db",
        "create table cron_jobs (id text, name text)",
        "create view cron_runs as select 1 as id, 2 as job_id, 3 as started_at",
    )
    for file in (nearly, view):
        with pytest.raises(UnreadableFile, match="don't recognize this SQLite database as Fazm's"):
            imported(file)


def test_a_damaged_database_is_refused(tmp_path: Path, imported: Import) -> None:
    damaged = tmp_path / "fazm.db"
    content = FILE.read_bytes()
    damaged.write_bytes(content[: len(content) // 2])
    assert is_fazm(damaged.read_bytes())
    with pytest.raises(UnreadableFile, match="Quit Fazm and copy the database again"):
        imported(damaged)


def test_runs_that_fazm_has_not_written_into_its_file_yet_are_read_and_nothing_is_left_beside_it(
    tmp_path: Path, imported: Import
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    shutil.copy(FILE, place / "fazm.db")
    with closing(sqlite3.connect(place / "fazm.db")) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute(
            "insert into cron_runs (id, job_id, started_at, status, cost_usd) values ('r5', 'j1', 1793696400.0, 'ok', 0.5)"
        )
        connection.commit()
        before = sorted(path.name for path in place.iterdir())
        assert "r5" in [row["event_id"] for row in imported(place / "fazm.db").rows]
        assert sorted(path.name for path in place.iterdir()) == before


def test_a_run_with_a_cost_that_is_no_number_is_rejected(tmp_path: Path, imported: Import) -> None:
    shutil.copy(FILE, tmp_path / "fazm.db")
    file = made(tmp_path / "fazm.db", "update cron_runs set cost_usd = 'dear' where id = 'r1'")
    found = imported(file)
    assert (found.account.rejected, len(found.rows)) == (1, 2)


def test_the_sample_tables_are_read(tmp_path: Path, imported: Import, samples: Path) -> None:
    statements = (samples / "shape_fixtures" / "fazm" / "fazm_schema.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "fazm.db")) as connection:
        connection.executescript(statements)
    found = imported(tmp_path / "fazm.db")
    assert [(row["project"], row["reported_cost_nanos"]) for row in found.rows] == [
        ("Inbox triage", 183_000_000),
        ("Inbox triage", 0),
    ]
    assert [row["gauge"] for row in table(found, "limit_seen")] == ["balance"]
