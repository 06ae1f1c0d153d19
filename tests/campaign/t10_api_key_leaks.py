"""An error never shows what it was about: no key, no name and no text in a page, a log, a report or the output of a watcher."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.campaign.frame import Result, all_of, answer, by_tests, command, holds
from tests.campaign.serving import dashboard
from tests.server.tab import opened

PROMISES = "P7"
KEY = "sk-ant-admin01-" + "canary1secret1" * 4


def check(where: Path) -> Result:
    """Names an app like a key, breaks the database and the decisions under a running dashboard, and reads all that it says."""
    db = where / "usage.duckdb"
    (where / "a.csv").write_text(
        f"occurred_at,app,cost_usd,account\n2026-11-01T09:30:00Z,{KEY},1.5,me\n2026-11-01T10:30:00Z,tool,1,{KEY}\n"
    )
    answer("import", where / "a.csv", db=db)
    for level in ("none", "names", "totals"):
        for kind in ("html", "md", "json"):
            said = command("report", "--format", kind, "--redact", level, "--from", "2026-11-01", "--to", "2026-11-02", db=db)
            assert KEY not in said.stdout + said.stderr, (level, kind)
    with dashboard(where) as served, httpx.Client() as http, opened(served.url, http) as tab:
        tab.run()
        for broken in (b"", b"not a database" * 999, db.read_bytes()[: 1 << 14]):
            db.write_bytes(broken)
            for page in ("", "models", "imports", "settings"):
                shown = tab.run(page).text
                assert "Traceback" not in shown
                assert "Exception" not in shown
        assert KEY not in served.said
        assert "Traceback" not in served.said, served.said[-1500:]
    known = by_tests(
        where,
        "tests/test_watch.py::test_a_bug_in_one_look_says_nothing_of_what_it_held",
        "tests/reports/test_redaction.py",
        "tests/faults/test_canary.py::test_nothing_is_said_by_a_reader_that_fails",
        "tests/pages/test_frame.py",
        "tests/test_house.py",
        only="never_leave or reader_that_fails or broken_database or no_file_holds or says_nothing or last_look",
    )
    return all_of(holds("9 reports and 12 pages over a broken database"), known)
