"""What an account says of itself, under the names of today and of before, in minor units of its own currency."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.importers.conftest import Import
from usage_analytics.errors import UnreadableFile
from usage_analytics.importers import account_json

USAGE = {
    "five_hour": {"utilization": 100.0, "resets_at": "2026-11-20T21:00:00.513044+00:00"},
    "seven_day": {"utilization": 61.0, "resets_at": "2026-11-25T07:00:00+01:00"},
    "seven_day_opus": None,
    "extra_usage": {
        "is_enabled": True, "monthly_limit": 10000, "used_credits": 4267.5, "utilization": 42.67, "currency": "USD", "decimal_places": 2,
        "disabled_reason": None,
    },
}  # fmt: skip
PREPAID = {
    "amount": 39947,
    "currency": "CAD",
    "balance": {"money": {"amount_minor": 39947, "currency": "CAD", "exponent": 2}, "credits": None},
    "auto_reload_settings": {"enabled": True, "threshold_in_minor_units": 500, "reload_to_in_minor_units": 1500},
    "pending_invoice_amount_cents": None,
    "last_paid_purchase_cents": 1500,
    "expiry_policy_months": 12,
}
LIMIT = {
    "is_enabled": True, "monthly_credit_limit": 10000, "used_credits": 4267, "currency": "USD", "out_of_credits": False,
    "disabled_reason": None, "disabled_until": None,
}  # fmt: skip
BUNDLES = {
    "bundles": [{"credit_minor_units": 5000, "price_minor_units": 4500, "discount_minor_units": 500, "currency": "GBP"}],
    "bundle_monthly_cap_minor_units": 200000,
    "expiry_policy_months": 12,
}
USD = 10**9


@pytest.fixture
def said(imported: Import) -> Any:
    """The rows that a document (or its text) comes to, without what it does not say."""

    def read(document: object, name: str = "prepaid.json") -> list[dict[str, Any]]:
        found = imported(document if isinstance(document, str) else json.dumps(document, indent=1), name)
        assert found.format == "account_json"
        assert found.rows == []
        assert (found.account.lines, found.account.rejected) == (found.account.other, 0)
        return balances(found.folder)

    return read


def balances(folder: Path) -> list[dict[str, Any]]:
    rows = [row for part in sorted(folder.glob("balance_seen-*.parquet")) for row in pq.read_table(part).to_pylist()]
    return [{name: value for name, value in row.items() if value is not None and name != "import_no"} for row in rows]


def test_the_balance_its_currency_and_the_auto_reload_are_read(said: Any) -> None:
    assert said(PREPAID) == [
        {
            "document": "prepaid",
            "dated_by": "import",
            "currency": "CAD",
            "balance_nanos": 399_470_000_000,
            "reload_enabled": True,
            "threshold_nanos": 5 * USD,
            "reload_to_nanos": 15 * USD,
            "last_purchase_nanos": 15 * USD,
            "expiry_months": 12,
        }
    ]


def test_usage_says_how_full_the_windows_are_and_what_the_month_has_cost(said: Any) -> None:
    (row,) = said(USAGE)
    assert (row["used_nanos"], row["monthly_limit_nanos"], row["has_monthly_limit"]) == (42_675_000_000, 100 * USD, True)
    assert (row["session_percent"], row["session_resets_at"]) == (100.0, datetime(2026, 11, 20, 21, 0, 0, 513044))
    assert (row["weekly_percent"], row["weekly_resets_at"]) == (61.0, datetime(2026, 11, 25, 6))


def test_the_list_of_limits_is_read_where_the_windows_have_no_names(said: Any) -> None:
    limits = [{"kind": "session", "percent": 80}, {"kind": "weekly_all", "percent": 12, "resets_at": "2026-11-25T06:00:00Z"}]
    (row,) = said({"five_hour": None, "limits": limits})
    assert (row["session_percent"], row["weekly_percent"], row["weekly_resets_at"]) == (80, 12, datetime(2026, 11, 25, 6))


def test_the_newer_name_of_what_was_spent_goes_before_the_older(said: Any) -> None:
    (row,) = said(USAGE | {"spend": {"used": {"amount_minor": 123456, "currency": "EUR", "exponent": 3}}})
    assert (row["used_nanos"], row["currency"]) == (123_456_000_000, "EUR")


def test_the_spend_limit_is_read(said: Any) -> None:
    (row,) = said(LIMIT | {"out_of_credits": True})
    assert (row["document"], row["used_nanos"], row["monthly_limit_nanos"]) == ("spend_limit", 42_670_000_000, 100 * USD)
    assert row["out_of_credits"] is True


def test_bundles_are_known_for_what_they_are(said: Any) -> None:
    (row,) = said(BUNDLES)
    assert (row["document"], row["currency"], row["bundle_cap_nanos"], row["expiry_months"]) == ("bundles", "GBP", 2000 * USD, 12)


@pytest.mark.parametrize(
    ("reload", "threshold", "reload_to"),
    [
        ({"threshold_in_minor_units": 500, "reload_to_in_minor_units": 1500}, 5, 15),
        ({"threshold_cents": 1000, "reload_to_cents": 5000}, 10, 50),
        ({"threshold_cents": 500, "reload_amount": 1000}, 5, 15),
    ],
)
def test_older_names_of_auto_reload_mean_the_same(said: Any, reload: dict[str, int], threshold: int, reload_to: int) -> None:
    (row,) = said({"amount": 1204, "currency": "USD", "auto_reload_settings": reload | {"enabled": False}})
    assert (row["threshold_nanos"], row["reload_to_nanos"], row["balance_nanos"]) == (
        threshold * USD,
        reload_to * USD,
        12_040_000_000,
    )
    assert row["reload_enabled"] is False


def test_minus_one_is_none_and_a_missing_limit_is_unlimited(said: Any) -> None:
    (row,) = said(LIMIT | {"monthly_credit_limit": -1})
    assert ("monthly_limit_nanos" in row, row["has_monthly_limit"]) == (False, False)
    (row,) = said(LIMIT | {"monthly_credit_limit": None})
    assert ("monthly_limit_nanos" in row, row["has_monthly_limit"]) == (False, False)
    (row,) = said(
        PREPAID | {"auto_reload_settings": {"enabled": False, "threshold_in_minor_units": -1, "reload_to_in_minor_units": -1}}
    )
    assert not {"threshold_nanos", "reload_to_nanos"} & row.keys()


def test_a_balance_may_be_below_zero(said: Any) -> None:
    (row,) = said({"amount": -1592, "currency": "USD", "auto_reload_settings": None, "last_paid_purchase_cents": None})
    assert row["balance_nanos"] == -15_920_000_000


def test_a_currency_without_small_coins_has_none(said: Any) -> None:
    (row,) = said({"amount": 52000, "currency": "KRW", "last_paid_purchase_cents": -1})
    assert (row["balance_nanos"], row["currency"]) == (52_000 * USD, "KRW")


def test_a_currency_that_is_not_stated_is_not_assumed(said: Any) -> None:
    (row,) = said({"amount": 1204, "auto_reload_settings": {"enabled": True, "threshold_cents": 500, "reload_to_cents": 1500}})
    assert "currency" not in row


@pytest.mark.parametrize("moment", ["2026-11-21T10:30:00+02:00", 1795249800, 1795249800000])
def test_a_document_that_says_when_is_dated_by_itself(said: Any, moment: str | int) -> None:
    (row,) = said({"seen_at": moment, "pasted": PREPAID})
    assert row["dated_by"] == "document"
    assert row["seen_at"] in (datetime(2026, 11, 21, 8, 30), datetime(2026, 11, 21, 8, 30))


def test_several_documents_in_one_text_are_all_read(said: Any) -> None:
    together = {"captured_at": "2026-11-21T08:30:00Z", "usage": USAGE, "prepaid_credits": PREPAID, "overage_spend_limit": LIMIT}
    assert sorted(row["document"] for row in said(together)) == ["prepaid", "spend_limit", "usage"]
    lines = "\n".join(json.dumps(PREPAID | {"fetched_at": f"2026-11-{day}T08:00:00Z"}) for day in (20, 21, 22))
    assert [row["seen_at"].day for row in said(lines)] == [20, 21, 22]
    assert len(said([PREPAID, USAGE])) == 2


def test_nothing_of_who_it_is_about_is_kept(imported: Import) -> None:
    canary = "canary-2f6b"
    personal = {"organization_uuid": canary, "email": f"{canary}@example.com", "balance_holder": {"name": canary}}
    found = imported(json.dumps(PREPAID | personal), "prepaid.json")
    assert all(canary.encode() not in part.read_bytes() for part in found.folder.iterdir())


@pytest.mark.parametrize(
    "wrong", ["[]", "{}", '{"amount": 5}', '{"amount": 5, "currency"', '["five_hour"]', "5", '{"a": {"b": 1}}']
)
def test_other_json_is_not_claimed(imported: Import, wrong: str) -> None:
    with pytest.raises(UnreadableFile, match="We don't recognize"):
        imported(wrong, "some.json")


@pytest.mark.parametrize("value", ["x", "", None, True, [], {}, -5, 10**40, "1e999999"])
def test_a_value_that_cannot_be_is_unknown_and_costs_no_other(said: Any, value: object) -> None:
    text = json.dumps(
        PREPAID | {"amount": value, "balance": value, "currency": value, "expiry_policy_months": value, "seen_at": value}
    )
    (row,) = said(text)
    assert row["threshold_nanos"] == 5 * USD


def test_a_document_may_be_as_large_as_the_largest(imported: Import) -> None:
    text = json.dumps(PREPAID).ljust(account_json.LARGEST_BYTES)
    assert len(balances(imported(text, "prepaid.json").folder)) == 1
    with pytest.raises(UnreadableFile, match="too large"):
        imported(f"{text} ", "prepaid.json")


TRANCHE = {
    "remaining_amount_minor_units": 5596,
    "granted_amount_minor_units": 8500,
    "currency": "EUR",
    "expires_at": "2026-12-19T00:00:00Z",
}


def test_what_expires_first_of_a_balance_is_read_with_its_moment(said: Any) -> None:
    later = TRANCHE | {"expires_at": "2027-01-01T00:00:00Z", "remaining_amount_minor_units": 1}
    same = {"remaining_amount_minor_units": None, "remaining": {"money": {"amount_minor": 4, "currency": "EUR", "exponent": 2}}}
    spent = TRANCHE | {"expires_at": "2026-11-25T00:00:00Z", "remaining_amount_minor_units": 0}
    document = {"amount": 5601, "currency": "EUR", "tranches": [later], "promo_tranches": [TRANCHE, TRANCHE | same, spent]}
    (row,) = said(document)
    assert (row["balance_nanos"], row["expiring_nanos"], row["expires_at"]) == (
        56_010_000_000,
        56_000_000_000,
        datetime(2026, 12, 19),
    )


def test_a_balance_without_parts_may_say_when_something_expires(said: Any) -> None:
    (row,) = said({"amount": 100, "currency": "USD", "tranches": None, "next_expires_at": "2026-12-19T00:00:00Z"})
    assert (row["expires_at"], "expiring_nanos" in row) == (datetime(2026, 12, 19), False)


def test_a_balance_in_credits_is_read_where_the_money_is_not_stated(said: Any) -> None:
    (row,) = said({"amount": 1, "currency": "USD", "balance": {"money": None, "credits": {"amount_minor": 3811, "exponent": 2}}})
    assert row["balance_nanos"] == 38_110_000_000


@pytest.mark.parametrize(("granted", "nanos"), [(True, 50 * USD), (False, None)])
def test_a_grant_counts_once_it_is_given(said: Any, granted: bool, nanos: int | None) -> None:
    grant = {"available": True, "eligible": True, "granted": granted, "amount_minor_units": 5000, "currency": "USD"}
    (row,) = said(grant | {"expires_at": "2026-12-19T00:00:00Z"})
    assert (row["document"], row.get("expiring_nanos"), "balance_nanos" in row) == ("grant", nanos, False)


def test_the_newest_usage_has_no_named_windows_and_a_limit_with_an_exponent(said: Any) -> None:
    limits = [{"kind": "session", "percent": 12, "resets_at": "2026-11-20T21:00:00Z"}, {"kind": "weekly_all", "percent": 34}]
    money = {"amount_minor": 42_670, "currency": "JPY", "exponent": 0}
    (row,) = said({"limits": limits, "spend": {"used": money, "limit": money | {"amount_minor": 50_000}}})
    assert (row["session_percent"], row["weekly_percent"], row["currency"]) == (12, 34, "JPY")
    assert (row["used_nanos"], row["monthly_limit_nanos"], row["has_monthly_limit"]) == (42_670 * USD, 50_000 * USD, True)


def test_snapshots_over_time_are_each_dated_by_themselves(said: Any) -> None:
    taken = [{"ts": f"2026-11-{day}T08:00:00Z", "usage": USAGE, "prepaid": PREPAID} for day in (18, 19, 20)]
    rows = said(taken)
    assert [(row["document"], row["seen_at"].day, row["dated_by"]) for row in rows] == [
        (document, day, "document") for day in (18, 19, 20) for document in ("usage", "prepaid")
    ]
    assert said("\n".join(map(json.dumps, taken)), "log.jsonl") == rows
