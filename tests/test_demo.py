"""The sample data: the same every time, and with everything in it that the pages have to show."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from usage_analytics.answers.background import QUERIES, judge
from usage_analytics.demo import DAYS, write_samples
from usage_analytics.filters import Filters
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

TODAY = date(2026, 11, 23)
Records = list[dict[str, Any]]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    write_samples(folder, today=TODAY)
    return folder


@pytest.fixture(scope="module")
def records(written: Path) -> Records:
    """Every record of every transcript."""
    paths = [path for path in written.rglob("*.jsonl") if "projects" in path.parts]
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def store(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("store") / "usage.duckdb")
    receipt = import_paths(store, [written])
    assert not receipt.unread
    assert not sum(one.rejected + one.salvaged for one in receipt.files)
    return store


def digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def calls(records: Records) -> Records:
    return [one for one in records if one["type"] == "assistant" and one["message"]["model"] != "<synthetic>"]


def at(record: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(record["timestamp"]).replace(tzinfo=None)


@pytest.mark.slow
def test_the_same_seed_and_day_give_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write_samples(tmp_path / "again", today=TODAY)
    write_samples(tmp_path / "other", today=TODAY, seed=12)
    assert digest(tmp_path / "again") == digest(written)
    assert digest(tmp_path / "other") != digest(written)


@pytest.mark.parametrize("today", [date(2026, 1, 1), pytest.param(date(2027, 3, 3), marks=pytest.mark.slow)])
def test_it_stays_small_on_any_day(tmp_path: Path, today: date) -> None:
    write_samples(tmp_path, today=today)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 25_000_000


def test_it_fills_ninety_days_and_nothing_lies_ahead(records: Records) -> None:
    moments = [at(one) for one in calls(records)]
    assert {(TODAY - moment.date()).days for moment in moments} >= set(range(1, DAYS + 1))
    assert max(moments) < datetime(TODAY.year, TODAY.month, TODAY.day)


def test_people_work_on_weekdays_and_not_over_lunch(records: Records) -> None:
    prompts = [at(one) for one in records if one.get("turnOrigin") == "human"]
    weekend = sum(moment.weekday() >= 5 for moment in prompts)
    lunch = sum(12.5 <= moment.hour + moment.minute / 60 < 13 for moment in prompts)
    evening = sum(moment.hour >= 20 for moment in prompts)
    assert 0 < weekend < len(prompts) / 10
    assert lunch < len(prompts) / 50
    assert len(prompts) / 50 < evening < len(prompts) / 4


def test_the_model_changes_half_way(records: Records) -> None:
    change = datetime(TODAY.year, TODAY.month, TODAY.day) - timedelta(days=DAYS // 2)
    interactive = [one for one in calls(records) if one["entrypoint"] == "cli"]
    assert not any(one["message"]["model"] == "claude-opus-5-5" for one in interactive if at(one) < change)
    assert not any(one["message"]["model"] == "claude-opus-5" for one in interactive if at(one) >= change)
    assert {one["message"]["model"] for one in interactive} >= {"claude-opus-5", "claude-opus-5-5", "claude-haiku-4-5-20251001"}


def test_conversations_are_short_and_long(records: Records) -> None:
    lengths = Counter(one["sessionId"] for one in calls(records) if one["entrypoint"] == "cli" and not one["isSidechain"])
    assert min(lengths.values()) < 5
    assert max(lengths.values()) > 100


def test_subagents_have_files_of_their_own(written: Path) -> None:
    agents = list(written.rglob("subagents/agent-*.jsonl"))
    assert len(agents) > 50
    assert all((path.parents[1].with_suffix(".jsonl")).exists() for path in agents)


def test_a_job_runs_every_night(records: Records) -> None:
    nights = {
        at(one).date()
        for one in records
        if one.get("entrypoint") == "sdk-cli" and one["type"] == "user" and one.get("turnOrigin")
    }
    assert len(nights) == DAYS
    assert all(at(one).hour == 2 for one in records if one.get("entrypoint") == "sdk-cli")


def test_an_agent_polls_for_two_nights_and_again_on_the_last_evening(records: Records) -> None:
    polls = [one for one in calls(records) if one["entrypoint"] == "sdk-ts"]
    assert len({one["sessionId"] for one in polls}) == 3
    assert len(polls) > 250
    usages = [one["message"]["usage"] for one in polls]
    assert all(one["cache_read_input_tokens"] + one["cache_creation_input_tokens"] > 150_000 for one in usages)
    assert all(one["output_tokens"] < 30 for one in usages)
    assert all(at(one).hour >= 18 or at(one).hour < 9 for one in polls)


def test_what_polls_goes_on_until_the_moment_that_is_asked_for(tmp_path: Path) -> None:
    until = datetime(TODAY.year, TODAY.month, TODAY.day, 10, 30)
    write_samples(tmp_path, today=TODAY, until=until)
    polls = [
        datetime.fromisoformat(json.loads(line)["timestamp"]).replace(tzinfo=None)
        for path in tmp_path.rglob("*inbox-watcher/*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "timestamp" in json.loads(line)
    ]
    assert until - timedelta(minutes=10) < max(polls) < until + timedelta(minutes=5)


def test_the_account_says_its_balance_and_how_auto_reload_is_set(store: Store) -> None:
    said = store.rows("balances", Filters())
    assert len(said) == 5
    assert {(row["threshold_nanos"], row["reload_to_nanos"]) for row in said} == {(5 * 10**9, 15 * 10**9)}
    assert all(0 < row["balance_nanos"] < 20 * 10**9 for row in said)


def test_what_drains_is_flagged_and_nothing_else(store: Store) -> None:
    found = judge({query: store.columns(query, Filters()) for query in QUERIES}, datetime(TODAY.year, TODAY.month, TODAY.day))
    assert {flag.project for flag in found.flags} == {"inbox-watcher"}
    assert len(found.flags) == 3


def test_limits_are_met_and_work_goes_on_from_credits(records: Records) -> None:
    notices = [
        one["message"]["content"][0]["text"]
        for one in records
        if one["type"] == "assistant" and one["message"]["model"] == "<synthetic>"
    ]
    assert sum(text.startswith("You've hit your session limit") for text in notices) > 10
    assert 2 < sum(text.startswith("You're out of usage credits") for text in notices) < 15
    main = [
        one["message"]["usage"]["cache_creation"]
        for one in calls(records)
        if one["entrypoint"] == "cli" and not one["isSidechain"]
    ]
    assert any(one["ephemeral_1h_input_tokens"] for one in main)
    assert any(one["ephemeral_5m_input_tokens"] for one in main)


def test_a_few_outputs_were_never_finished(records: Records) -> None:
    finished = {one["message"]["id"]: False for one in calls(records)}
    finished |= {one["message"]["id"]: True for one in calls(records) if one["message"]["stop_reason"]}
    unfinished = list(finished.values()).count(False)
    assert 20 < unfinished < len(finished) / 30


def test_every_app_is_there(store: Store) -> None:
    apps = {row["name"] for row in store.rows("spend", Filters(), by="app")}
    assert apps == {"Claude Code", "claude -p", "Agent SDK (TypeScript)", "claude.ai", "Cursor", "invoice-reader"}


def test_one_model_has_no_price(store: Store) -> None:
    rows = store.rows("spend", Filters(), by="model")
    assert [row["name"] for row in rows if row["unpriced_calls"]] == ["composer-2"]


@pytest.mark.parametrize("month", range(3))
def test_a_month_costs_what_such_a_person_spends(store: Store, month: int) -> None:
    end = datetime(TODAY.year, TODAY.month, TODAY.day) - timedelta(days=30 * month)
    rows = store.rows("spend", Filters(start=end - timedelta(days=30), end=end), by="app")
    dollars = Decimal(sum(int(row["cost_nanos"] or 0) for row in rows)) / 1_000_000_000
    assert 250 < dollars < 450
