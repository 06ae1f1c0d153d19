"""Billed beside computed: the same on the page, in JSON and in a report, and a sentence about which number to trust."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.databases import new
from tests.organization import AFTER, Organization, made
from tests.store.test_one_dollar import take, total
from usage_analytics.answers import reconcile
from usage_analytics.cli import main
from usage_analytics.control import Control
from usage_analytics.question.ask import ask
from usage_analytics.store import Store

NOW = AFTER.replace(tzinfo=None)


@pytest.fixture(scope="module")
def organization() -> Organization:
    return made(3, calls_a_day=2)


def asked(store: Store, now: datetime = NOW) -> reconcile.Reconciled:
    return reconcile.answer(ask(store, Control.beside(store.path), now=now))


def test_without_a_bill_there_is_nothing_to_reconcile(tmp_path: Path, organization: Organization) -> None:
    store = new(tmp_path)
    take(store, {name: written for name, written in organization.files.items() if name.startswith("laptop")})
    found = asked(store)
    assert not found.headline.enough
    assert found.rows.empty
    assert found.trust.startswith("Trust the computed cost")


def test_the_bill_its_parts_and_which_number_to_trust(
    tmp_path: Path, organization: Organization, capsys: pytest.CaptureFixture[str]
) -> None:
    store = new(tmp_path)
    take(store, organization.files)
    found = asked(store)
    keyed = sum(call.nanos for call in organization.calls if call.key) + sum(nanos for _, nanos in organization.openrouter)
    assert found.billed_nanos == keyed
    assert found.trust.startswith("Trust the billed cost")
    assert "1 day without one" in found.trust
    assert set(found.rows["cause"]) <= {"agrees", "other_machine", "unfinished", "no_calls", "other_key"}
    (told,) = [one for one in found.assumptions if "shop" in one]
    assert "their daily amounts agree" in told
    # all of the spend: the keys, the plan, and Cursor's own bill
    assert total(store) == organization.truth
    store.close()
    main(["reconcile", "--json", "--db", str(store.path), "--as-of", f"{NOW.isoformat()}Z"])
    said = json.loads(capsys.readouterr().out)
    assert float(said["billed_usd"]) == pytest.approx(keyed / 1e9)
    assert len(said["rows"]) == len(found.rows)
