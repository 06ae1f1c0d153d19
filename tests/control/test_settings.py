"""What a person says of their account is kept as they said it, and what the product would refuse is refused here too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from usage_analytics.control import Control, settings
from usage_analytics.control.settings import AutoReload, Currency, Economics, OwnPool
from usage_analytics.errors import BadRequest

USD = 10**9


@pytest.fixture
def control(tmp_path: Path) -> Control:
    return Control(tmp_path / "control.sqlite")


def test_nothing_is_assumed_of_an_account_that_nobody_described(control: Control) -> None:
    assert settings.plan(control) == "unknown"
    assert settings.own_pools(control) == []
    assert settings.current_policy(control) is None
    assert settings.currency(control) is None
    assert settings.zone(control) is None
    assert not control.path.exists()


def test_the_worth_of_things_has_stated_defaults(control: Control) -> None:
    assert settings.economics(control) == Economics(25.0, 0.5, 0.03, 1.0, 0.03, 0.015)


def test_who_pays_for_an_app_is_what_queries_are_given(control: Control) -> None:
    settings.set_pools(control, (OwnPool("claude -p", None, "credits"), OwnPool("Agent SDK (Python)", "ana", "api")))
    assert settings.own_pools(control) == [
        {"app": "claude -p", "account": None, "pool": "credits"},
        {"app": "Agent SDK (Python)", "account": "ana", "pool": "api"},
    ]


def test_who_pays_is_said_once_for_an_app_and_account(control: Control) -> None:
    with pytest.raises(BadRequest, match="twice for the same account"):
        settings.set_pools(control, (OwnPool("claude -p", None, "credits"), OwnPool("claude -p", None, "plan")))
    assert settings.own_pools(control) == []


def test_an_auto_reload_that_the_account_would_refuse_is_refused(control: Control) -> None:
    for wrong, why in (
        (AutoReload(2 * USD, 5 * USD, 20 * USD), r"at least \$10 above the threshold"),
        (AutoReload(5 * USD, 5 * USD, None), "isn't above the threshold"),
        (AutoReload(-1, 15 * USD, None), "below zero"),
        (AutoReload(5 * USD, 15 * USD, -1), "monthly limit is below zero"),
    ):
        with pytest.raises(BadRequest, match=why):
            settings.set_current_policy(control, wrong)
    assert settings.current_policy(control) is None


def test_the_ten_dollars_between_are_asked_of_us_dollars_alone(control: Control) -> None:
    kept = AutoReload(5 * USD, 12 * USD, 40 * USD, enabled=False, currency="EUR")
    settings.set_current_policy(control, kept)
    assert settings.current_policy(control) == kept


def test_a_currency_has_a_stated_rate_or_none(control: Control) -> None:
    kept = Currency("CAD", Decimal("0.7215"), date(2026, 11, 2))
    settings.set_currency(control, kept)
    assert settings.currency(control) == kept
    for wrong in (Currency("dollars", None, None), Currency("CAD", Decimal(0), None), Currency("USD", Decimal(2), None)):
        with pytest.raises(BadRequest):
            settings.set_currency(control, wrong)
    assert settings.currency(control) == kept


def test_what_things_are_worth_stays_within_reason(control: Control) -> None:
    for wrong in (Economics(hour_blocked_usd=-1), Economics(failed_share=1.5), Economics(latency_minutes=float("nan"))):
        with pytest.raises(BadRequest, match="is a number from 0 to"):
            settings.set_economics(control, wrong)
    settings.set_economics(control, Economics(hour_blocked_usd=80))
    assert settings.economics(control).hour_blocked_usd == 80


def test_a_time_zone_is_one_that_exists(control: Control) -> None:
    settings.set_zone(control, "Asia/Kathmandu")
    assert settings.zone(control) == "Asia/Kathmandu"
    with pytest.raises(BadRequest, match="isn't a time zone"):
        settings.set_zone(control, "../etc/passwd")
    settings.set_zone(control, None)
    assert settings.zone(control) is None


def test_a_setting_of_another_version_is_unknown_and_not_an_error(control: Control) -> None:
    control.set_setting("economics", '{"hour_blocked_usd": "a lot"}')
    control.set_setting("plan", "max20")  # not JSON
    assert settings.economics(control) == Economics()
    assert settings.plan(control) == "unknown"


@pytest.mark.parametrize(
    ("typed", "nanos"), [("12.50", 12_500_000_000), ("$1,204.01", 1_204_010_000_000), ("-0.75", -750_000_000)]
)
def test_money_is_read_exactly(typed: str, nanos: int) -> None:
    assert settings.nanos_of(typed) == nanos


@pytest.mark.parametrize("typed", ["", "ten", "nan", "inf", "1e12"])
def test_what_is_no_money_is_refused(typed: str) -> None:
    with pytest.raises(BadRequest, match="isn't an amount of money"):
        settings.nanos_of(typed)
