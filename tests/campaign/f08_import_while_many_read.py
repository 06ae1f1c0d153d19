"""While twenty people look, an import is seen whole or not at all, and no page waits long."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import httpx

from tests.campaign.frame import Result, answer, holds
from tests.campaign.serving import dashboard
from tests.server.tab import Tab, opened
from tests.transcripts import call, prompt, usage, write

PROMISES = "P5 P6"
PEOPLE = 20
P95_SECONDS = 1.5
NOW = {"USAGE_ANALYTICS_NOW": "2026-11-02T20:00"}


def check(where: Path) -> Result:
    """Twenty tabs ask for pages again and again while the command line imports 20,000 calls; reads what they showed, and how fast."""
    db = where / "usage.duckdb"
    before = calls(where / "before.jsonl", "a", 2000)
    after = calls(where / "after.jsonl", "b", 20_000)
    answer("import", before, db=db)
    with dashboard(where, env=NOW) as served:
        seconds, seen, stop = [], set[str](), threading.Event()
        tabs = [threading.Thread(target=look, args=(served.url, seconds, seen, stop)) for _ in range(PEOPLE)]
        for tab in tabs:
            tab.start()
        time.sleep(8)
        told = answer("import", after, db=db)
        time.sleep(3)
        stop.set()
        for tab in tabs:
            tab.join(60)
        assert "Traceback" not in served.said, served.said[-1500:]
    assert told["events_total"] == 22_000
    assert len(seen) == 2, f"pages showed {seen}"
    p95 = sorted(seconds)[int(len(seconds) * 0.95)]
    busy = os.getloadavg()[0]
    assert p95 < P95_SECONDS * max(1.0, busy / 2), f"p95 {p95:.2f} s over {len(seconds)} pages, load {busy:.1f}"
    return holds(f"p95 {p95:.2f} s over {len(seconds)} pages at load {busy:.1f}")


def calls(path: Path, name: str, count: int) -> Path:
    """A day of calls of 30 cents each."""
    counts = usage(0, output=20_000)
    return write(
        path, prompt(), *[call(f"{name}{one}", one, counts=counts, sessionId=f"{name}{one % 50}") for one in range(count)]
    )


def look(url: str, seconds: list[float], seen: set[str], stop: threading.Event) -> None:
    """One person, who looks at the overview every two seconds."""
    with httpx.Client(timeout=60) as http, opened(url, http) as tab:
        first(tab)
        while not stop.wait(2):
            begun = time.monotonic()
            text = tab.run().text
            seconds.append(time.monotonic() - begun)
            seen.update(said for said in ("$600", "$6,600") if f"{said}." in text or f"{said} " in text)


def first(tab: Tab) -> None:
    """The first look brings what every later one needs."""
    tab.run()
