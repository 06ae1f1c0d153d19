"""Readings of the balance and top-ups are kept with their moments, and edited as one table."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from usage_analytics.control import Control, balances
from usage_analytics.control.balances import Reading, TopUp
from usage_analytics.control.decisions import decisions
from usage_analytics.control.settings import AutoReload, set_current_policy
from usage_analytics.errors import BadRequest

USD = 10**9
DAY = datetime(2026, 11, 3, 9, 30)
NOTHING = {
    "seen_at": DAY, "account": None, "currency": None, "balance_nanos": None, "threshold_nanos": None, "reload_to_nanos": None,
    "reload_enabled": None, "has_monthly_limit": None, "monthly_limit_nanos": None,
}  # fmt: skip


@pytest.fixture
def control(tmp_path: Path) -> Control:
    return Control(tmp_path / "control.sqlite")


def test_readings_come_back_in_the_order_of_time_and_may_be_negative(control: Control) -> None:
    balances.add_reading(control, Reading(DAY, -15_920_000_000))
    balances.add_reading(control, Reading(DAY - timedelta(days=2), 40 * USD))
    assert [one.nanos for one in balances.readings(control)] == [40 * USD, -15_920_000_000]
    assert [one.nanos for one in balances.readings(control, until=DAY - timedelta(seconds=1))] == [40 * USD]


def test_the_same_moment_again_corrects_the_reading(control: Control) -> None:
    balances.add_reading(control, Reading(DAY, 40 * USD))
    balances.add_reading(control, Reading(DAY, 41 * USD))
    assert [one.nanos for one in balances.readings(control)] == [41 * USD]


def test_an_edited_table_is_kept_whole_or_not_at_all(control: Control) -> None:
    balances.add_top_up(control, TopUp(DAY, 50 * USD, 45 * USD))
    with pytest.raises(BadRequest, match=r"at least \$5"):
        balances.replace_top_ups(control, [TopUp(DAY, 20 * USD, 20 * USD), TopUp(DAY, 3 * USD, 3 * USD)])
    assert [one.credited_nanos for one in balances.top_ups(control)] == [50 * USD]
    balances.replace_top_ups(control, [TopUp(DAY, 20 * USD, 20 * USD), TopUp(DAY, 10 * USD, 0)])
    assert [(one.credited_nanos, one.paid_nanos) for one in balances.top_ups(control)] == [(20 * USD, 20 * USD), (10 * USD, 0)]


def test_one_can_be_forgotten_by_its_number(control: Control) -> None:
    number = balances.add_reading(control, Reading(DAY, 40 * USD))
    balances.forget(control, "reading", number)
    assert balances.readings(control) == ()
    with pytest.raises(BadRequest, match=f"There is no reading {number}"):
        balances.forget(control, "reading", number)


def test_a_currency_that_is_none_is_refused(control: Control) -> None:
    with pytest.raises(BadRequest, match="isn't a currency"):
        balances.add_reading(control, Reading(DAY, 40 * USD, "usd"))


def test_the_balance_that_was_typed_before_becomes_a_reading(tmp_path: Path) -> None:
    path = tmp_path / "control.sqlite"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(
            "create table setting (name text primary key, value text not null) strict;"
            "insert into setting values ('balance_usd', '12.34'); pragma user_version = 1;"
        )
    control = Control(path)
    assert [(one.nanos, one.currency) for one in balances.readings(control)] == [(12_340_000_000, "USD")]
    assert control.setting("balance_usd") is None


def test_what_the_account_said_completes_what_was_typed(control: Control) -> None:
    said = {"currency": "CAD", "threshold_nanos": 5 * USD, "reload_to_nanos": 15 * USD, "reload_enabled": True}
    prepaid = NOTHING | said | {"balance_nanos": 399_470_000_000}
    limit = NOTHING | {
        "seen_at": DAY + timedelta(hours=1),
        "currency": "CAD",
        "has_monthly_limit": True,
        "monthly_limit_nanos": 100 * USD,
    }
    known = decisions(control, [prepaid, limit])
    assert known.policy == AutoReload(5 * USD, 15 * USD, 100 * USD, currency="CAD")
    assert (known.policy_from, known.currency.code, known.currency.usd_rate, known.currency_from) == (
        "account",
        "CAD",
        None,
        "account",
    )
    assert [(one.nanos, one.origin) for one in known.readings] == [(399_470_000_000, "account")]


def test_what_was_typed_goes_before_what_the_account_said(control: Control) -> None:
    balances.add_reading(control, Reading(DAY, 40 * USD))
    set_current_policy(control, AutoReload(10 * USD, 50 * USD, None))
    prepaid = NOTHING | {"currency": "USD", "balance_nanos": 39 * USD, "threshold_nanos": 5 * USD, "reload_to_nanos": 15 * USD}
    known = decisions(control, [prepaid])
    assert [(one.nanos, one.origin) for one in known.readings] == [(40 * USD, "typed")]
    assert (known.policy, known.policy_from) == (AutoReload(10 * USD, 50 * USD, None), "typed")


def test_nothing_after_a_moment_is_known_then(control: Control) -> None:
    balances.add_reading(control, Reading(DAY, 40 * USD))
    assert decisions(control, [NOTHING | {"currency": "CAD"}], before=DAY - timedelta(seconds=1)).readings == ()
    assert decisions(control, before=DAY).readings, "what is typed counts at once"
    assert decisions(control, [NOTHING | {"currency": "CAD"}], before=DAY - timedelta(seconds=1)).currency_from == "assumed"
