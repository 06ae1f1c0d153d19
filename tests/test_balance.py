"""The verb `balance`: readings typed and imported, reconciled with the log, with the drift in plain sight."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from usage_analytics.cli import main

PREPAID = {
    "seen_at": "2026-11-10T12:00:00Z",
    "prepaid": {
        "amount": 2000,
        "currency": "USD",
        "balance": {"money": {"amount_minor": 2000, "currency": "USD", "exponent": 2}},
        "auto_reload_settings": {"enabled": False, "threshold_in_minor_units": 500, "reload_to_in_minor_units": 1500},
    },
}
EVENTS = "occurred_at,app,cost_usd,paid_from\n" + "".join(
    f"2026-11-{day:02}T09:00:00Z,Claude Code,2.50,{pool}\n" for day in range(1, 15) for pool in ("credits", "plan")
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with both imported; for copying."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "events.csv").write_text(EVENTS)
    (folder / "prepaid.json").write_text(json.dumps(PREPAID))
    for name in ("events.csv", "prepaid.json"):
        assert main(["import", str(folder / name), "--db", str(folder / "usage.duckdb")]) == 0
    return folder / "usage.duckdb"


@pytest.fixture
def ask(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Ask a copy, in JSON; or for the complaint, where it fails."""
    shutil.copy(database, tmp_path / "usage.duckdb")
    (tmp_path / "prepaid.json").write_text(json.dumps(PREPAID))

    def run(*words: str, fails: int = 0) -> Any:
        assert main([*words, "--db", str(tmp_path / "usage.duckdb"), *(["--json"] if not fails else [])]) == fails
        said = capsys.readouterr()
        return said.err if fails else json.loads(said.out)

    return run


def test_a_pasted_prepaid_document_and_four_typed_balances_reconcile_and_the_drift_is_shown(ask: Any) -> None:
    for amount, at in (
        ("40", "2026-11-02T12:00Z"),
        ("32.50", "2026-11-05T12:00Z"),
        ("24", "2026-11-08T12:00Z"),
        ("10.5", "2026-11-13T12:00Z"),
    ):
        ask("balance", "--set", amount, "--at", at)
    said = ask("balance", "--as-of", "2026-11-14T12:00Z")
    assert [(one["origin"], one["balance"]) for one in said["readings"]] == [
        ("typed", "40"),
        ("typed", "32.5"),
        ("typed", "24"),
        ("account", "20"),
        ("typed", "10.5"),
    ]
    assert [(one["spent"], one["drift"]) for one in said["ledger"]] == [
        ("7.5", "0"),
        ("7.5", "-1"),
        ("5", "1"),
        ("7.5", "-2"),
        ("2.5", None),
    ]
    assert said["ledger"][1]["drift_per_day"] == "-0.333333333"
    assert (said["balance"], said["read_at"], said["currency"], said["currency_from"]) == (
        "8",
        "2026-11-13T12:00:00Z",
        "USD",
        "typed",
    )
    assert said["auto_reload"] == {
        "enabled": False, "threshold": "5", "reload_to": "15", "monthly_limit": None, "currency": "USD", "from": "account",
    }  # fmt: skip


def test_a_reading_can_be_forgotten_and_an_import_taken_back(ask: Any) -> None:
    (reading,) = (one for one in ask("balance", "--set", "10", "--at", "2026-11-12")["readings"] if one["id"])
    assert len(ask("balance", "--forget", str(reading["id"]))["readings"]) == 1
    (imported,) = (one["id"] for one in ask("imports")["imports"] if one["format"] == "account_json")
    ask("imports", "--undo", str(imported))
    assert ask("balance")["readings"] == []


def test_the_same_document_again_adds_no_reading(ask: Any, tmp_path: Path) -> None:
    ask("import", str(tmp_path / "prepaid.json"))
    (tmp_path / "copy.json").write_text(json.dumps(PREPAID, indent=2))
    ask("import", str(tmp_path / "copy.json"))
    assert len(ask("balance")["readings"]) == 1


def test_what_was_put_on_is_part_of_the_ledger(ask: Any) -> None:
    said = ask("balance", "--top-up", "25", "--at", "2026-11-11T00:00Z")
    assert (said["ledger"][-1]["put_on"], said["balance"]) == ("25", "35")


def test_nothing_later_than_the_moment_asked_for_is_used(ask: Any) -> None:
    assert ask("balance", "--as-of", "2026-11-10T12:00Z")["readings"] == []


