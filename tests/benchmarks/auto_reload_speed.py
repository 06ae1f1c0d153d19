"""How long `usage-analytics auto-reload` takes as a whole process, on many calls."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from tests.benchmarks.auto_reload_users import DAY, person

BEGUN: Final = datetime(2026, 1, 5)
SIZES: Final = ((10_000, 7), (500_000, 3))  # calls in eight weeks, and how often it is asked


def show() -> None:
    """Print the times."""
    print("\nusage-analytics auto-reload --json, whole process:")
    for calls, times in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            taken = sorted(_times(Path(folder), calls, times))
            print(f"  {calls:>7,} calls in 8 weeks: median {taken[len(taken) // 2]:.2f} s, slowest {taken[-1]:.2f} s of {times}")


def _times(folder: Path, calls: int, times: int) -> list[float]:
    database = folder / "usage.duckdb"
    _write(folder / "events.csv", calls)
    tool = [sys.executable, "-m", "usage_analytics"]
    subprocess.run([*tool, "import", str(folder / "events.csv"), "--db", str(database)], check=True, capture_output=True)
    asked = [*tool, "auto-reload", "--json", "--as-of", str(BEGUN + timedelta(weeks=8)), "--db", str(database)]
    taken = []
    for _ in range(times):
        begun = time.monotonic()
        subprocess.run(asked, check=True, capture_output=True)
        taken.append(time.monotonic() - begun)
    return taken


def _write(path: Path, calls: int) -> None:
    """A heavy user's shape with as many calls as asked."""
    one = person("heavy", 1)
    at, usd = one.between(0, 56 * DAY)
    dice = np.random.default_rng(5)
    chosen = np.sort(dice.integers(0, len(at), calls))
    moments, costs = at[chosen] + dice.uniform(0, 30, calls), usd[chosen] * len(at) / calls
    lines = ["occurred_at,app,cost_usd,paid_from"]
    lines += [
        f"{(BEGUN + timedelta(seconds=float(moment))).isoformat(timespec='microseconds')}Z,agent,{cost:.9f},credits"
        for moment, cost in zip(moments, costs, strict=True)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    show()
