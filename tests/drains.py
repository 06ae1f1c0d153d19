"""Transcripts of somebody who works by day, and of a loop that goes on without them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from tests import databases
from tests.transcripts import Line, call, prompt, text, usage, write
from usage_analytics.control import Control

DAYS: Final = 20
EVERY: Final = timedelta(minutes=5)


def stamp(moment: datetime) -> str:
    """Naive UTC as the client writes it."""
    return moment.replace(tzinfo=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def working_days(until: datetime, days: int = DAYS) -> Iterator[tuple[str, list[Line]]]:
    """A conversation a day, from nine to five, each prompt with three calls; the last one ends the evening before."""
    for day in range(days, 0, -1):
        start = (until - timedelta(days=day)).replace(hour=9, minute=0, second=0, microsecond=0)
        name, lines = f"day-{day}", []
        for hour in range(8):
            at = start + timedelta(hours=hour)
            lines.append(prompt(sessionId=name, timestamp=stamp(at), uuid=f"{name}-{hour}"))
            for number in range(3):
                said = at + timedelta(seconds=20 * (number + 1))
                counts = usage(20_000, output=4_000)
                lines.append(call(f"{name}-{hour}-{number}", counts=counts, sessionId=name, timestamp=stamp(said)))
        yield name, lines


def fire(number: int, at: datetime, *, output: int = 60_000, folder: str = "/home/robin/poller") -> list[Line]:
    """One run of a loop that some timer starts: a dollar, and nobody there."""
    named = {"sessionId": f"fire-{number}", "entrypoint": "sdk-cli", "cwd": folder}
    return [
        prompt(timestamp=stamp(at), uuid=f"fire-{number}", **named),
        call(f"fire-{number}", timestamp=stamp(at + timedelta(seconds=1)), counts=usage(30_000, output=output), **named),
    ]


@cache
def _worked(until: datetime, fires: int) -> bytes:
    """A database of these weeks, at their end with a loop: made once, for it takes a second."""
    with tempfile.TemporaryDirectory() as folder:
        store = databases.new(Path(folder))
        days = {f"{name}.jsonl": text(*lines) for name, lines in working_days(until)}
        loop = {f"fire-{number}.jsonl": text(*fire(number, until - EVERY * (fires - number))) for number in range(fires)}
        databases.add(store, days | loop)
        store.close()
        return store.path.read_bytes()


class Home:
    """One person's Claude Code folder and database: weeks of work are in the database already, a loop comes into the folder."""

    def __init__(self, folder: Path, now: datetime, *, fires: int = 0) -> None:
        """With `fires`, the loop is in the database too: it has run so often up to now."""
        self.now = now
        self.projects = folder / "claude" / "projects"
        self.projects.mkdir(parents=True)
        self.database = folder / "store" / "usage.duckdb"
        self.database.parent.mkdir()
        self.database.write_bytes(_worked(now if fires else datetime(now.year, now.month, now.day), fires))
        self.control = Control.beside(self.database)
        self.environment = {
            "CLAUDE_CONFIG_DIR": str(folder / "claude"),
            "HOME": str(folder),
            "USAGE_ANALYTICS_DB": str(self.database),
        }

    def fire(self, number: int, at: datetime) -> None:
        """The loop runs once."""
        write(self.projects / "-home-robin-poller" / f"fire-{number}.jsonl", *fire(number, at))

    def loop(self, fires: int, until: datetime | None = None) -> None:
        """It has run so often, every five minutes, up to a moment."""
        for number in range(fires):
            self.fire(number, (until or self.now) - EVERY * (fires - number))
