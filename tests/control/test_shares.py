"""Share links: what is kept of them, and what becomes of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from usage_analytics.control import Control, passcodes, shares
from usage_analytics.errors import BadRequest

NOW = datetime(2026, 11, 3, 12)
CANARY = "CANARY-quarterly-figures"


@pytest.fixture
def control(tmp_path: Path) -> Control:
    return Control(tmp_path / "control.sqlite")


def made(control: Control, **given: Any) -> str:
    """The token of a share of a canary."""
    told = {"title": "October", "html": f"<p>{CANARY}</p>", "json": "{}", "redaction": "names", "now": NOW} | given
    return shares.create(control, **told)


def everything(folder: Path) -> bytes:
    """All that is in the files of a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_token_has_256_bits_and_is_never_the_same(control: Control) -> None:
    tokens = {made(control) for _ in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {43}  # 32 bytes in base 64
    assert all(shares.find(control, token, NOW) for token in tokens)


def test_neither_the_token_nor_the_passcode_is_in_any_file(control: Control, tmp_path: Path) -> None:
    token = made(control, passcode="open sesame 42")
    assert CANARY.encode() in everything(tmp_path)
    for secret in (token, token[:20], "open sesame"):
        assert secret.encode() not in everything(tmp_path)


def test_a_link_ends_after_14_days_unless_another_time_is_chosen(control: Control) -> None:
    token, short = made(control), made(control, days=1)
    assert shares.find(control, token, NOW + timedelta(days=14, microseconds=-1)) is not None
    assert shares.find(control, token, NOW + timedelta(days=14)) is None
    assert shares.find(control, short, NOW + timedelta(days=1)) is None


@pytest.mark.parametrize("days", [0, -1, 91, 10_000])
def test_a_link_lives_90_days_at_most(control: Control, days: int) -> None:
    with pytest.raises(BadRequest, match="1 to 90 days"):
        made(control, days=days)


def test_a_short_passcode_is_refused(control: Control) -> None:
    with pytest.raises(BadRequest, match="8 to 200 characters"):
        made(control, passcode="1234567")


@pytest.mark.parametrize("token", ["", "*", "%", ":token", "../control.sqlite", "' or 1=1 --", "A" * 43, "A" * 10_000, "\0" * 43])
def test_a_word_that_is_no_token_finds_nothing(control: Control, token: str) -> None:
    made(control)
    assert shares.find(control, token, NOW) is None


def test_a_paused_link_opens_nothing_until_it_is_resumed(control: Control) -> None:
    token = made(control)
    (share,) = shares.shares(control)
    shares.pause(control, share.share_id)
    assert shares.find(control, token, NOW) is None
    assert shares.shares(control)[0].state(NOW) == "paused"
    shares.resume(control, share.share_id)
    assert shares.find(control, token, NOW) == share


def test_a_revoked_share_is_gone_from_the_file(control: Control, tmp_path: Path) -> None:
    token = made(control, html=f"<p>{CANARY}</p>" * 500, passcode="open sesame 42")
    (share,) = shares.shares(control)
    shares.revoke(control, share.share_id, NOW)
    assert shares.find(control, token, NOW) is None
    assert shares.content(control, share.share_id, "html") is None
    assert CANARY.encode() not in everything(tmp_path)
    shares.resume(control, share.share_id)
    assert shares.find(control, token, NOW) is None
    (revoked,) = shares.shares(control)
    assert revoked.state(NOW) == "revoked"
    assert revoked.revoked_at == NOW
    assert not revoked.has_passcode


def test_what_has_expired_is_swept_away_and_the_rest_stays(control: Control, tmp_path: Path) -> None:
    made(control, days=1, html=CANARY * 300)
    kept = made(control, days=30, html="stays")
    shares.sweep(control, NOW + timedelta(days=2))
    assert CANARY.encode() not in everything(tmp_path)
    found = shares.find(control, kept, NOW + timedelta(days=2))
    assert found is not None
    assert shares.content(control, found.share_id, "html") == "stays"


def test_a_share_that_there_is_not_is_said_to_be_none(control: Control) -> None:
    for change in (shares.pause, shares.resume):
        with pytest.raises(BadRequest, match="no shared report 7"):
            change(control, 7)
    with pytest.raises(BadRequest, match="no shared report 7"):
        shares.revoke(control, 7, NOW)


def test_views_are_counted_with_the_last_of_them(control: Control) -> None:
    made(control)
    (share,) = shares.shares(control)
    shares.viewed(control, share.share_id, NOW)
    shares.viewed(control, share.share_id, NOW + timedelta(hours=1))
    (seen,) = shares.shares(control)
    assert (seen.views, seen.last_view_at) == (2, NOW + timedelta(hours=1))


def locked(control: Control) -> shares.Share:
    made(control, passcode="open sesame 42")
    return shares.shares(control)[0]


def test_a_passcode_may_be_tried_five_times_in_a_quarter_of_an_hour(control: Control) -> None:
    share = locked(control)
    for _ in range(5):
        assert passcodes.judge(control, share, "wrong one", b"here", NOW) == "wrong"
    assert passcodes.judge(control, share, "open sesame 42", b"here", NOW) == "too many"
    assert passcodes.judge(control, share, "open sesame 42", b"elsewhere", NOW) == "right"
    assert passcodes.judge(control, share, "open sesame 42", b"here", NOW + timedelta(minutes=15)) == "right"


def test_many_tries_at_once_are_no_way_around_the_limit(control: Control) -> None:
    share = locked(control)
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda _: passcodes.judge(control, share, "wrong one", b"here", NOW), range(12)))
    assert verdicts.count("wrong") == 5
    assert verdicts.count("too many") == 7


def test_many_addresses_are_no_way_around_the_limit_either(control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passcodes, "stretched", lambda passcode, salt: passcode.encode())  # it is slow on purpose
    share = locked(control)
    for number in range(passcodes.TRIES_OF_ALL):
        assert passcodes.judge(control, share, "wrong one", str(number).encode(), NOW) == "wrong"
    assert passcodes.judge(control, share, "open sesame 42", b"another", NOW) == "too many"


def test_a_passcode_of_one_share_opens_no_other(control: Control) -> None:
    share = locked(control)
    made(control, passcode="another sesame")
    assert passcodes.judge(control, share, "another sesame", b"here", NOW) == "wrong"
