"""Watching: what is new is read and judged, who is to be told is told once, and a look at nothing new costs next to nothing."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.alerts.receiving import Receiver, serve
from tests.drains import EVERY, Home
from usage_analytics import watch
from usage_analytics.alerts import channels
from usage_analytics.control.deliveries import history
from usage_analytics.watch import Look, Watcher


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, now())


@pytest.fixture
def receiver(home: Home) -> Iterator[Receiver]:
    """A webhook that the person has added."""
    for found in serve():
        channels.add_webhook(home.control, found.url, home.now, private_allowed=True)
        yield found


def watcher(home: Home) -> Watcher:
    return Watcher(home.database, [home.projects])


def until(happened: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_a_loop_that_begins_is_told_once(home: Home, receiver: Receiver) -> None:
    looking = watcher(home)
    assert (looking.look().alerts, receiver.received) == ((), [])
    home.loop(6)
    for number in range(6, 9):
        home.fire(number, home.now + timedelta(seconds=number))
        look = looking.look()
        assert (look.events_new > 0, len(look.alerts), look.problems) == (True, 1, ())
    assert [one.json["usage_analytics"]["app"] for one in receiver.received] == ["claude -p"]
    assert [one.state for one in history(home.control)] == ["sent"]


def test_a_look_at_nothing_new_takes_less_than_half_a_second(home: Home, receiver: Receiver) -> None:
    home.loop(12)
    looking = watcher(home)
    looking.look()
    looking.look()
    looks = [looking.look() for _ in range(5)]
    assert min(look.seconds for look in looks) < 0.5  # the machine may be busy with other tests
    assert all(look.events_new == 0 and len(look.alerts) == 1 for look in looks)


def test_where_nothing_is_new_the_database_is_not_opened(home: Home) -> None:
    looking = watcher(home)
    looking.look()
    looking.look()
    content, home_of = home.database.read_bytes(), home.database.stat()
    home.database.write_bytes(b"x" * len(content))  # whoever opened it would say so
    os.utime(home.database, ns=(home_of.st_atime_ns, home_of.st_mtime_ns))
    assert looking.look().problems == ()
    home.database.write_bytes(content)
    home.fire(1, home.now)
    assert looking.look().events_new == 1


def test_two_watchers_tell_once(home: Home, receiver: Receiver) -> None:
    receiver.pause = 0.2
    home.loop(12)
    with ThreadPoolExecutor(2) as pool:
        looks = list(pool.map(lambda looking: looking.look(), [watcher(home), watcher(home)]))
    assert sum(len(look.told) for look in looks) == 1
    assert len(receiver.received) == 1


def test_what_failed_is_told_by_the_next_look_that_may(home: Home, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver.answer = [503]
    home.loop(12)
    assert [told.state for told in watcher(home).look().told] == ["failed"]
    assert watcher(home).look().told == (), "not yet"
    monkeypatch.setattr(watch, "_now", lambda: now() + timedelta(minutes=1))
    assert [told.state for told in watcher(home).look().told] == ["sent"]


def test_old_drains_of_a_first_import_are_no_news(home: Home, receiver: Receiver) -> None:
    home.loop(12, until=home.now - timedelta(days=3))
    assert watcher(home).look().alerts == ()
    assert receiver.received == []


def test_where_the_data_end_long_ago_what_went_on_at_their_end_is_told(
    home: Home, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.loop(12)
    monkeypatch.setattr(watch, "_now", lambda: now() + timedelta(days=40))
    assert len(watcher(home).look().alerts) == 1
    assert len(receiver.received) == 1


def test_between_two_looks_others_may_open_the_database(home: Home) -> None:
    looking = watcher(home)
    looking.look()
    command = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('select 1')"
    subprocess.run([sys.executable, "-c", command, str(home.database)], check=True, timeout=60)


def test_what_goes_wrong_in_one_look_is_a_sentence_and_the_next_goes_on(home: Home) -> None:
    looking = watcher(home)
    looking.look()
    content = home.database.read_bytes()
    home.database.write_bytes(b"not a database" * 1000)
    (problem,) = looking.look().problems
    assert "can't be read as a database" in problem
    home.database.write_bytes(content)
    home.loop(12)
    look = looking.look()
    assert (look.problems, len(look.alerts)) == ((), 1)


def test_a_bug_in_one_look_says_nothing_of_what_it_held(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("somebody's words")

    monkeypatch.setattr(Watcher, "_read", broken)
    (problem,) = watcher(home).look().problems
    assert "ValueError" in problem
    assert "words" not in problem


def test_a_watched_folder_is_read_too(home: Home, tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    looking = Watcher(home.database, [], [exports])
    assert looking.look().events_new == 0
    (exports / "calls.csv").write_text("occurred_at,app,cost_usd\n2026-11-01T09:30:00Z,Cursor,0.5\n", encoding="utf-8")
    assert looking.look().events_new == 1
    assert looking.look().events_new == 0


def test_the_dashboard_watches_once_it_is_switched_on(home: Home, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)

    async def serving() -> None:
        async with watch.task(home.database, every=0.05):
            home.loop(12)
            await asyncio.sleep(0.3)
            assert watch.latest(home.database) is None, "it is off"
            watch.switch(home.control, on=True)
            await asyncio.to_thread(until, lambda: receiver.received)

    asyncio.run(serving())
    look = watch.latest(home.database)
    assert isinstance(look, Look)
    assert len(receiver.received) == 1
    assert not [thread for thread in threading.enumerate() if thread.name == "usage-analytics watch"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(home: Home, *words: str) -> subprocess.Popen[str]:
    environment = os.environ | home.environment
    command = [sys.executable, "-m", "usage_analytics", *words]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="there it is stopped otherwise")
@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
def test_it_stops_cleanly_when_told_to(home: Home, number: signal.Signals) -> None:
    running = start(home, "watch", "--every", "1", "--json")
    assert running.stdout is not None
    assert json.loads(running.stdout.readline())["problems"] == []
    running.send_signal(number)
    running.communicate(timeout=30)
    assert running.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there it is stopped otherwise")
@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside the dashboard"])
def test_a_loop_that_is_written_live_is_told_once_within_two_minutes(home: Home, receiver: Receiver, *, beside: bool) -> None:
    receiver.pause = 0.3
    watch.switch(home.control, on=beside)
    running = [start(home, "watch", "--every", "1", "--json")]
    if beside:
        running.append(start(home, "run", "--port", str(free_port())))
    try:
        assert running[0].stdout is not None
        running[0].stdout.readline()
        begun = time.monotonic()
        for number in range(12):  # an hour of the loop, each fire seen by itself
            home.fire(number, home.now - EVERY * (12 - number))
            time.sleep(0.5)
        until(lambda: receiver.received, 120)
        assert time.monotonic() - begun < 120
        home.fire(12, now())
        time.sleep(70 if beside else 8)  # further looks of both
        assert len(receiver.received) == 1
        assert receiver.received[0].json["usage_analytics"]["app"] == "claude -p"
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
    assert running[0].returncode == 0
