"""The digest arrives once, with the numbers of its span."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.alerts.receiving import Receiver
from tests.transcripts import SONNET, call, text, usage
from usage_analytics.alerts import channels, digest
from usage_analytics.answers import auto_reload
from usage_analytics.control import Control, digests
from usage_analytics.control.digests import Digest
from usage_analytics.control.settings import AutoReload, set_current_policy
from usage_analytics.ingest import import_paths
from usage_analytics.question.ask import ask
from usage_analytics.store import Store

MONDAY = datetime(2026, 11, 9, 9)  # the calls of tests.transcripts are of the week before
WEEK = "2026-W45"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two hours of one app and project in the week that the digest is about."""
    folder = tmp_path_factory.mktemp("digest")
    counts = usage(100, read=20_000, write_5m=900, output=400)
    lines = [call(f"m{n}", 60 * n, model=SONNET, counts=counts, cwd="/home/robin/secret-garden") for n in range(120)]
    (folder / "log.jsonl").write_bytes(text(*lines))
    made = Store(folder / "usage.duckdb")
    import_paths(made, [folder / "log.jsonl"])
    return made


@pytest.fixture
def weekly(control: Control, receiver: Receiver) -> Digest:
    added = channels.add_webhook(control, receiver.url, MONDAY, private_allowed=True)
    digests.keep(control, Digest(added.channel_id, "weekly", "UTC", "none", with_link=False, made_at=datetime(2026, 9, 1)))
    return digests.digests(control)[0]


def test_the_message_has_the_numbers_of_the_week(store: Store, control: Control, receiver: Receiver, weekly: Digest) -> None:
    (told,) = digest.send_due(store, control, MONDAY)
    assert told.state == "sent"
    (message,) = receiver.received
    known = message.json["usage_analytics"]
    spent = store.frame("models", whole())["cost_nanos"].sum() / 1e9
    assert f"${spent:,.2f} was spent" in known["title"]
    assert known["lines"][0] == f"Sonnet 4.5 ${spent:,.2f}"
    assert (known["subject"], known["span"], known["link"]) == ("digest", WEEK, "")
    assert "Open the dashboard" not in message.json["text"]


def test_a_weeks_digest_is_sent_once_however_often_it_is_checked(
    store: Store, control: Control, receiver: Receiver, weekly: Digest
) -> None:
    with ThreadPoolExecutor(4) as pool:
        states = [told.state for done in pool.map(lambda _: digest.send_due(store, control, MONDAY), range(8)) for told in done]
    assert states == ["sent"]
    assert digest.send_due(store, control, MONDAY + timedelta(days=2)) == ()
    assert digest.send_now(store, control, weekly, MONDAY) is None
    digests.keep(control, replace(weekly, redaction="totals"))
    assert digest.send_due(store, control, MONDAY) == ()
    assert len(receiver.received) == 1


def test_what_could_not_be_sent_is_tried_again_later(store: Store, control: Control, receiver: Receiver, weekly: Digest) -> None:
    receiver.answer = [503]
    assert [told.state for told in digest.send_due(store, control, MONDAY)] == ["failed"]
    assert digest.send_due(store, control, MONDAY + timedelta(seconds=5)) == ()
    assert [told.state for told in digest.send_due(store, control, MONDAY + timedelta(minutes=5))] == ["sent"]


def test_names_leave_only_where_they_may(store: Store, control: Control, receiver: Receiver, weekly: Digest) -> None:
    digests.keep(control, replace(weekly, redaction="totals", with_link=True))
    control.set_setting("public_url", "https://usage.example.com")
    digest.send_due(store, control, MONDAY)
    (message,) = receiver.received
    assert "Claude Code" not in message.body.decode()
    assert "secret-garden" not in message.body.decode()
    assert message.json["usage_analytics"]["link"] == "https://usage.example.com"


def test_without_any_usage_nothing_is_sent_and_why_is_said(
    tmp_path: Path, control: Control, receiver: Receiver, weekly: Digest
) -> None:
    (told,) = digest.send_due(Store(tmp_path / "empty.duckdb"), control, MONDAY)
    assert (told.state, told.problem) == ("failed", "There is no usage to report yet. Import something first.")
    assert receiver.received == []


def whole() -> object:
    from usage_analytics.filters import Filters

    return Filters()


def test_a_setting_that_is_worth_changing_is_said_and_one_that_is_not_stays_unmentioned(
    tmp_path: Path, control: Control, receiver: Receiver, weekly: Digest
) -> None:
    spent = [f"{MONDAY - timedelta(days=day, minutes=7 * n)}Z,Cursor,0.50,credits" for day in range(1, 36) for n in range(40)]
    (tmp_path / "spent.csv").write_text("\n".join(("occurred_at,app,cost_usd,paid_from", *spent)) + "\n")
    store = Store(tmp_path / "usage.duckdb")
    import_paths(store, [tmp_path / "spent.csv"])
    set_current_policy(control, AutoReload(1 * 10**9, 11 * 10**9, None))
    digest.send_due(store, control, MONDAY)
    known = receiver.received[0].json["usage_analytics"]
    assert any(
        line.startswith("Your auto-reload setting is worth changing: when the balance falls below $") for line in known["lines"]
    )
    assert "Auto-reload has the steps" in known["what_to_do"]
    advised = auto_reload.answer(ask(store, control, now=MONDAY)).advice.policy
    assert advised
    set_current_policy(control, AutoReload(advised.threshold_nanos, advised.reload_to_nanos, advised.monthly_limit_nanos))
    assert auto_reload.answer(ask(store, control, now=MONDAY)).worth_changing == ""
    store.close()
