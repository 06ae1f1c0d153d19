"""Starting the dashboard: which port, and which sample data."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from usage_analytics.cli import dashboard, main
from usage_analytics.store import location


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of this machine on which somebody listens."""
    with socket.socket() as listener:
        listener.bind((dashboard.LOOPBACK, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_that_is_taken_is_said_before_anything_starts(taken: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--port", str(taken)]) == 2
    assert f"Port {taken} is in use" in capsys.readouterr().err


def test_without_a_wish_the_next_free_port_is_taken(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "FIRST_PORT", taken)
    assert dashboard.choose_port(None) > taken


@pytest.mark.slow
def test_the_sample_data_is_made_once_in_two_hours_and_ends_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(location, "PROJECT", tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    now = datetime(2026, 11, 20, 9, 15)
    database = dashboard.sample_database(now)
    made = database.stat()
    assert dashboard.sample_database(now - timedelta(minutes=30)) == database
    assert database.stat().st_ino == made.st_ino
    assert database.stat().st_mtime_ns == made.st_mtime_ns
    from usage_analytics.filters import Filters
    from usage_analytics.store import Store

    (extent,) = Store(database).rows("extent", Filters())
    assert now - timedelta(minutes=10) < extent["last_at"] < now + timedelta(minutes=5)
