"""Two people of a team in a real browser: the owner imports and shares, the viewer looks; a stranger reads what was shared with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.server.team import OWNER, VIEWER, Team, team
from tests.shots import IDLE
from tests.transcripts import SONNET, START, call, text, usage
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

PATIENCE = 30_000  # milliseconds; a machine may be busy
PASSCODE = "open sesame 42"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """An hour of one person's calls, yesterday."""
    begun = (datetime.now(UTC) - timedelta(days=1) - START).total_seconds()
    counts = usage(100, read=20_000, write_5m=900, output=400)
    log = tmp_path / "log.jsonl"
    log.write_bytes(
        text(*[call(f"m{n}", begun + 60 * n, model=SONNET, counts=counts, cwd="/home/robin/secret-garden") for n in range(80)])
    )
    store = Store(tmp_path / "made" / "usage.duckdb")
    import_paths(store, [log])
    store.close()
    return tmp_path / "made" / "usage.duckdb"


@pytest.fixture
def served(tmp_path: Path, database: Path) -> Iterator[Team]:
    (tmp_path / "team").mkdir()
    with team(tmp_path / "team", database) as found:
        yield found


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        yield found
        found.close()


def test_an_owner_shares_a_viewer_looks_and_a_stranger_reads_what_was_shared(browser: Browser, served: Team) -> None:
    owner = signed_in(browser, served, OWNER)
    assert {"Overview", "Imports", "Reports"} <= menu(owner)
    link = shared(owner, served)

    viewer = signed_in(browser, served, VIEWER)
    assert "Overview" in menu(viewer)
    assert not {"Imports", "Settings"} & menu(viewer)
    viewer.goto(f"{served.url}/reports")
    says(viewer, "Share a report")
    assert viewer.get_by_text("Share by link").count() == 0
    viewer.goto(f"{served.url}/imports")
    says(viewer, "Page not found")
    assert viewer.get_by_text("Drag exports and transcripts here").count() == 0
    viewer.goto(served.url)
    viewer.get_by_role("button", name="Sign out").click()
    says(viewer, "Sign in to see the usage")

    stranger = fresh(browser).new_page()
    reads(stranger, link)
    owner.get_by_role("button", name="Done").click()
    settled(owner)
    says(owner, "1 view")
    owner.get_by_role("button", name="Pause").click()
    says(owner, "Paused")
    stranger.goto(link)
    says(stranger, "No report here")


def signed_in(browser: Browser, served: Team, person: str) -> Page:
    """A browser of its own in which a person has signed in at the provider."""
    page = fresh(browser).new_page()
    page.goto(served.url)
    says(page, "Sign in to see the usage")
    assert page.get_by_test_id("stSidebarNavLink").count() == 0
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=person).click()
    page.wait_for_url(re.compile(re.escape(served.url)))
    settled(page)
    says(page, "You spent")
    return page


def fresh(browser: Browser) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": 1440, "height": 1400}, reduced_motion="reduce", locale="en-GB", timezone_id="UTC"
    )
    context.set_default_timeout(PATIENCE)
    return context


def menu(page: Page) -> set[str]:
    """The titles in the menu."""
    return {link.inner_text().split("\n")[-1].strip() for link in page.get_by_test_id("stSidebarNavLink").all()}


def shared(page: Page, served: Team) -> str:
    """Share the report without its names, behind a passcode; the link."""
    page.goto(f"{served.url}/reports")
    says(page, "Share by link")
    page.get_by_text("Names replaced").first.click()
    says(page, "with names replaced")
    page.locator("input[type=password]").fill(PASSCODE)
    page.get_by_role("button", name="Create link").click()
    says(page, "Copy this link now")
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert re.fullmatch(re.escape(f"{served.url}/r/") + r"[A-Za-z0-9_-]{43}", link)
    return link


def reads(page: Page, link: str) -> None:
    """Open the link, type a wrong passcode and then the right one, and find the report without its names and without a script."""
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if "403" not in message.text else None)
    page.goto(link)
    page.get_by_label("Passcode").fill("Wrong passcode")
    page.get_by_role("button", name="Open the report").click()
    says(page, "Wrong passcode.")
    page.get_by_label("Passcode").fill(PASSCODE)
    page.get_by_role("button", name="Open the report").click()
    says(page, "The link expires on")
    shown = page.content()
    assert "was spent" in shown
    assert "Project A" in shown
    assert "secret-garden" not in shown
    assert "<script" not in shown
    home = link.partition("/r/")[0]
    assert {url for url in asked if not url.startswith("data:")} <= {link, f"{home}/favicon.ico"}
    assert not complaints
    assert page.evaluate("document.cookie") == ""


def says(page: Page, words: str) -> None:
    """Wait until the page says so."""
    expect(page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)


def settled(page: Page) -> None:
    """Wait until the script has run and the page has drawn it."""
    page.wait_for_selector(IDLE, timeout=PATIENCE)
    page.wait_for_timeout(400)
    page.wait_for_selector(IDLE, timeout=PATIENCE)
