"""What a look of the watcher costs: the first, one at nothing new, one at a file that has grown. CPU is that of this process."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.transcript_tree import write_tree
from usage_analytics.watch import Look, Watcher


def main() -> None:
    """Write a tree, look at it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=11_000)
    parser.add_argument("--bytes", type=int, default=60_000_000)
    parser.add_argument("--looks", type=int, default=9)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(write_tree(Path(folder), total_bytes=asked.bytes, files=asked.files))
        projects = Path(folder) / "projects"
        watcher = Watcher(Path(folder) / "usage.duckdb", [projects])
        told("the first look", [measured(watcher)])
        told("nothing new", [measured(watcher) for _ in range(asked.looks)])
        grown = min(projects.glob("**/*.jsonl"))
        call = next(line for line in grown.read_bytes().splitlines(keepends=True) if b'"requestId"' in line)
        looks = []
        for number in range(asked.looks):
            with grown.open("ab") as file:
                file.write(call.replace(b'"msg_', b'"msg_%d' % number).replace(b'"req_', b'"req_%d' % number))
            looks.append(measured(watcher))
        told("one file has grown", looks)


def measured(watcher: Watcher) -> tuple[Look, float]:
    """A look and its CPU seconds."""
    before = time.process_time()
    look = watcher.look()
    assert not look.problems, look.problems
    return look, time.process_time() - before


def told(what: str, looks: list[tuple[Look, float]]) -> None:
    """One line of figures: medians, and the slowest."""
    wall = [look.seconds for look, _ in looks]
    cpu = statistics.median(seconds for _, seconds in looks)
    print(
        f"{what}: {statistics.median(wall):.3f} s (at most {max(wall):.3f}), CPU {cpu:.3f} s, {looks[-1][0].events_new} new events"
    )


if __name__ == "__main__":
    main()
