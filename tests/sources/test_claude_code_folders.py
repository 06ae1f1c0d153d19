"""Where Claude Code keeps its transcripts, and which files there are ours to read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.unprivileged import forbidden, give_up_privileges
from usage_analytics.sources.claude_code import folders, transcripts

LAYOUTS = {
    "linux": ".claude/projects",
    "linux, by the desktop's rules": ".config/claude/projects",
    "windows": ".claude/projects",
    "macos desktop": "Library/Application Support/Claude/local-agent-mode-sessions/a/b/.claude/projects",
    "macos code": "Library/Application Support/Claude/claude-code-sessions/x/.claude/projects",
    "windows desktop": "AppData/Roaming/Claude/local-agent-mode-sessions/a/.claude/projects",
    "linux desktop": ".config/Claude/local-agent-mode-sessions/a/.claude/projects",
}


def names(folder: Path) -> list[str]:
    return sorted(Path(one.path).relative_to(folder).as_posix() for one in transcripts(folder))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_folders_of_every_system_are_found(tmp_path: Path, layout: str) -> None:
    (tmp_path / LAYOUTS[layout]).mkdir(parents=True)
    assert folders(tmp_path, {}) == (tmp_path.resolve() / LAYOUTS[layout],)


def test_folders_that_the_person_named_come_first(tmp_path: Path) -> None:
    for name in ("work", "private", "home/.claude"):
        (tmp_path / name / "projects").mkdir(parents=True)
    named = f"{tmp_path / 'work'}, {tmp_path / 'private'} ,,{tmp_path / 'nowhere'}"
    found = folders(tmp_path / "home", {"CLAUDE_CONFIG_DIR": named})
    assert found == tuple(tmp_path.resolve() / name / "projects" for name in ("work", "private", "home/.claude"))


def test_a_folder_that_goes_by_two_names_is_read_once(tmp_path: Path) -> None:
    (tmp_path / ".claude" / "projects").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / ".claude")
    assert len(folders(tmp_path, {"CLAUDE_CONFIG_DIR": str(tmp_path / "link")})) == 1


def test_where_there_is_nothing_nothing_is_found(tmp_path: Path) -> None:
    assert folders(tmp_path, {}) == ()
    (tmp_path / ".claude").mkdir()
    (tmp_path / ".claude" / "projects").write_text("a file")
    assert folders(tmp_path, {"CLAUDE_CONFIG_DIR": " , "}) == ()


def test_transcripts_are_found_at_every_depth(tmp_path: Path) -> None:
    wanted = [
        "-home-r-garden/one.jsonl",
        "-home-r-garden/agent-ab12.jsonl",
        "-home-r-garden/one/subagents/agent-cd34.jsonl",
        "-home-r-garden/one/subagents/workflows/wf_1/agent-ef56.jsonl",
        "-home-r-garden/one/subagents/workflows/wf_1/journal.jsonl",
    ]
    unwanted = [
        "-home-r-garden/one.meta.json",
        "-g/two.jsonl.orphaned-1",
        "-g/two.superseded.jsonl",
        "-g/two.orphaned.jsonl",
        "notes.txt",
    ]
    for name in [*wanted, *unwanted]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}\n")
    assert names(tmp_path) == sorted(wanted)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files there")
def test_links_pipes_and_devices_are_passed_over_without_waiting(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "one.jsonl").write_text("{}\n")
    (tmp_path / "a" / "b" / "loop").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    (tmp_path / "a" / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    (tmp_path / "a" / "linked.jsonl").symlink_to(tmp_path / "a" / "one.jsonl")
    (tmp_path / "a" / "zero.jsonl").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "a" / "pipe.jsonl")
    (tmp_path / "a" / "folder.jsonl").mkdir()
    assert names(tmp_path) == ["a/one.jsonl"]


def test_a_folder_that_may_not_be_read_costs_itself_alone() -> None:
    with forbidden() as folder:
        for name in ("closed", "open"):
            (folder / name).mkdir()
            (folder / name / "one.jsonl").write_text("{}\n")
        (folder / "closed").chmod(0)
        give_up_privileges()
        assert names(folder) == ["open/one.jsonl"]


def test_a_folder_that_goes_away_holds_nothing(tmp_path: Path) -> None:
    assert names(tmp_path / "gone") == []
