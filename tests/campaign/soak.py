"""A month of watching in minutes: `./dev soak [--days 30] [--looks 24]`.

One watcher looks again and again while a clock of its own runs through the days, transcripts come, grow and are deleted, an agent loops in
some nights, the webhook fails for hours and recovers, and the dashboard is open beside it. Afterwards memory, open files, threads and files
on disk must not have grown, and each drain must have been told exactly once.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from unittest import mock

import httpx
import psutil

from tests.alerts.receiving import Receiver, serve
from tests.campaign.serving import Dashboard, dashboard
from tests.drains import EVERY, fire, stamp
from tests.server.tab import Tab, opened
from tests.transcripts import call, prompt, text, usage
from usage_analytics import watch
from usage_analytics.alerts import channels
from usage_analytics.control import Control
from usage_analytics.watch import Watcher

KEPT_DAYS: Final = 10  # then the client deletes a transcript
GROWTH: Final = 40 << 20  # bytes of memory from the tenth day to the last
DRAIN_DAYS: Final = 4  # an agent loops in every fourth night
FIRES: Final = 14
REFUSED: Final = 4  # messages that the webhook refuses, every eighth day


@dataclass(frozen=True)
class Measured:
    """What watcher and dashboard hold at the end of a day."""

    watcher: int
    dashboard: int
    files_open: int
    threads: int
    files_on_disk: int

    def text(self, day: int) -> str:
        """One line."""
        return (
            f"day {day:3}: watcher {self.watcher >> 20} MB, dashboard {self.dashboard >> 20} MB, {self.files_open} open files, "
            f"{self.threads} threads, {self.files_on_disk} files on disk"
        )


class World:
    """The folder of one person, day by day."""

    def __init__(self, folder: Path, first: datetime) -> None:
        self.folder, self.first, self.now = folder, first, first
        self.projects = folder / "claude" / "projects" / "-home-robin-garden"
        self.projects.mkdir(parents=True)
        self.database = folder / "usage.duckdb"
        self.drains = 0

    def clock(self) -> datetime:
        """What time it is there."""
        return self.now

    def hour(self, day: int, hour: int) -> None:
        """What is written within an hour."""
        at = self.first + timedelta(days=day, hours=hour)
        if 9 <= hour < 17:
            name = f"day-{day}"
            lines = [prompt(sessionId=name, timestamp=stamp(at), uuid=f"{name}-{hour}")]
            for number in range(3):
                said = stamp(at + timedelta(seconds=20 * (number + 1)))
                counts = usage(20_000, output=4_000)
                lines.append(call(f"{name}-{hour}-{number}", counts=counts, sessionId=name, timestamp=said))
            with (self.projects / f"{name}.jsonl").open("ab") as file:
                file.write(text(*lines))
        if hour == 2 and day > DRAIN_DAYS and day % DRAIN_DAYS == 0:
            self.drains += 1
            for number in range(FIRES):
                lines = fire(day * 100 + number, at - EVERY * (FIRES - number), folder=f"/home/robin/poller-{day}")
                (self.projects / f"fire-{day}-{number}.jsonl").write_bytes(text(*lines))
        if hour == 23:
            for path in self.projects.glob(f"*-{day - KEPT_DAYS}*.jsonl"):
                path.unlink()


def main() -> int:
    """Run the soak; 1 when something grew or was told more or less than once."""
    asked = argparse.ArgumentParser(prog="./dev soak", description=__doc__.split("\n")[0])
    asked.add_argument("--days", type=int, default=30)
    asked.add_argument("--looks", type=int, default=24, help="a day")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        wrong = soak(Path(folder), options.days, options.looks)
    print("\n".join(wrong) or "Nothing grew, and every drain was told once.")
    return int(bool(wrong))


def soak(folder: Path, days: int, looks: int) -> list[str]:
    """What is wrong after so many days."""
    today = datetime.now(UTC).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    world = World(folder, today - timedelta(days=days))
    control = Control.beside(world.database)
    known: list[Measured] = []
    sent = Counter[str]()
    begun = time.monotonic()
    with mock.patch.object(watch, "_now", world.clock):  # the one place where the watcher reads the clock
        for receiver in serve():
            channels.add_webhook(control, receiver.url, world.now, private_allowed=True)
            looking = Watcher(world.database, [folder / "claude" / "projects"])
            looking.look()
            with dashboard(folder) as served, httpx.Client(timeout=90) as http, opened(served.url, http) as tab:
                for day in range(days):
                    failing = REFUSED if day % 8 == 0 else 0
                    receiver.answer = [503] * failing
                    one_day(world, looking, day, looks)
                    sent.update(arrived(receiver, failing - len(receiver.answer)))
                    known.append(measured(served, folder, tab))
                    print(f"{known[-1].text(day + 1)}, {sum(sent.values())} alerts, {time.monotonic() - begun:.0f} s", flush=True)
    return judged(known, sent, world.drains)


def one_day(world: World, looking: Watcher, day: int, looks: int) -> None:
    """A day passes, hour by hour, with looks between."""
    for hour in range(24):
        world.hour(day, hour)
        for part in range(max(1, looks // 24)):
            if looks >= 24 or hour % (24 // looks) == 0:
                world.now = world.first + timedelta(days=day, hours=hour, minutes=5 + 55 * part // max(1, looks // 24))
                look = looking.look()
                assert not look.problems, look.problems


def arrived(receiver: Receiver, refused: int) -> list[str]:
    """The episodes that were told since the last time and were taken; so many were refused, and came first."""
    taken = [str(one.json["usage_analytics"]["episode"]) for one in receiver.received[refused:]]
    receiver.received.clear()
    return taken


def measured(served: Dashboard, folder: Path, tab: Tab) -> Measured:
    """Look at a page as a person does, then at what both processes hold."""
    tab.run()
    tab.run("background")
    gc.collect()
    own = psutil.Process()
    files = sum(
        1 for path in folder.rglob("*") if path.is_file() and "projects" not in path.parts and "archive" not in path.parts
    )
    return Measured(
        own.memory_info().rss,
        served.memory,
        own.num_fds() + served.process.num_fds(),
        own.num_threads() + served.process.num_threads(),
        files,
    )


def judged(known: list[Measured], sent: Counter[str], drains: int) -> list[str]:
    """What has grown from the first third to the end, and who was not told exactly once."""
    early, last = known[len(known) // 3], known[-1]
    wrong = []
    for name, most in (("watcher", GROWTH), ("dashboard", GROWTH), ("files_open", 4), ("threads", 4), ("files_on_disk", 3)):
        grown = getattr(last, name) - getattr(early, name)
        if grown > most:
            wrong.append(
                f"{name.replace('_', ' ')} grew by {grown >> 20 if most == GROWTH else grown}{' MB' if most == GROWTH else ''}"
            )
    if len(sent) != drains or sent.total() != drains:
        wrong.append(f"{drains} drains, {len(sent)} of them told, with {sent.total()} messages")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
