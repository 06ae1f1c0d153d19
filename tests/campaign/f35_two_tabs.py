"""What one tab removes, another shows no more, without an error."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.campaign.frame import Result, answer, holds
from tests.campaign.serving import dashboard
from tests.server.tab import opened
from tests.transcripts import call, prompt, usage, write

PROMISES = "P3"
PAGES = ("", "models", "conversations", "apps", "auto_reload", "background", "savings", "imports", "reports", "settings")


def check(where: Path) -> Result:
    """One tab looks at every page while the import behind it is undone, brought back, and the whole database removed and replaced."""
    db = where / "usage.duckdb"
    counts = usage(0, output=200_000)
    path = write(where / "a.jsonl", prompt(), *[call(f"a{one}", one, counts=counts) for one in range(20)])
    answer("import", path, db=db)
    looked = 0
    env = {"USAGE_ANALYTICS_NOW": "2026-11-02T20:00"}
    with (
        dashboard(where, env=env) as served,
        httpx.Client(timeout=60) as http,
        opened(served.url, http) as tab,
        opened(served.url, http) as other,
    ):
        for page in PAGES:
            assert "$60" in tab.run("").text
            tab.run(page)
            other.run(page)
            answer("imports", "--undo", str(newest(db)), db=db)
            for one in (tab, other):
                assert "$60" not in one.run("").text
                shown = one.run(page).text
                assert "Traceback" not in shown
                assert "went wrong" not in shown
                looked += 2
            answer("import", path, db=db)
        assert "Traceback" not in served.said, served.said[-1500:]
    return holds(f"{looked} looks of 2 tabs at {len(PAGES)} pages")


def newest(db: Path) -> int:
    """The number of the last import."""
    return max(int(one["id"]) for one in answer("imports", db=db)["imports"])
