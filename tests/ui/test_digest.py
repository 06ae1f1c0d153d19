"""The digest's card: set up, changed and switched off where the person is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from usage_analytics.alerts import channels
from usage_analytics.control import Control, digests

NOW = datetime(2026, 11, 4, 18)


def page() -> None:
    """A page with nothing but the card."""
    from usage_analytics.ui import digest

    digest.section()


@pytest.fixture
def control(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Control:
    monkeypatch.setenv("USAGE_ANALYTICS_DB", str(tmp_path / "usage.duckdb"))
    monkeypatch.setenv("USAGE_ANALYTICS_NOW", NOW.isoformat())
    return Control.beside(tmp_path / "usage.duckdb")


def shown() -> AppTest:
    found = AppTest.from_function(page, default_timeout=30).run()
    assert not found.exception
    return found


def test_without_a_channel_it_says_where_to_add_one(control: Control) -> None:
    assert "Add an alert channel" in shown().markdown[0].value


def test_a_channel_gets_a_weekly_then_a_monthly_digest_without_names_then_none(control: Control) -> None:
    channels.add_email(control, "me@example.com", NOW)
    opened = shown()
    opened.segmented_control[0].set_value("Weekly")
    opened.run()
    (kept,) = digests.digests(control)
    assert (kept.cadence, kept.redaction, kept.with_link, kept.made_at) == ("weekly", "none", False, NOW)
    opened.selectbox[0].set_value("totals")
    opened.toggle[0].set_value(True)
    opened.segmented_control[0].set_value("Monthly")
    opened.run()
    (changed,) = digests.digests(control)
    assert (changed.cadence, changed.redaction, changed.with_link) == ("monthly", "totals", True)
    assert any("Next" in caption.value for caption in opened.caption)
    assert any("Digests need watching" in caption.value for caption in opened.caption)
    opened.segmented_control[0].set_value("Never")
    opened.run()
    assert digests.digests(control) == ()
    assert not opened.exception
