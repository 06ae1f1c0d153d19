"""Claude Code's folders on this machine: where the client keeps its transcripts, on Linux, macOS and Windows."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Relative to the home folder; `projects` is looked for below each.
HOMES: Final = (".claude", ".config/claude")
SESSIONS: Final = (
    "Library/Application Support/Claude/local-agent-mode-sessions",
    "Library/Application Support/Claude/claude-code-sessions",
    "AppData/Roaming/Claude/local-agent-mode-sessions",
    ".config/Claude/local-agent-mode-sessions",
)
SET_ASIDE: Final = (".orphaned", ".superseded")


CLEANUP_DAYS: Final = 30  # what Claude Code does where nothing is set


@dataclass(frozen=True, slots=True)
class Cleanup:
    """After how many days without a change Claude Code deletes a transcript; `is_set` where its settings say so."""

    days: int
    is_set: bool
    settings: Path


@dataclass(frozen=True, slots=True)
class Transcript:
    """One transcript file, as the folder listing knows it."""

    path: str
    size: int
    inode: int
    modified_ns: int


def folders(home: Path | None = None, environment: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """The folders that hold transcripts, in a stable order; empty when there are none."""
    base = home or Path.home()
    known = os.environ if environment is None else environment
    named = [Path(part.strip()).expanduser() for part in known.get("CLAUDE_CONFIG_DIR", "").split(",") if part.strip()]
    candidates = [place / "projects" for place in named + [base / one for one in HOMES]]
    for sessions in SESSIONS:
        if (base / sessions).is_dir():
            candidates.extend(sorted((base / sessions).glob("**/.claude/projects")))
    found = {candidate.resolve(): candidate for candidate in candidates if candidate.is_dir()}
    return tuple(found)


def from_home(place: Path) -> str:
    """A place as a person would write it: with ~ where it lies in the home folder."""
    home = Path.home()
    return f"~/{place.relative_to(home).as_posix()}" if place.is_relative_to(home) else place.as_posix()


def cleanup(folder: Path) -> Cleanup:
    """When Claude Code deletes the transcripts of one of its folders, as `cleanupPeriodDays` in the settings beside it says."""
    settings = folder.parent / "settings.json"
    try:
        written = json.loads(settings.read_bytes())
    except (OSError, ValueError):
        written = {}
    days = written.get("cleanupPeriodDays") if isinstance(written, dict) else None
    if isinstance(days, int) and not isinstance(days, bool) and days >= 0:
        return Cleanup(days, is_set=True, settings=settings)
    return Cleanup(CLEANUP_DAYS, is_set=False, settings=settings)


def transcripts(folder: Path, names: tuple[str, ...] = (".jsonl",)) -> Iterator[Transcript]:
    """The transcript files below a folder; regular files only, links to folders not followed."""
    waiting = [str(folder)]
    while waiting:
        try:
            entries = os.scandir(waiting.pop())
        except OSError:  # gone, or not ours to read
            continue
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.name.endswith(names) and not any(mark in entry.name for mark in SET_ASIDE):
                    try:
                        known = entry.stat(follow_symlinks=False)
                    except OSError:
                        continue
                    if stat.S_ISREG(known.st_mode):
                        yield Transcript(entry.path, known.st_size, known.st_ino, known.st_mtime_ns)
