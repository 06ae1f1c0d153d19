"""In a real browser: a chart is handed out as PNG, a table as CSV, and the figures as text to paste."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests import shots

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1280, "height": 1600}, permissions=["clipboard-read", "clipboard-write"])
        yield context.new_page()
        browser.close()


@pytest.mark.parametrize("place", ["", "models", "conversations", "apps", "savings", "auto_reload"])
def test_a_chart_downloads_as_a_picture(page: Page, address: str, tmp_path: Path, place: str) -> None:
    page.goto(f"{address}/{place}?span=90+days")
    shots.settled(page)
    chart = page.locator("[data-testid=stPlotlyChart]").first
    chart.hover()
    with page.expect_download() as waiting:
        chart.locator(".modebar-btn").first.click()
    waiting.value.save_as(tmp_path / "chart.png")
    assert waiting.value.suggested_filename.endswith(".png")
    with Image.open(tmp_path / "chart.png") as picture:
        assert picture.width >= 800
        assert len(picture.convert("RGB").getcolors(picture.width * picture.height) or ()) > 20  # something is drawn


@pytest.mark.parametrize("place", ["", "models", "conversations", "apps", "background", "imports"])
def test_a_table_downloads_as_csv(page: Page, address: str, place: str) -> None:
    page.goto(f"{address}/{place}?span=90+days")
    shots.settled(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV", exact=False).first.click()
    lines = waiting.value.path().read_text(encoding="utf-8").splitlines()
    assert waiting.value.suggested_filename.endswith(".csv")
    assert len(lines) > 1
    assert all("$" not in line for line in lines)


def test_the_figures_are_copied_as_text(page: Page, address: str) -> None:
    page.goto(f"{address}/models?span=90+days")
    shots.settled(page)
    page.get_by_role("button", name="Copy the figures").click()
    page.locator("[data-testid=stCode]").hover()
    page.get_by_role("button", name="Copy to clipboard").first.click()
    copied = str(page.evaluate("navigator.clipboard.readText()")).splitlines()
    assert copied[0] == page.locator("h2").first.inner_text().replace("\N{WORD JOINER}", "")
    assert [line.split(":")[0] for line in copied[-4:]][1:] == ["Per call", "Per million tokens", "Cache reads"]
