"""Notifications go to the desktop's own program, and where there is none that is said."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.alerts.receiving import NOW, flag
from usage_analytics.alerts import channels, delivery
from usage_analytics.alerts.alert import of_flag
from usage_analytics.control import Control
from usage_analytics.control.alerts import Thresholds
from usage_analytics.control.alerts import channels as known
from usage_analytics.errors import BadRequest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the stand-in is for Linux desktops")


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A notify-send that writes down what it is given, one word a line."""
    folder, found = tmp_path / "bin", tmp_path / "shown"
    folder.mkdir()
    (folder / "notify-send").write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > {found}\nexit $(cat {found}.status 2>/dev/null || echo 0)\n'
    )
    (folder / "notify-send").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return found


def told(control: Control) -> delivery.Told:
    channels.switch_desktop(control, NOW, on=True)
    hostile = flag(app="$(touch /tmp/owned) `id` <b>x</b>; --help")
    (one,) = delivery.deliver(control, [of_flag(hostile, Thresholds(), "UTC")], NOW)
    return one


def test_a_notification_is_shown_as_words(control: Control, shown: Path) -> None:
    assert told(control).state == "sent"
    lines = shown.read_text("utf-8").splitlines()
    assert lines[:3] == ["--app-name=usage-analytics", "--urgency=critical", "--"]
    assert lines[3].startswith("$(touch /tmp/owned) `id` <b>x</b>; --help spends unattended")


def test_a_desktop_that_takes_none_is_a_failure(control: Control, shown: Path) -> None:
    Path(f"{shown}.status").write_text("1")
    found = told(control)
    assert found.state == "failed"
    assert "refused the notification" in str(found.problem)


def test_where_there_is_no_desktop_that_is_said(control: Control, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadRequest, match="notify-send is missing"):
        channels.switch_desktop(control, NOW, on=True)
    assert known(control) == ()


def test_it_can_be_switched_off(control: Control, shown: Path) -> None:
    channels.switch_desktop(control, NOW, on=True)
    channels.switch_desktop(control, NOW, on=False)
    assert known(control) == ()
