"""The whole way through a real browser: open, upload, see the answer, filter by a click, reload the URL, undo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.shots import IDLE, served
from tests.transcripts import SONNET, Line, call, prompt, text, usage

NOW = "2026-11-03T18:00"
OPUS = "claude-opus-4-6"
PATIENCE = 20_000  # milliseconds; a machine may be busy

pytestmark = pytest.mark.browser


@pytest.fixture
def transcript(tmp_path: Path) -> Path:
    """A morning of one person: thirty calls of Sonnet in one project, and six of Opus in another, with a broken line between."""

    def made(name: str, seconds: float, model: str, project: str) -> Line:
        return call(
            name, seconds, model=model, counts=usage(100, read=20_000, write_5m=900, output=400), cwd=f"/home/robin/{project}"
        )

    sonnet = [made(f"s{n}", 60 * n, SONNET, "garden") for n in range(30)]
    opus = [made(f"o{n}", 3600 + 60 * n, OPUS, "orchard") for n in range(6)]
    path = tmp_path / "morning.jsonl"
    path.write_bytes(text(prompt(), *sonnet) + b"{broken\n" + text(*opus))
    return path


@pytest.fixture
def dashboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The dashboard on an empty database, served as for a person; yields its address."""
    monkeypatch.setenv("USAGE_ANALYTICS_NOW", NOW)
    monkeypatch.setenv("HOME", str(tmp_path))  # nobody's Claude Code folders are found by accident
    with served(tmp_path / "store" / "usage.duckdb") as url:
        yield url


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, dashboard: str) -> Iterator[Page]:
    """A page that notes what it complains of, and whom it asks; afterwards both must be nothing."""
    opened = browser.new_page(
        viewport={"width": 1440, "height": 1000}, reduced_motion="reduce", locale="en-GB", timezone_id="UTC"
    )
    opened.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    strangers: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # on a deep link, the browser part first looks for the server below the page's own path
        harmless = "/_stcore/" in message.location.get("url", "") and "404" in message.text
        if message.type == "error" and not harmless:
            complaints.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith((dashboard, dashboard.replace("http", "ws"), "data:", "blob:")):
            strangers.append(request.url)

    opened.on("console", heard)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", asked)
    yield opened
    assert not complaints
    assert not strangers


def test_from_an_export_to_an_answer_and_back(page: Page, dashboard: str, transcript: Path) -> None:
    page.goto(dashboard)
    says(page, "No usage imported yet")
    page.locator("input[type=file]").set_input_files(transcript)
    says(page, "1 file holds 36 calls worth")
    says(page, "1 line can't be read and will be rejected")
    page.get_by_role("button", name="Import 1 file").click()

    whole = spend(page)
    assert whole > 0

    page.get_by_role("link", name="Models").click()
    says(page, "Which model costs the most?")
    page.locator(".js-plotly-plot .bars .point").last.click(force=True)
    page.wait_for_url(re.compile("model="))
    settled(page)
    kept = parse_qs(urlparse(page.url).query)["model"]
    assert len(kept) == 1

    page.get_by_role("link", name="Overview").click()
    part = spend(page)
    assert 0 < part < whole

    page.reload()
    assert spend(page) == part
    assert parse_qs(urlparse(page.url).query)["model"] == kept

    page.get_by_role("link", name="Imports").click()
    says(page, "No conversation text is stored.")
    says(page, "We read 38 lines in 1 file")
    table = page.locator(".st-key-history")
    settled(page)
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + 52)
    page.get_by_role("button", name="Undo this import").click()
    says(page, "36 calls worth")
    page.get_by_role("button", name="Undo import", exact=True).click()
    says(page, "You'll find them under Undone imports.")
    says(page, "No imports yet.")
    page.get_by_role("button", name="Redo").click()
    says(page, "We read 38 lines in 1 file")


@pytest.mark.slow
def test_a_bookmark_that_is_the_first_thing_opened_shows_its_page(page: Page, dashboard: str) -> None:
    page.goto(f"{dashboard}/imports")
    says(page, "No imports yet.")
    assert page.get_by_text("Page not found").count() == 0


def says(page: Page, words: str) -> None:
    """Wait until the page says so."""
    expect(page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)
    settled(page)


def spend(page: Page) -> float:
    """What the first figure of the overview says, in dollars."""
    expect(page.get_by_text("You spent").first).to_be_visible(timeout=PATIENCE)
    settled(page)
    figure = page.get_by_test_id("stMetric").filter(has=page.get_by_text("Spend", exact=True))
    expect(figure).to_have_count(1, timeout=PATIENCE)
    return float(figure.get_by_test_id("stMetricValue").inner_text().strip().lstrip("$").replace(",", ""))


def settled(page: Page) -> None:
    """Wait until the script has run and the page has drawn it."""
    page.wait_for_selector(IDLE, timeout=PATIENCE)
    page.wait_for_timeout(400)
    page.wait_for_selector(IDLE, timeout=PATIENCE)
