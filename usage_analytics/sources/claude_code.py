"""Claude Code's folders on this machine: where the client keeps its transcripts, on Linux, macOS and Windows."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

PROJECTS: Final = "projects"
HISTORY: Final = "history.jsonl"
STATISTICS: Final = "stats-cache.json"
# Relative to the home folder; `projects` is looked for below each.
HOMES: Final = (".claude", ".config/claude")
# Where the desktop keeps its data (macOS, Windows, Linux), and what it calls the sessions with folders of their own.
DESKTOPS: Final = ("Library/Application Support/Claude", "AppData/Roaming/Claude", ".config/Claude")
SESSIONS: Final = ("local-agent-mode-sessions", "claude-code-sessions")
SET_ASIDE: Final = (".orphaned", ".superseded")


CLEANUP_DAYS: Final = 30  # what Claude Code does where nothing is set


@dataclass(frozen=True, slots=True)
class Cleanup:
    """After how many days without a change Claude Code deletes a transcript; `is_set` where its settings say so."""

    days: int
    is_set: bool
    settings: Path


class Transcript(NamedTuple):  # one for each of ten thousand files: far quicker to make than a dataclass
    """One transcript file, as the folder listing knows it."""

    path: str
    size: int
    inode: int
    modified_ns: int


def folders(home: Path | None = None, environment: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """The folders that hold transcripts, in a stable order; empty when there are none.

    Of this machine's home, the places that CLAUDE_CONFIG_DIR, XDG_CONFIG_HOME and APPDATA name count too.
    """
    known = os.environ if environment is None else environment
    named = [Path(part.strip()).expanduser() for part in known.get("CLAUDE_CONFIG_DIR", "").split(",") if part.strip()]
    base = home or Path.home()
    moved = [Path(known[name]) for name in ("XDG_CONFIG_HOME", "APPDATA") if Path(known.get(name, "")).is_absolute()]
    places = [*named, *(base / one for one in HOMES), *(place / "claude" for place in moved)]
    desktops = [*(base / one for one in DESKTOPS), *(place / "Claude" for place in moved)]
    return _with_transcripts(places, desktops)


def folders_below(place: Path) -> tuple[Path, ...]:
    """The folders of transcripts of a home, a copy of one, or a `.claude` folder of another machine; empty where it is none of these."""
    if place.name == PROJECTS and place.is_dir():
        return (place.resolve(),)
    return _with_transcripts([place, *(place / one for one in HOMES)], [place / one for one in DESKTOPS])


def other_homes(environment: Mapping[str, str] | None = None, mount: Path = Path("/mnt/c/Users")) -> tuple[Path, ...]:
    """Windows home folders with transcripts that a Linux beside it (WSL) can see; they are not read until someone adds them."""
    known = os.environ if environment is None else environment
    if "WSL_DISTRO_NAME" not in known:
        return ()
    try:
        return tuple(home for home in sorted(mount.iterdir()) if folders_below(home))
    except OSError:
        return ()


def _with_transcripts(places: Sequence[Path], desktops: Sequence[Path]) -> tuple[Path, ...]:
    candidates = [place / PROJECTS for place in places]
    for sessions in (desktop / name for desktop in desktops for name in SESSIONS):
        if sessions.is_dir():
            candidates.extend(sorted(sessions.glob(f"**/.claude/{PROJECTS}")))
    return tuple(dict.fromkeys(candidate.resolve() for candidate in candidates if candidate.is_dir()))


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
    """The transcript files below a folder; regular files only. Links are followed; each file is met once, by its own path."""
    waiting, met = [os.path.realpath(folder)], set[str]()
    orphaned, superseded = SET_ASIDE
    while waiting:
        place = waiting.pop()
        if place in met:
            continue
        met.add(place)
        try:
            entries = os.scandir(place)
        except OSError:  # gone, or not ours to read
            continue
        with entries:
            for entry in entries:
                is_link = entry.is_symlink()
                path = os.path.realpath(entry.path) if is_link else entry.path
                if Path(path).is_dir() if is_link else entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                elif (name := entry.name).endswith(names) and not (orphaned in name or superseded in name or path in met):
                    met.add(path)
                    yield from _regular(path)


def history(folder: Path) -> Iterator[Transcript]:
    """Claude Code's list of prompts, beside one of its folders of transcripts; it outlives them."""
    if folder.name == PROJECTS:
        yield from _regular(os.path.realpath(folder.parent / HISTORY))


def statistics(folder: Path) -> Iterator[Transcript]:
    """Claude Code's tokens by day and model, beside one of its folders of transcripts, which they outlive; written again each time."""
    if folder.name == PROJECTS:
        yield from _regular(os.path.realpath(folder.parent / STATISTICS))


def _regular(path: str) -> Iterator[Transcript]:
    """The file, if it is there and a regular one."""
    try:
        known = os.lstat(path)  # a `Path` for each of ten thousand files would be most of a sync that finds nothing
    except OSError:
        return
    if stat.S_ISREG(known.st_mode):
        yield Transcript(path, known.st_size, known.st_ino, known.st_mtime_ns)
