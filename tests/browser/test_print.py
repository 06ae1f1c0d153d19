"""In a real browser: a page on paper has no menu and nothing to press, its charts are whole, and a dark one is light."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, sync_playwright

from tests import shots

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PRESSED = """() => [...document.querySelectorAll('button, input, a[href], [data-testid=stSidebar]')].filter(one =>
    one.checkVisibility() && one.getBoundingClientRect().width > 1 && !one.closest('[data-testid=stDataFrame]'))
    .map(one => one.outerHTML.slice(0, 120))"""
BEYOND = """() => { const page = document.querySelector('[data-testid=stMainBlockContainer]').getBoundingClientRect()
    return [...document.querySelectorAll('[data-testid=stMetric], .js-plotly-plot, .main-svg, [data-testid=stDataFrame]')]
        .filter(one => one.getBoundingClientRect().right > page.right + 1).map(one => one.className) }"""


def printed(page: Page) -> tuple[float, int]:
    """How wide the sheet is, in CSS pixels, and how many there are."""
    file = page.pdf(prefer_css_page_size=True, print_background=True)
    found = re.search(rb"/MediaBox \[0 0 ([\d.]+)", file)
    assert found
    return float(found.group(1)) * 96 / 72, len(re.findall(rb"/Type /Page\b", file))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("place", ["", "models", "background", "auto_reload"])
def test_a_printed_page_has_whole_charts_and_nothing_to_press(chromium: str, address: str, place: str, theme: str) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=theme, reduced_motion="reduce")
        page.goto(f"{address}/{place}")
        shots.settled(page)
        sheet, sheets = printed(page)
        assert sheet == pytest.approx(878 * 9 / 8, abs=3)  # the page without the menu, and margins
        assert 1 <= sheets <= 4
        page.emulate_media(media="print")
        page.wait_for_timeout(500)
        assert page.evaluate(PRESSED) == []
        assert page.evaluate(BEYOND) == []
        assert page.evaluate("document.documentElement.classList.contains('printed-dark')") == (theme == "dark")
        browser.close()
