"""Transcripts of somebody who works by day, and of a loop that goes on without them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.transcripts import Line, call, prompt, usage, write

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


class Home:
    """Claude Code's folder of one person; the environment says where it is."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.environment = {"CLAUDE_CONFIG_DIR": str(folder), "HOME": str(folder.parent)}
        self._projects = folder / "projects"
        for name, lines in working_days(now):
            write(self._projects / "-home-robin-garden" / f"{name}.jsonl", *lines)

    def fire(self, number: int, at: datetime) -> None:
        """The loop runs once."""
        write(self._projects / "-home-robin-poller" / f"fire-{number}.jsonl", *fire(number, at))

    def loop(self, until: datetime, fires: int) -> None:
        """It has run so often, every five minutes, up to a moment."""
        for number in range(fires):
            self.fire(number, until - EVERY * (fires - number))
