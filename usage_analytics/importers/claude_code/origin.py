"""Which app, project and agent a record comes from."""

from __future__ import annotations

from functools import cache
from typing import Final

APPS: Final = {
    "cli": "Claude Code",
    "ssh-remote": "Claude Code",
    "claude-vscode": "Claude Code for VS Code",
    "claude-desktop": "Claude Desktop",
    "claude-desktop-3p": "Claude Desktop",
    "local-agent": "Cowork",
    "sdk-cli": "claude -p",
    "sdk-ts": "Agent SDK (TypeScript)",
    "sdk-py": "Agent SDK (Python)",
    "claude-code-github-action": "Claude Code GitHub Action",
    "claude-in-slack": "Claude in Slack",
    "claude-in-teams": "Claude in Teams",
    "claude-coworker": "Claude coworker",
    "remote": "Claude Code on the web",
    "remote_desktop": "Claude Code on the web",
    "remote_mobile": "Claude Code on the web",
    "remote_projects": "Claude Code on the web",
    "remote_trigger": "Claude Code routine",
    "remote_cowork": "Cowork",
    "remote_cowork_trigger": "Cowork routine",
}


@cache
def app_of(entrypoint: str | None) -> str:
    """The connected app's name for an entry point; transcripts before 2.1.7x record none, and are Claude Code's."""
    return APPS.get(entrypoint, entrypoint) if entrypoint else "Claude Code"


@cache
def project_of(folder: str | None) -> str | None:
    """The last part of a working folder's path: a label, never the path."""
    if not folder:
        return None
    return folder.replace("\\", "/").rstrip("/").rpartition("/")[2] or None


def agent_of(recorded: str | None, named: str | None) -> str:
    """The subagent that a sidechain record belongs to: as recorded, else as its file is named."""
    return recorded or named or "sidechain"
