"""Closing the tab in the middle of an import leaves the import whole or absent, and the next visitor sees which."""

from __future__ import annotations

import time
from pathlib import Path

from tests.campaign.frame import Result, answer, holds
from tests.campaign.serving import chromium, dashboard
from tests.transcripts import call, prompt, write

PROMISES = "P5"
CALLS = 4000
ROUNDS = 4


def check(where: Path) -> Result:
    """Uploads a transcript in a real browser, presses Import, closes the browser at once or a little later, and looks again."""
    db, seen = where / "usage.duckdb", []
    with dashboard(where) as served:
        for number in range(ROUNDS):
            lines = [call(f"{number}-{one}", one, sessionId=str(number)) for one in range(CALLS)]
            path = write(where / "files" / f"{number}.jsonl", prompt(), *lines)
            with chromium() as browser:
                page = browser.new_page(viewport={"width": 1300, "height": 1600})
                page.set_default_timeout(60_000)
                page.goto(f"{served.url}/imports")
                page.locator("input[type=file]").set_input_files(path)
                page.get_by_role("button", name="Import 1 file").click()
                page.wait_for_timeout(number * 150)
            deadline = time.monotonic() + 30
            while (total := events(db)) % CALLS == 0 and total == sum(seen) and time.monotonic() < deadline:
                time.sleep(1)
                if time.monotonic() > deadline - 22:
                    break
            seen.append(total - sum(seen))
        assert "Traceback" not in served.said, served.said[-1500:]
    assert set(seen) <= {0, CALLS}, seen
    again = answer("import", where / "files", db=db)
    assert again["events_total"] == ROUNDS * CALLS, again["events_total"]
    assert answer("archive", "--verify", db=db)["damaged"] == []
    return holds(f"{ROUNDS} tabs closed: {seen.count(CALLS)} imports whole, {seen.count(0)} absent; then all there")


def events(db: Path) -> int:
    """How many events the command line counts now."""
    return sum(one["events_new"] for one in answer("imports", "--json", db=db)["imports"]) if db.exists() else 0
