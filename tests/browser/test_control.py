"""In a real browser: a drain is seen, explained, marked as one's own and gone; a setting that is typed is lived again at once."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests import shots
from tests.pages.conftest import NOW
from tests.pages.test_auto_reload_page import calls
from tests.pages.test_background_page import HEAD, people, polling
from tests.shots import served
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

pytestmark = pytest.mark.browser
CREDITS_HEAD = "occurred_at,app,account,model,cost_usd,paid_from\n"
PATIENCE = 20_000  # milliseconds; a machine may be busy


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard of a person whose poller drains now, and who pays an agent from credits."""
    folder = tmp_path_factory.mktemp("control")
    (folder / "runs.csv").write_text(HEAD + "".join(f"{line}\n" for line in (*people(), *polling())), encoding="utf-8")
    paid = "".join(f"{line}\n" for line in calls("my-agent", "", "credits"))
    (folder / "paid.csv").write_text(CREDITS_HEAD + paid, encoding="utf-8")
    store = Store(folder / "usage.duckdb")
    import_paths(store, [folder / "runs.csv", folder / "paid.csv"])
    store.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USAGE_ANALYTICS_NOW", NOW)
        with served(folder / "usage.duckdb") as url:
            yield url


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    """A page that notes what it complains of; afterwards that must be nothing."""
    complaints: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        opened = browser.new_page(viewport={"width": 1300, "height": 1100}, reduced_motion="reduce", timezone_id="UTC")
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        yield opened
        browser.close()
    assert not complaints


def settled(page: Page) -> None:
    shots.settled(page, pause=400)


@pytest.mark.slow
def test_a_flag_is_seen_read_marked_as_expected_and_gone(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)
    page.get_by_role("link", name="inbox spent $21.60 unattended").click()  # the overview points to it
    card = page.locator("[class*=st-key-flag-]").first
    expect(card.get_by_role("heading", name="poller · inbox: polling that finds nothing to do")).to_be_visible(timeout=PATIENCE)
    expect(card.get_by_text("Why it was flagged")).to_be_visible()
    expect(card.get_by_text("calls sent over 20k tokens and got under 200 back")).to_be_visible()
    expect(card.get_by_text("What to do")).to_be_visible()
    expect(card.locator(".js-plotly-plot").first).to_be_visible()
    card.get_by_role("button", name="Mark as expected").click()
    page.get_by_placeholder("What is it for?").fill("Waits for invoices")
    page.get_by_role("button", name="Mark as expected").click()
    expect(page.get_by_role("heading", name="Marked as expected")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[class*=st-key-flag-]")).to_have_count(0)
    expect(page.get_by_text("Waits for invoices")).to_be_visible()
    page.reload()
    settled(page)
    expect(page.locator("[class*=st-key-flag-]")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[class*=st-key-flag-]").first).to_be_visible(timeout=PATIENCE)


@pytest.mark.slow
def test_a_typed_setting_is_replayed_within_a_second_or_so(page: Page, address: str) -> None:
    page.goto(f"{address}/auto_reload")
    settled(page)
    field = page.get_by_label("Reload it to", exact=True)
    field.fill("77")
    began = time.monotonic()
    field.press("Enter")
    expect(page.get_by_text("reload to $77:", exact=False)).to_be_visible(timeout=PATIENCE)
    assert time.monotonic() - began < 4  # a quarter of it on a machine of its own
    page.get_by_label("When the balance falls below", exact=True).fill("70")
    page.get_by_label("When the balance falls below", exact=True).press("Enter")
    expect(page.get_by_text("below $70, reload to $80:", exact=False)).to_be_visible(timeout=PATIENCE)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["auto_reload", "background"])
def test_on_a_telephone_nothing_is_wider_than_the_screen(page: Page, address: str, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/{name}")
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
