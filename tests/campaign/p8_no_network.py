"""Nothing is sent anywhere: without a connector or a channel of yours, the program opens no connection."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.campaign.examples import examples
from tests.campaign.frame import PROJECT, NotHere, Result, command, environment, holds
from tests.campaign.serving import free_port

PROMISES = "P8"
VERBS = (
    ("spend",),
    ("background",),
    ("savings",),
    ("auto-reload",),
    ("balance",),
    ("check",),
    ("report", "--format", "json"),
    ("archive", "--verify"),
    ("rebuild",),
    ("imports",),
    ("sync",),
    ("watch", "--once"),
)
CALL = re.compile(r"(connect|sendto)\((?!.*AF_(UNIX|NETLINK))")
OWN = re.compile(r'inet_addr\("127\.|inet6?_?p?t?o?n?\(AF_INET6, "::1"')


def check(where: Path) -> Result:
    """Runs every verb and the dashboard under strace, in a network without any route, and reads every call that would leave."""
    if shutil.which("strace") is None or sys.platform != "linux":
        raise NotHere("strace is not installed")
    wrap = ["unshare", "--net"]
    if subprocess.run([*wrap, "true"], capture_output=True, check=False).returncode:
        raise NotHere("this system lets us make no network of our own (unshare --net)")
    db, home = where / "usage.duckdb", {"HOME": str(where)}
    traced = [*wrap, "strace", "-f", "-qq", "-e", "trace=connect,sendto", "-o"]
    files = [paths[0] for paths in examples().values() if paths]
    heard = [where / "import.trace"]
    assert command("import", *files, db=db, env=home, wrap=[*traced, str(heard[0])]).returncode == 0
    for words in VERBS:
        heard.append(where / f"{words[0]}.trace")
        done = command(*words, db=db, env=home, wrap=[*traced, str(heard[-1])])
        assert done.returncode in (0, 1), f"{words[0]}: {done.stderr}"
    heard.append(where / "dashboard.trace")
    dashboard_in_a_network_of_its_own(where, [*traced, str(heard[-1])])
    leaving = [line for trace in heard for line in trace.read_text(errors="replace").splitlines() if leaves(line)]
    assert not leaving, leaving[:5]
    return holds(f"{len(VERBS) + 1} verbs and the dashboard: 0 connections")


def dashboard_in_a_network_of_its_own(where: Path, wrap: list[str]) -> None:
    """Start the dashboard where only its own loopback is, ask it for a page by a websocket, and stop it."""
    port = free_port()
    (where / "asks.py").write_text(ASKS)
    inside = f"ip link set lo up; {sys.executable} {where / 'asks.py'} {port} -- {' '.join(wrap[2:])}"
    given = environment() | {"HOME": str(where), "USAGE_ANALYTICS_DB": str(where / "usage.duckdb")}
    ran = subprocess.run(
        [*wrap[:2], "sh", "-c", inside], cwd=PROJECT, env=given, capture_output=True, text=True, timeout=200, check=False
    )
    assert "seen" in ran.stdout, ran.stdout + ran.stderr[-1500:]


def leaves(line: str) -> bool:
    """Whether a traced call speaks to anything but this machine."""
    return bool(CALL.search(line) and "AF_INET" in line and not OWN.search(line))


ASKS = """
import subprocess, sys, httpx
from tests.shots import wait_for
from tests.server.tab import opened
port, wrap = sys.argv[1], sys.argv[3:]
served = subprocess.Popen([*wrap, sys.executable, "-m", "usage_analytics", "run", "--port", port])
url = f"http://localhost:{port}"
wait_for(url + "/healthz", 120)
with httpx.Client() as http, opened(url, http) as tab:
    for page in ("", "models", "background", "imports", "settings", "reports"):
        print("seen", len(tab.run(page).messages), flush=True)
import psutil
psutil.Process(served.pid).children()[0].terminate()
served.wait(30)
"""
