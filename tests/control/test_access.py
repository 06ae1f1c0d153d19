"""Who may come in, and as what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from usage_analytics.control import Control, access
from usage_analytics.control.access import Entry, People
from usage_analytics.errors import BadRequest, NotAllowed

NOW = datetime(2026, 11, 3, 12)
LET_IN = People(frozenset({"robin@example.com"}), frozenset({"kim@example.com", "@partner.example"}))


def claims(**given: Any) -> dict[str, Any]:
    signed_in = (NOW.replace(tzinfo=UTC) - timedelta(minutes=5)).timestamp()
    return {"is_logged_in": True, "email": "robin@example.com", "email_verified": True, "iat": int(signed_in)} | given


def role(**given: Any) -> str | None:
    return access.entry(claims(**given), LET_IN, NOW).role


def test_the_list_says_who_is_owner_and_who_is_viewer() -> None:
    assert role() == "owner"
    assert role(email="Robin@Example.COM") == "owner"
    assert role(email="kim@example.com") == "viewer"
    assert role(email="anybody@partner.example") == "viewer"
    assert role(email="stranger@example.com") is None


@pytest.mark.parametrize(
    "email",
    [
        "x@partner.example.evil.example",
        "x@notpartner.example",
        "partner.example",
        "@partner.example@evil.example",
        "robin@example.com@evil.example",
        "robin@example.com\n@evil.example",
        "",
        None,
        ["robin@example.com"],
    ],
)
def test_an_address_that_only_resembles_one_of_the_list_is_none_of_it(email: object) -> None:
    assert role(email=email) is None


@pytest.mark.parametrize("verified", [False, None, "false", "", 0, "yes", 1])
def test_an_address_that_the_provider_did_not_verify_does_not_count(verified: object) -> None:
    found = access.entry(claims(email_verified=verified), LET_IN, NOW)
    assert found.role is None
    assert "verified" in found.reason


@pytest.mark.parametrize("age", [timedelta(days=7), timedelta(days=40), timedelta(hours=-1)])
def test_a_sign_in_lasts_seven_days(age: timedelta) -> None:
    assert role(iat=(NOW.replace(tzinfo=UTC) - age).timestamp()) is None
    assert role(iat=(NOW.replace(tzinfo=UTC) - age / 8).timestamp()) is not None or age < timedelta(0)
    assert role(iat=None) is None


def test_without_sign_in_there_is_no_person() -> None:
    assert access.entry({}, LET_IN, NOW) == Entry(None)
    assert access.entry(claims(is_logged_in=False), LET_IN, NOW) == Entry(None)


def test_without_a_list_no_one_has_access(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(access.VARIABLE, str(tmp_path / "access.toml"))
    assert access.people() == People(frozenset(), frozenset())


def test_the_list_is_a_file_that_people_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "access.toml"
    monkeypatch.setenv(access.VARIABLE, str(path))
    path.write_text('owners = ["Robin@example.com "]\nviewers = ["kim@example.com", "@partner.example"]\n')
    assert access.people() == LET_IN
    path.write_text("owners = []\n")
    assert access.people() == People(frozenset(), frozenset())


@pytest.mark.parametrize("text", ["owners = [", 'owner = ["a@b.c"]', 'owners = "a@b.c"', 'owners = ["*"]', "viewers = [1]"])
def test_a_list_that_cannot_be_understood_gives_no_one_access(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    path = tmp_path / "access.toml"
    monkeypatch.setenv(access.VARIABLE, str(path))
    path.write_text(text)
    with pytest.raises(BadRequest):
        access.people()


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("127.0.0.1", True),
        ("127.3.3.3", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        (None, True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("::ffff:192.168.1.5", False),
        ("localhost.evil.example", False),
        ("", False),
    ],
)
def test_this_machine_is_the_loopback_and_nothing_else(address: str | None, here: bool) -> None:
    assert access.is_this_machine(address) is here


def test_secrets_set_sign_in_up_and_when_they_cannot_be_read_nobody_guesses(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    assert not access.has_sign_in([str(path), str(tmp_path)])
    path.write_text('[auth]\nclient_id = "x"\n')
    assert access.has_sign_in([str(path)])
    path.write_text('other = "x"\n')
    assert not access.has_sign_in([str(path)])
    path.write_text("[auth\n")
    with pytest.raises(BadRequest, match="can't be read"):
        access.has_sign_in([str(path)])


def test_whoever_only_looks_changes_no_decision(tmp_path: Path) -> None:
    Control(tmp_path / "control.sqlite").set_setting("plan", "pro")
    looking = access.Looking(tmp_path / "control.sqlite")
    assert looking.setting("plan") == "pro"
    with pytest.raises(NotAllowed, match="Only an owner"):
        looking.set_setting("plan", "max5")
    with pytest.raises(NotAllowed):
        looking.deciding()
