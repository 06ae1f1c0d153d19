"""`usage-analytics auto-reload`: from a file of usage events to the three numbers."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from usage_analytics.cli import main

AS_OF = "2026-04-13"
KEYS = {
    "threshold_usd", "reload_to_usd", "monthly_limit_usd", "confidence", "expected", "compared", "history", "reasons",
    "keep_current", "flat", "limit", "account", "accounts", "changed", "checked", "pooled", "unknown_pool_usd", "headline", "figures",
    "settled_until",
}  # fmt: skip
HEAD = "occurred_at,app,account,cost_usd,paid_from"


def rows(days: int, paid_from: str = "credits", usd: float = 0.08, account: str = "") -> list[str]:
    dice = random.Random(4)
    return [
        f"{datetime(2026, 4, 13) - timedelta(days=day) + timedelta(hours=10, minutes=3 * call)}Z,Cursor,{account},"
        f"{usd * dice.uniform(0.3, 2):.6f},{paid_from}"
        for day in range(days, 0, -1)
        for call in range(20)
    ]


def database(folder: Path, *lines: str) -> Path:
    events, place = folder / "events.csv", folder / "usage.duckdb"
    events.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    assert main(["import", str(events), "--db", str(place)]) == 0
    return place


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with four weeks of credit spend, and as much again that the plan paid."""
    return database(tmp_path_factory.mktemp("known"), *rows(28), *rows(28, "plan", 5.0))


def ask(capsys: pytest.CaptureFixture[str], place: Path, *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["auto-reload", "--json", "--as-of", AS_OF, "--db", str(place), *words]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_answer_has_the_shape_that_programs_rely_on(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(capsys, known, "--balance", "0.5")
    assert set(found) == KEYS
    low, high, limit = (Decimal(found[name]) for name in ("threshold_usd", "reload_to_usd", "monthly_limit_usd"))
    assert limit >= high >= low + 10
    assert {one["policy"] for one in found["compared"]} == {"recommended", "article", "week's burn", "product default"}
    assert 0.9 < found["expected"]["p_no_block"] <= 1
    assert any("turning it on buys" in reason for reason in found["reasons"])


def test_what_the_plan_paid_is_no_credit_spend(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(capsys, known)
    assert found["history"]["events"] == 28 * 20
    assert Decimal(found["history"]["credit_spend_usd"]) < 80


def test_unknown_is_not_credit_spend_but_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(capsys, database(tmp_path, *rows(28, "")))
    assert (found["threshold_usd"], found["confidence"], found["history"]["events"]) == (None, "none", 0)
    assert Decimal(found["unknown_pool_usd"]) > 0
    assert any("We don't know whether the plan or credits paid" in reason for reason in found["reasons"])


def test_an_empty_history_and_three_requests_get_no_advice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(capsys, database(tmp_path, *rows(1)[:3]))
    assert (found["reload_to_usd"], found["confidence"], found["history"]["events"]) == (None, "none", 3)
    empty = ask(capsys, database(tmp_path, *rows(1)[:3]), "--to", "2026-01-01")
    assert (empty["monthly_limit_usd"], empty["compared"], empty["history"]["events"]) == (None, [], 0)
    assert any("Import" in reason for reason in empty["reasons"])


def test_as_of_a_moment_nothing_later_counts(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(capsys, known, "--as-of", "2026-03-30")["history"]["events"] == 14 * 20


def test_several_accounts_are_advised_each_and_pooled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(capsys, database(tmp_path, *rows(28, account="ann"), *rows(28, usd=0.3, account="bob")))
    assert [one["account"] for one in found["accounts"]] == ["bob", "ann"]
    assert all(Decimal(one["reload_to_usd"]) <= Decimal(found["reload_to_usd"]) for one in found["accounts"])
    assert any("most expensive accounts" in reason for reason in found["reasons"])
    pooled = found["pooled"]
    assert pooled["accounts"] == 2
    assert pooled["together_usd_per_month"] == pytest.approx(found["expected"]["cost_usd_per_month"])
    apart = sum(one["expected"]["cost_usd_per_month"] for one in found["accounts"])
    assert pooled["apart_usd_per_month"] == pytest.approx(apart)
    less = "less" if pooled["together_usd_per_month"] < apart else "more"
    assert any(f"One balance costs {less}" in reason for reason in found["reasons"])


def test_where_someone_is_left_out_one_balance_is_not_compared_with_several(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = ask(capsys, database(tmp_path, *rows(10, account="ann"), *rows(10, usd=0.3, account="bob"), *rows(10)))
    assert found["pooled"] is None, "who has no name draws on the balance too"


def test_the_present_setting_is_compared_and_may_be_kept(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours = ask(capsys, known)
    mine = f"{ours['threshold_usd']}:{ours['reload_to_usd']}:{ours['monthly_limit_usd']}"
    assert ask(capsys, known, "--current", mine)["keep_current"]
    assert ask(capsys, known, "--current", "5:15")["compared"][1]["policy"] == "current"


def test_people_are_told_the_numbers_and_the_steps(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["auto-reload", "--as-of", AS_OF, "--db", str(known)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("When the balance falls below")
    assert "Adjust limit" in said
    assert "How each setting would have done" in said


@pytest.mark.parametrize(
    "words",
    [("--balance", "much"), ("--current", "5"), ("--current", "15:5"), ("--idle-percent", "-1"), ("--latency", "soon")],
)
def test_a_wrong_word_is_one_sentence(known: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str]) -> None:
    capsys.readouterr()
    assert main(["auto-reload", "--db", str(known), *words]) == 2
    said = capsys.readouterr()
    assert not said.out
    assert len(said.err.splitlines()) == 1


def test_it_the_balance_and_what_cron_asks_for_need_no_data_frames(known: Path) -> None:
    code = (
        "import sys; from usage_analytics.cli import main; "
        f"[main([verb, '--json', '--as-of', '{AS_OF}', '--db', {str(known)!r}]) for verb in ('auto-reload', 'balance', 'check')]; "
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
