"""In a real browser: keys go where they say, the search finds, a panel shows the evidence, and views are kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from tests import shots

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        browser.close()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
    shots.settled(page, pause=600)


def answer(page: Page) -> str:
    return page.locator("h2").first.inner_text()


def test_g_and_a_letter_go_to_every_page_with_the_filters(page: Page, address: str) -> None:
    page.goto(f"{address}/?span=90+days")
    shots.settled(page, pause=600)
    places = {"m": "models", "c": "conversations", "a": "apps", "r": "auto_reload", "b": "background", "s": "savings"}
    for letter, place in (places | {"i": "imports", "e": "reports", "t": "settings"}).items():
        press(page, "g", letter)
        assert page.url.split("?")[0] == f"{address}/{place}"
    press(page, "g", "o")
    assert page.url == f"{address}/?span=90+days"


def test_keys_choose_a_range_step_through_time_and_clear_the_filters(page: Page, address: str) -> None:
    page.goto(f"{address}/models?model=Opus+5.5&model=Sonnet+5.5")
    shots.settled(page, pause=600)
    press(page, "3")
    assert "span=7+days" in page.url
    press(page, "[")
    assert "dates=2026-11-09&dates=2026-11-15" in page.url
    assert "in the 7 days from Nov 9, 2026 to Nov 15, 2026" in answer(page)
    press(page, "]")
    assert "dates=2026-11-16&dates=2026-11-22" in page.url
    press(page, "Escape")
    assert "model=" not in page.url
    press(page, "?")
    assert "Go to Models" in page.get_by_role("dialog").inner_text()
    press(page, "g", "m")  # keys are for the page, not for what lies over it
    assert page.get_by_role("dialog").count() == 1


def test_the_search_filters_by_what_it_finds_and_keeps_the_range(page: Page, address: str) -> None:
    page.goto(f"{address}/imports")
    shots.settled(page, pause=600)
    press(page, "g", "o")
    press(page, "5")
    press(page, "/")
    page.keyboard.type("webshop", delay=20)
    page.wait_for_timeout(400)
    press(page, "Enter")
    assert page.url == f"{address}/?span=90+days&project=webshop"
    assert "in the last 90 days" in answer(page)


def test_a_conversation_is_found_opened_and_closed_and_its_link_shows_it_too(page: Page, address: str) -> None:
    page.goto(address)
    shots.settled(page, pause=600)
    press(page, "/")
    page.keyboard.type("inbox conv", delay=20)
    page.wait_for_timeout(400)
    press(page, "Enter")
    assert "/conversations?conversation=" in page.url
    panel = page.get_by_role("dialog").inner_text()
    assert "for 128 calls in inbox-watcher" in panel
    page.goto(page.url)
    shots.settled(page, pause=600)
    assert page.get_by_role("dialog").inner_text().startswith("Conversation")
    press(page, "Escape")
    assert page.get_by_role("dialog").count() == 0
    assert "conversation=" not in page.url


def test_a_saved_view_leads_to_its_page_with_its_filters(page: Page, address: str) -> None:
    page.goto(f"{address}/models?span=Cycle&compare=Previous+period&model=Opus+5.5&check=Billed+vs.+computed+cost")
    shots.settled(page, pause=600)
    page.locator(".st-key-views button").first.click()
    page.get_by_label("Name of this view").fill("My cycle")
    page.get_by_role("button", name="Save view").click()
    shots.settled(page, pause=600)
    page.goto(f"{address}/apps")
    shots.settled(page, pause=600)
    page.get_by_role("button", name="My cycle", exact=True).click()
    shots.settled(page, pause=600)
    wanted = {"span=Cycle", "compare=Previous+period", "model=Opus+5.5"}
    assert page.url.startswith(f"{address}/models?")
    assert wanted <= set(page.url.split("?")[1].split("&"))
    assert "vs. 22 days before" in page.locator("[data-testid=stMetric]").first.inner_text()


def test_a_link_keeps_section_and_filters_and_back_and_forward_go_through_them(page: Page, address: str) -> None:
    page.goto(f"{address}/?span=90+days&by=By+project&more=Burn+rate")
    shots.settled(page, pause=600)
    assert page.get_by_role("heading", name="Burn rate by way of working").count() == 1
    press(page, "3")
    assert set(page.url.split("?")[1].split("&")) == {"span=7+days", "by=By+project", "more=Burn+rate"}
    press(page, "g", "m")
    page.go_back()
    shots.settled(page, pause=600)
    assert page.url.startswith(f"{address}/?")
    assert "in the last 7 days" in answer(page)
    page.go_forward()
    shots.settled(page, pause=600)
    assert page.url == f"{address}/models?span=7+days"
