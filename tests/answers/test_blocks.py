"""Blocked time: which gauge was empty, until when, and what that has cost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from usage_analytics.answers import blocks
from usage_analytics.answers.blocks import Blocked
from usage_analytics.filters import Filters
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

NOON = datetime(2026, 11, 3, 12)  # a Tuesday
HOUR = timedelta(hours=1)


def refusals(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    base: dict[str, Any] = {
        "app": "Claude Code",
        "account": None,
        "gauge": "balance",
        "resets_at": None,
        "reason": None,
        "went_on_at": None,
    }
    return [base | row for row in rows]


def find(
    *rows: dict[str, Any], active: Sequence[datetime] = (), now: datetime = NOON + timedelta(days=30), **options: Any
) -> Blocked:
    return blocks.find(refusals(*rows), active, now, **options)


def test_a_block_lasts_until_work_went_on_and_costs_its_hours() -> None:
    found = find({"occurred_at": NOON, "went_on_at": NOON + 2 * HOUR}, hour_blocked_usd=40)
    (block,) = found.blocks
    assert (block.what, block.start, block.end, block.ended_by) == ("Usage credits (extra usage)", NOON, NOON + 2 * HOUR, "work")
    assert (found.hours, found.working_hours, found.cost_nanos) == (2, None, 80 * 10**9)


def test_who_comes_back_after_the_window_was_full_again_was_not_kept_waiting() -> None:
    found = find({"occurred_at": NOON, "gauge": "session", "resets_at": NOON + HOUR, "went_on_at": NOON + 9 * HOUR})
    assert [(one.hours, one.ended_by) for one in found.blocks] == [(1, "reset")]


def test_tries_before_the_same_answer_are_one_block() -> None:
    tries = [{"occurred_at": NOON + minutes * HOUR / 60, "went_on_at": NOON + HOUR} for minutes in (0, 5, 50)]
    assert [(one.tries, one.hours) for one in find(*tries).blocks] == [(3, 1)]


def test_a_window_that_ran_out_twice_before_the_same_answer_is_two_blocks() -> None:
    later = {"gauge": "session", "went_on_at": NOON + 9 * HOUR}
    found = find(
        {"occurred_at": NOON, "resets_at": NOON + HOUR} | later,
        {"occurred_at": NOON + 3 * HOUR, "resets_at": NOON + 4 * HOUR} | later,
    )
    assert [one.hours for one in found.blocks] == [1, 1]


def test_a_named_gauge_goes_before_one_that_the_log_does_not_name() -> None:
    tries = [
        {"occurred_at": NOON, "gauge": "unknown"},
        {"occurred_at": NOON + HOUR / 60, "gauge": "weekly", "reason": "out_of_credits"},
    ]
    (block,) = find(*tries).blocks
    assert (block.gauge, block.also_out_of_credits) == ("weekly", True)


def test_accounts_are_blocked_each_for_itself() -> None:
    found = find({"occurred_at": NOON, "account": "ana"}, {"occurred_at": NOON, "account": "robin"})
    assert sorted(str(one.account) for one in found.blocks) == ["ana", "robin"]


def test_what_still_lasts_is_open_and_counts_up_to_now() -> None:
    (block,) = find({"occurred_at": NOON}, now=NOON + 3 * HOUR).blocks
    assert (block.end, block.ended_by, block.hours) == (None, "open", 3)


def test_where_nothing_says_when_it_ended_it_is_no_longer_than_such_a_window() -> None:
    (block,) = find({"occurred_at": NOON, "gauge": "session"}).blocks
    assert (block.ended_by, block.hours) == ("unknown", 5)


def test_a_night_is_no_loss() -> None:
    week = [NOON + timedelta(days=day, hours=hour) for day in range(-14, 0) for hour in range(-3, 5)]  # 9 to 17 o'clock every day
    active = week
    evening = datetime(2026, 11, 3, 20)
    found = find({"occurred_at": evening, "went_on_at": evening + 14 * HOUR}, active=active, hour_blocked_usd=10)
    assert found.hours == 14
    assert found.working_hours == pytest.approx(1.0, abs=0.05)  # from 9 to 10 the next morning
    assert found.cost_nanos == pytest.approx(10 * 10**9, rel=0.05)


def test_habits_of_less_than_a_week_say_nothing() -> None:
    active = [NOON, NOON + HOUR]
    assert find({"occurred_at": NOON, "went_on_at": NOON + HOUR}, active=active).working_hours is None


def test_the_gauge_that_cost_most_hours_comes_first() -> None:
    found = find(
        {"occurred_at": NOON, "went_on_at": NOON + HOUR},
        {"occurred_at": NOON + 48 * HOUR, "gauge": "session", "went_on_at": NOON + 51 * HOUR},
    )
    assert found.by_gauge == (("Plan's 5-hour limit", 1, 3.0), ("Usage credits (extra usage)", 1, 1.0))


def test_what_blocks_come_to_is_said_with_the_worth_of_an_hour() -> None:
    found = find(
        {"occurred_at": NOON, "went_on_at": NOON + HOUR},
        {"occurred_at": NOON + 48 * HOUR, "gauge": "session", "went_on_at": NOON + 51 * HOUR},
    )
    assert blocks.sentence(found) == (
        "Work was blocked 2 times for 4.0 h: about $100.00 at $25.00/h. Main cause: Plan's 5-hour limit, 3.0 h in 1 block."
    )
    assert blocks.sentence(find()) == "No work was blocked for lack of allowance or credits."


def test_who_goes_on_at_once_has_lost_no_time() -> None:
    found = find({"occurred_at": NOON, "gauge": "session", "went_on_at": NOON + timedelta(seconds=3)})
    assert (
        blocks.sentence(found)
        == "You hit a limit 1 time, but work resumed within a minute, mostly on credits, so you lost no time."
    )
    assert blocks.as_rows(found)[["seconds", "working_seconds", "cost_nanos"]].isna().all(axis=None)


def test_no_refusal_no_block() -> None:
    found = find()
    assert (found.blocks, found.hours, found.cost_nanos, found.by_gauge) == ((), 0, 0, ())


def test_the_store_says_when_work_went_on(tmp_path: Path) -> None:
    refused = "LLM request rejected: you're out of extra usage"
    events = [
        ("2026-11-03T09:00:00Z", "nightly", "ana", refused),
        ("2026-11-03T09:05:00Z", "nightly", "ana", "overloaded"),  # neither a limit nor an answer
        ("2026-11-03T09:10:00Z", "nightly", "robin", ""),  # another account
        ("2026-11-03T09:20:00Z", "digest", "ana", ""),  # another app
        ("2026-11-03T10:30:00Z", "nightly", "ana", refused),
        ("2026-11-05T08:00:00Z", "nightly", "ana", ""),
        ("2026-11-06T08:00:00Z", "digest", None, "out_of_credits"),
    ]
    names = ("occurred_at", "app", "account", "error")
    (tmp_path / "events.jsonl").write_text("\n".join(json.dumps(dict(zip(names, row, strict=True))) for row in events))
    store = Store(tmp_path / "usage.duckdb")
    import_paths(store, [tmp_path / "events.jsonl"])
    rows = store.rows("blocks", Filters())
    assert [(row["app"], row["gauge"], _hour(row["went_on_at"])) for row in rows] == [
        ("nightly", "balance", "2026-11-05 08:00"),
        ("nightly", "balance", "2026-11-05 08:00"),
        ("digest", "balance", None),
    ]
    found = blocks.find(rows, [row["hour"] for row in store.rows("active_hours", Filters())], datetime(2026, 11, 6, 9))
    store.close()
    assert [(one.tries, one.ended_by, one.hours) for one in found.blocks] == [(1, "open", 1.0), (2, "work", 47.0)]


def _hour(moment: Any) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"
