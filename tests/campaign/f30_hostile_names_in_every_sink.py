"""A name that is Markdown, HTML, a link or a script is only shown: on every page and in every report it calls nobody and runs nothing."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, answer, command, holds
from tests.campaign.hostile import END, canary, events, names
from tests.campaign.serving import chromium, dashboard
from tests.shots import PAGES, settled

PROMISES = "P8"
FORMATS = ("html", "md", "json", "pdf")


def check(where: Path) -> Result:
    """Imports 20 kinds of hostile names, opens every page and report in a real browser, and listens with a canary server."""
    with canary() as (url, heard):
        db = where / "usage.duckdb"
        told = answer("import", events(where / "events.csv", url), db=db)
        assert told["events_total"] > 300, told
        reports = {kind: where / f"report.{kind}" for kind in FORMATS}
        for kind, path in reports.items():
            span = ("--from", "2026-11-01", "--to", "2026-11-21")
            assert command("report", "--format", kind, "--out", path, *span, db=db).returncode == 0
        opened = 0
        with dashboard(where, env={"USAGE_ANALYTICS_NOW": END.isoformat()}) as served, chromium() as browser:
            page = browser.new_page(viewport={"width": 1300, "height": 2500}, reduced_motion="reduce")
            dialogs: list[str] = []
            page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
            for place in (*PAGES, "settings", "?by=By+app", "?by=By+project"):
                page.goto(f"{served.url}/{place}")
                settled(page, pause=500)
                assert not page.evaluate("window.__pwn"), f"{place} ran a name"
                assert page.locator(f"a[href*='{url[7:]}'], img[src*='{url[7:]}']").count() == 0, place
                opened += 1
            page.goto(reports["html"].as_uri())
            page.wait_for_timeout(1000)
            assert not page.evaluate("window.__pwn")
            assert not dialogs
            assert "Traceback" not in served.said, served.said[-1500:]
        assert heard == [], heard
    return holds(f"{len(names(url))} names, {opened} pages and {len(FORMATS)} reports: the canary heard 0 requests")