def test_wrong_words_are_answered_with_what_to_do(ask: Any) -> None:
    assert "isn't an amount of money" in ask("balance", "--set", "ten", fails=2)
    assert "goes with --set or --top-up" in ask("balance", "--at", "2026-11-02", fails=2)
    assert "Use one of" in ask("balance", "--set", "5", "--top-up", "5", fails=2)
    assert "There is no reading 99" in ask("balance", "--forget", "99", fails=2)


def test_people_read_the_same_in_a_table(tmp_path: Path, ask: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ask("balance", "--set", "15", "--at", "2026-11-12T12:00Z")
    assert main(["balance", "--as-of", "2026-11-14", "--db", str(tmp_path / "usage.duckdb")]) == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "About $12.50 is left, based on a reading from 36 h ago. The last reading matches the log to the cent.\n"
        "Without a top-up, the balance runs out around "
    )
    assert "No work was blocked for lack of allowance or credits." in said
    assert "$0.00" in said
    assert "reading 1: $15.00 on Nov 12, 2026, 12:00" in said


def test_what_the_account_says_of_auto_reload_is_the_setting_that_is_compared_with(ask: Any, tmp_path: Path) -> None:
    reload = {"enabled": True, "threshold_in_minor_units": 700, "reload_to_in_minor_units": 2100}
    (tmp_path / "later.json").write_text(
        json.dumps({"seen_at": "2026-11-12T12:00Z", "amount": 900, "currency": "USD", "auto_reload_settings": reload})
    )
    ask("import", str(tmp_path / "later.json"))
    current = {
        one["policy"]: (one["threshold_usd"], one["reload_to_usd"])
        for one in ask("auto-reload", "--as-of", "2026-11-15")["compared"]
    }
    assert current.get("current") == ("7", "21")
    before = ask("auto-reload", "--as-of", "2026-11-11")["compared"]
    assert "current" not in {one["policy"] for one in before}  # it was off, as far as was known then


def test_when_it_runs_out_and_what_blocks_have_cost_is_said_too(ask: Any, tmp_path: Path) -> None:
    refused = "LLM request rejected: you're out of extra usage"
    (tmp_path / "more.csv").write_text(
        f"occurred_at,app,error\n2026-11-12T10:00Z,Claude Code,{refused}\n2026-11-12T12:00Z,Claude Code,\n"
    )
    ask("import", str(tmp_path / "more.csv"))
    said = ask("balance", "--as-of", "2026-11-14T12:00Z")
    (runway,) = said["runway"]
    assert (runway["gauge"], runway["chance"], runway["why"]) == ("balance", 1.0, None)
    assert "2026-11-16" < runway["low"] <= runway["middle"] <= runway["high"] < "2026-11-30"
    assert (said["blocked"]["times"], said["blocked"]["hours"]) == (1, 2.0)
    (block,) = said["blocked"]["blocks"]
    assert (block["gauge"], block["from"], block["to"], block["ended_by"]) == (
        "balance",
        "2026-11-12T10:00:00Z",
        "2026-11-12T12:00:00Z",
        "work",
    )


def test_each_account_has_a_balance_and_a_ledger_of_its_own(ask: Any, tmp_path: Path) -> None:
    lines = [
        f"2026-11-{day:02}T10:00:00Z,Claude Code,{name},{usd},credits"
        for day in range(1, 15)
        for name, usd in (("ann", 1), ("bob", 3))
    ]
    (tmp_path / "two.csv").write_text("\n".join(("occurred_at,app,account,cost_usd,paid_from", *lines)) + "\n")
    ask("import", str(tmp_path / "two.csv"))
    for name, amount in (("ann", "20"), ("bob", "30")):
        ask("balance", "--set", amount, "--at", "2026-11-10T12:00Z", "--account", name)
    found = ask("balance", "--as-of", "2026-11-14T12:00Z")
    left = {one["account"]: one["balance"] for one in found["accounts"]}
    assert {name: left[name] for name in ("ann", "bob")} == {"ann": "16", "bob": "18"}
    assert ask("balance", "--as-of", "2026-11-14T12:00Z", "--account", "ann")["balance"] == "16"
    assert ask("auto-reload", "--as-of", "2026-11-15T00:00Z", "--account", "bob")["history"]["credit_spend_usd"] == "42"


def test_an_account_without_a_balance_is_named_with_those_that_have_one(ask: Any) -> None:
    assert "“carl” has no balance of its own" in ask("balance", "--account", "carl", fails=2)
    assert "“carl” has no known spend" in ask("auto-reload", "--account", "carl", fails=2)
