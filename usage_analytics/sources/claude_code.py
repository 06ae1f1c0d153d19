"""Claude Code's folders on this machine: where the client keeps its transcripts, on Linux, macOS and Windows."""

from __future__ import annotations

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
