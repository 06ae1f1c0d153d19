"""`check` and `alerts` as cron, CI and hooks meet them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.alerts.receiving import Receiver, serve
from tests.drains import Home
from usage_analytics.alerts import mail
from usage_analytics.cli import main
from usage_analytics.control import flags
from usage_analytics.store import Store

NOW = datetime(2026, 11, 20, 3, 30)


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


Ask = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    found = Home(tmp_path, NOW)
    for name, value in found.environment.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def ask(home: Home, capsys: pytest.CaptureFixture[str]) -> Ask:
    def run(*words: object) -> Said:
        status = main([str(word) for word in words])
        return Said(status, *capsys.readouterr())

    return run


@pytest.fixture
def drained(home: Home) -> Home:
    """A loop ran for an hour."""
    home.database.write_bytes(Home(home.database.parent / "drained", NOW, fires=12).database.read_bytes())
    return home


def test_where_nothing_needs_anybody_it_says_so_and_succeeds(ask: Ask) -> None:
    assert ask("check") == Said(0, "Nothing needs your attention.\n", "")
    assert ask("check", "--json").json["attention"] == []


def test_a_drain_is_one_line_and_a_failure(drained: Home, ask: Ask) -> None:
    said = ask("check", "--as-of", NOW.isoformat())
    assert said.status == 1
    (line,) = said.out.splitlines()
    assert line.startswith("claude -p spends unattended: $11.88 since Nov 20, 2026, 02:30 (UTC). ")
    assert said.err == ""


def test_programs_get_the_same(drained: Home, ask: Ask) -> None:
    said = ask("check", "--json", "--as-of", NOW.isoformat())
    assert said.status == 1
    (one,) = said.json["attention"]
    assert (one["subject"], one["app"], one["spent_usd"]) == ("background", "claude -p", "11.88")
    assert said.json["as_of"] == "2026-11-20T03:30:00Z"
    assert one["flagged_at"] < said.json["data_until"] < said.json["as_of"]


def test_nothing_after_the_moment_asked_for_counts(drained: Home, ask: Ask) -> None:
    before = (NOW - timedelta(minutes=58)).isoformat()
    assert ask("check", "--as-of", before).status == 0
    assert ask("check", "--to", before).status == 0
    assert ask("check", "--as-of", (NOW + timedelta(days=60)).isoformat(), "--from", NOW.isoformat()).status == 0


def test_where_the_data_end_long_ago_it_is_their_end_that_counts(drained: Home, ask: Ask) -> None:
    assert ask("check", "--as-of", (NOW + timedelta(days=60)).isoformat()).status == 1


def test_what_is_over_and_was_seen_needs_nobody(drained: Home, ask: Ask) -> None:
    later = (NOW + timedelta(days=2)).isoformat()
    assert ask("check", "--as-of", later).status == 1
    (known,) = ask("check", "--json", "--as-of", later).json["attention"]
    key = known["episode"].removeprefix("background ")
    assert ask("background", "--as-of", later).status == 0
    store = Store(drained.database)
    from usage_analytics.alerts.attention import attention

    found = attention(store, drained.control, NOW, as_of=True, since=NOW - timedelta(days=1)).flags
    store.close()
    flags.note_raised(drained.control, found, NOW)
    flags.note_seen(drained.control, [key], NOW + timedelta(days=1))
    assert ask("check", "--as-of", later).status == 0
    assert ask("check", "--as-of", NOW.isoformat()).status == 1, "then it was going on"


def test_a_run_that_is_ones_own_needs_nobody(drained: Home, ask: Ask) -> None:
    named = ("--app", "claude -p", "--from", "2026-11-19", "--to", "2026-11-21")
    assert ask("background", "expect", *named).status == 0
    assert ask("check", "--as-of", NOW.isoformat()).status == 0


def test_without_a_database_it_says_what_to_do(home: Home, ask: Ask) -> None:
    home.database.unlink()
    said = ask("check")
    assert (said.status, said.out) == (2, "")
    assert "Import something first" in said.err


def test_a_single_look_says_what_needs_somebody(home: Home, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usage_analytics.watch._now", lambda: NOW)
    home.loop(12)
    said = ask("watch", "--once")
    assert said.status == 0
    assert "12 new calls from 12 files." in said.out
    assert "claude -p spends unattended: $11.88" in said.out
    assert "No alerts yet" in said.err
    again = ask("watch", "--once", "--json").json
    assert (again["events_new"], len(again["attention"]), again["problems"]) == (0, 1, [])


@pytest.mark.parametrize("every", ["0", "-5", "0.1", "nan"])
def test_too_often_is_refused(ask: Ask, every: str) -> None:
    assert ask("watch", "--every", every).status == 2


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    yield from serve()


def test_a_webhook_is_added_tested_listed_and_removed(ask: Ask, receiver: Receiver) -> None:
    added = ask("alerts", "--webhook", receiver.url, "--allow-private", "--test", "--json").json
    assert len(added["signing_key"]) > 40
    assert [one["state"] for one in added["test"]] == ["sent"]
    assert len(receiver.received) == 1
    said = ask("alerts")
    assert "localhost/…0k3n" in said.out
    assert "Test: alerts will arrive here" in said.out
    for text in (said.out, ask("alerts", "--json").out):
        assert receiver.url not in text
        assert added["signing_key"] not in text
    assert ask("alerts", "--remove", added["channels"][0]["id"]).status == 0
    assert ask("alerts", "--json").json["channels"] == []
    assert ask("alerts", "--remove", 99).status == 2


def test_the_address_of_a_webhook_may_come_by_standard_input(
    ask: Ask, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{receiver.url}\n"))
    assert ask("alerts", "--webhook", "-", "--allow-private", "--test").status == 0
    assert len(receiver.received) == 1


def test_a_private_address_has_to_be_allowed_in_as_many_words(ask: Ask, receiver: Receiver) -> None:
    for url in ("https://localhost/x", "https://127.0.0.1/x", "https://169.254.169.254/latest", receiver.url):
        said = ask("alerts", "--webhook", url)
        assert (said.status, said.out) == (2, "")
        assert said.err.count("\n") == 1
    assert ask("alerts", "--webhook", "https://169.254.169.254/latest", "--allow-private").status == 2


def test_a_test_that_does_not_arrive_fails(ask: Ask, receiver: Receiver) -> None:
    receiver.answer = [404]
    said = ask("alerts", "--webhook", receiver.url, "--allow-private", "--test")
    assert said.status == 1
    assert "refused the message (status 404)" in said.out


def test_amounts_are_kept_and_said(ask: Ask) -> None:
    assert ask("alerts", "--notify", "5", "--act", "40").status == 0
    said = ask("alerts", "--json").json
    assert (said["notify_usd"], said["act_usd"]) == ("5", "40")
    assert ask("alerts", "--notify", "50").status == 2
    assert ask("alerts", "--notify", "a lot").status == 2


def test_a_mail_server_takes_its_password_from_the_environment_alone(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, home: Home
) -> None:
    monkeypatch.delenv(mail.PASSWORD_VARIABLE, raising=False)
    assert ask("alerts", "--smtp", "smtps://me:pw@mail.example.com").status == 2
    assert ask("alerts", "--smtp", "smtps://me@mail.example.com").status == 2
    monkeypatch.setenv(mail.PASSWORD_VARIABLE, "a secret word")
    said = ask("alerts", "--smtp", "smtps://me@mail.example.com", "--email", "me@example.com")
    assert said.status == 0
    assert "a secret word" not in said.out + said.err
    monkeypatch.delenv(mail.PASSWORD_VARIABLE)
    known = mail.configured(home.control)
    assert known is not None
    assert known.password == "a secret word"
