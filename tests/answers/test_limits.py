"""Stops at a limit."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from usage_analytics.answers.blocks import limits

COLUMNS = ["occurred_at", "gauge", "app", "account", "conversation_id", "resets_at", "reason"]


def rows(*given: tuple[str, str]) -> pd.DataFrame:
    found = pd.DataFrame([(at, gauge, "claude-code", None, None, None, None) for at, gauge in given], columns=COLUMNS)
    return found.assign(occurred_at=pd.to_datetime(found["occurred_at"]), resets_at=pd.to_datetime(found["resets_at"]))


def test_tries_within_an_hour_are_one_stop() -> None:
    found = limits.stops(rows(("2026-11-01T10:00", "balance"), ("2026-11-01T10:20", "balance"), ("2026-11-01T11:10", "balance")))
    assert [(stop.at, stop.tries) for stop in found] == [(datetime(2026, 11, 1, 10), 3)]


def test_two_gauges_are_two_stops_and_the_newest_comes_first() -> None:
    found = limits.stops(rows(("2026-11-01T10:00", "session"), ("2026-11-01T10:05", "balance"), ("2026-11-02T10:00", "session")))
    assert [stop.gauge for stop in found] == ["session", "balance", "session"]
    assert found[0].at == datetime(2026, 11, 2, 10)


def test_moving_to_credits_is_no_stop() -> None:
    assert not limits.stops(rows(("2026-11-01T10:00", "credits_started")))[0].blocks


def test_a_gauge_that_we_do_not_know_is_said_to_be_unknown() -> None:
    assert limits.stops(rows(("2026-11-01T10:00", "something new")))[0].what == limits.GAUGES["unknown"]


def test_no_stop_makes_an_empty_table() -> None:
    assert limits.stops(rows()) == ()
    assert len(limits.as_rows(())) == 0
