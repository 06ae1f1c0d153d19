"""A cold import of a large transcript tree beside the fastest peers, in one run on one tree; and a sync with nothing new.

The peers are used where they are installed: aiburn by pip; ccusage and tokscale from npm, their binaries named by --ccusage and --tokscale.
They print a report and keep nothing (tokscale keeps a cache, which is cleared); ours has stored the result when it ends.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks.transcript_tree import write_tree


@dataclass(frozen=True)
class Run:
    """One run of a command: wall and CPU seconds of all its processes, and the peak of their memory together in MiB."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Tool:
    """A command, what it needs in its environment, and what has to be gone before it starts cold."""

    name: str
    command: list[str]
    environment: dict[str, str]
    forget: Callable[[], None]


def measure(tool: Tool) -> Run:
    """Run the command to its end, its output thrown away."""
    tool.forget()
    before = os.times()
    begun = time.perf_counter()
    process = subprocess.Popen(
        tool.command, env=os.environ | tool.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    watched = psutil.Process(process.pid)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, memory(watched))
        time.sleep(0.03)
    wall = time.perf_counter() - begun
    after = os.times()
    if process.returncode:
        raise SystemExit(f"{tool.name} ended with {process.returncode}: {' '.join(tool.command)}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(wall, cpu, peak)


def memory(process: psutil.Process) -> float:
    """What a process and its children hold together, in MiB; pages that they share are counted for each."""
    total = 0
    try:
        for one in (process, *process.children(recursive=True)):
            total += one.memory_info().rss
    except psutil.Error:
        return 0.0
    return total / 2**20


def tools(root: Path, asked: argparse.Namespace) -> list[Tool]:
    """Ours, and the peers that are there."""
    home = root.parent
    environment = {"HOME": str(home), "TZ": "UTC", "CLAUDE_CONFIG_DIR": str(root)}
    database = home / "bench" / "usage.duckdb"

    def forget_database() -> None:
        shutil.rmtree(database.parent, ignore_errors=True)

    def forget_caches() -> None:
        for folder in (".cache", ".config", ".local"):
            shutil.rmtree(home / folder, ignore_errors=True)

    ours = [sys.executable, "-m", "usage_analytics", "import", str(root / "projects"), "--db", str(database), "--json"]
    found = [Tool("usage-analytics import", ours, environment, forget_database)]
    aiburn = shutil.which("aiburn") or shutil.which("aiburn", path=str(Path(sys.executable).parent))
    if aiburn:
        found.append(Tool("aiburn", [aiburn, "daily", "--json", "--claude"], environment, forget_caches))
    if asked.ccusage:
        words = ["claude", "daily", "--json", "--offline", "--mode", "calculate"]
        found.append(Tool("ccusage", [asked.ccusage, *words], environment, forget_caches))
    if asked.tokscale:
        words = ["models", "--json", "-c", "claude", "--home", str(home), "--no-spinner"]
        found.append(Tool("tokscale", [asked.tokscale, *words], environment, forget_caches))
    return found


def sync_with_nothing_new(files: int) -> Run:
    """The median of whole `sync` processes when none of so many small transcripts has changed."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / ".claude"
        write_tree(root, total_bytes=files * 4000, files=files)
        environment = {"HOME": folder, "CLAUDE_CONFIG_DIR": str(root)}
        command = [sys.executable, "-m", "usage_analytics", "sync", "--db", str(Path(folder) / "usage.duckdb"), "--json"]
        sync = Tool("sync", command, environment, lambda: None)
        measure(sync)
        return median([measure(sync) for _ in range(5)])


def median(runs: list[Run]) -> Run:
    """The middle of each figure."""
    return Run(*(statistics.median(getattr(one, field) for one in runs) for field in ("wall", "cpu", "peak")))


def compare(root: Path, asked: argparse.Namespace) -> None:
    """Print a line a tool for one tree, the tools taking turns."""
    found = tools(root, asked)
    runs: dict[str, list[Run]] = {tool.name: [] for tool in found}
    for _ in range(asked.rounds):
        for tool in found:
            runs[tool.name].append(measure(tool))
    print(f"{'median of ' + str(asked.rounds):26}{'wall s':>9}{'cpu s':>9}{'peak MiB':>10}")
    for name, taken in runs.items():
        one = median(taken)
        print(f"{name:26}{one.wall:9.2f}{one.cpu:9.2f}{one.peak:10.0f}", flush=True)


def main() -> None:
    """Compare on a tree of dense lines, and on one whose tool results are as long as real ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bytes", type=int, default=1_500_000_000)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tree", type=Path, help="a folder with `projects` from an earlier run, to compare on that alone")
    parser.add_argument("--ccusage", help="the binary of ccusage")
    parser.add_argument("--tokscale", help="the binary of tokscale")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trees = {}
        for name in () if asked.tree else ("dense", "long"):
            trees[name] = Path(folder) / name / ".claude"
            print(name, write_tree(trees[name], total_bytes=asked.bytes, files=asked.files, long_results=name == "long"))
        for root in [asked.tree] if asked.tree else trees.values():
            compare(root, asked)
        again = sync_with_nothing_new(10_000)
        print(f"sync with nothing new in 10,000 files: {again.wall:.2f} s, {again.cpu:.2f} cpu s")


if __name__ == "__main__":
    main()
