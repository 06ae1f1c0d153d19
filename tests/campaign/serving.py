"""A dashboard of a row's own: the real server in a process of its own, with what it wrote and how much memory it has."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.campaign.frame import PROJECT, NotHere, environment
from tests.conftest import BROWSERS
from tests.shots import wait_for


@dataclass(frozen=True)
class Dashboard:
    """Where it answers, its process, and the file that its own messages go to."""

    url: str
    process: psutil.Process
    log: Path

    @property
    def memory(self) -> int:
        """Bytes that it holds in memory."""
        return int(self.process.memory_info().rss)

    @property
    def said(self) -> str:
        """What it has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def dashboard(folder: Path, *words: str, env: dict[str, str] | None = None) -> Iterator[Dashboard]:
    """Serve the database in the folder until the end of the block; nobody's home folder but the row's own is looked at."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    given = environment() | {"USAGE_ANALYTICS_DB": str(folder / "usage.duckdb"), "HOME": str(folder)} | (env or {})
    command = [sys.executable, "-m", "usage_analytics", "run", "--port", str(port), *words]
    log = folder / "dashboard.log"
    with log.open("wb") as said:
        server = subprocess.Popen(command, cwd=PROJECT, env=given, stdout=said, stderr=said)
        try:
            wait_for(f"http://localhost:{port}/healthz", 90)
            yield Dashboard(f"http://localhost:{port}", psutil.Process(server.pid), log)
        finally:
            server.terminate()
            server.wait(30)


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def chromium(args: Sequence[str] = ()) -> Iterator[Any]:
    """A browser of this machine. Raises NotHere where there is none."""
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise NotHere("there is no Chromium here; CHROMIUM may name one")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *args]
        )
        try:
            yield browser
        finally:
            browser.close()
