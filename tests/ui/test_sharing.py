"""Sharing a report by a link: made once, listed, paused, taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from usage_analytics.control import Control, shares
from usage_analytics.errors import BadRequest
from usage_analytics.ui import sharing

NOW = datetime(2026, 11, 3, 18)


def page() -> None:
    """A page that shares a small report."""
    from datetime import datetime

    from usage_analytics.reports.report import Report, Section
    from usage_analytics.ui import sharing

    now = datetime(2026, 11, 3, 18)
    spend = Section("spend", "Spend over time", "$12 in October.")
    sharing.section(Report("October", "$12", now, now, now, "UTC", "October", "names", False, (), (spend,)))


@pytest.fixture
def control(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Control:
    monkeypatch.setenv("USAGE_ANALYTICS_DB", str(tmp_path / "usage.duckdb"))
    monkeypatch.setenv("USAGE_ANALYTICS_NOW", NOW.isoformat())
    return Control.beside(tmp_path / "usage.duckdb")


@pytest.fixture
def shown(control: Control) -> AppTest:
    return AppTest.from_function(page, default_timeout=30).run()


def pressed(shown: AppTest, label: str) -> AppTest:
    next(button for button in shown.button if button.label == label).click()
    return shown.run()


def said(shown: AppTest) -> str:
    assert not shown.exception
    return "\n".join(one.value for one in [*shown.markdown, *shown.caption, *shown.error]).replace("\\", "")


def test_it_says_what_will_be_shared_before_anything_is(shown: AppTest, control: Control) -> None:
    assert "with names replaced, in 1 section" in said(shown)
    assert "Nothing has been shared yet." in said(shown)
    assert shares.shares(control) == ()


def test_a_link_is_shown_once_and_opens_the_report_as_it_is(shown: AppTest, control: Control) -> None:
    pressed(shown, "Create link")
    link = shown.code[0].value
    token = link.rpartition("/r/")[2]
    share = shares.find(control, token, NOW)
    assert share is not None
    assert (share.title, share.redaction, share.has_passcode) == ("October", "names", False)
    assert share.expires_at == NOW + timedelta(days=14)
    assert "$12 in October." in (shares.content(control, share.share_id, "html") or "")
    assert "This link works on this machine only" in said(shown)
    pressed(shown, "Done")
    assert not shown.code
    assert token not in said(shown)
    assert "1 link active" in said(shown)


def test_a_passcode_and_an_end_can_be_chosen(shown: AppTest, control: Control) -> None:
    shown.selectbox[0].set_value(90)
    shown.text_input[0].set_value("open sesame 42")
    pressed(shown, "Create link")
    (share,) = shares.shares(control)
    assert share.has_passcode
    assert share.expires_at == NOW + timedelta(days=90)


def test_a_passcode_that_is_too_short_is_said_and_nothing_is_shared(shown: AppTest, control: Control) -> None:
    shown.text_input[0].set_value("1234")
    pressed(shown, "Create link")
    assert "A passcode has 8 to 200 characters" in said(shown)
    assert shares.shares(control) == ()


def test_a_link_can_be_paused_resumed_and_taken_back(shown: AppTest, control: Control) -> None:
    pressed(shown, "Create link")
    pressed(shown, "Pause")
    assert shares.shares(control)[0].state(NOW) == "paused"
    pressed(shown, "Resume")
    assert shares.shares(control)[0].state(NOW) == "open"
    pressed(shown, "Delete it")
    assert shares.shares(control)[0].state(NOW) == "revoked"
    assert "0 links active, 1 ended" in said(shown)


def test_links_are_written_with_the_address_that_others_use(shown: AppTest, control: Control) -> None:
    control.set_setting("public_url", "https://usage.example.com")
    pressed(shown.run(), "Create link")
    assert shown.code[0].value.startswith("https://usage.example.com/r/")
    assert "This link works on this machine only" not in said(shown)


@pytest.mark.parametrize(
    "text", ["usage.example.com", "ftp://x.example", "https://", "https://a@b.example", "javascript:alert(1)"]
)
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="isn't a server address"):
        sharing.public_url(text)


def test_an_address_is_kept_without_its_end() -> None:
    assert sharing.public_url(" https://usage.example.com/ ") == "https://usage.example.com"
    assert sharing.public_url("") is None
