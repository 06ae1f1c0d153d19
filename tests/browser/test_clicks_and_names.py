"""In a real browser: a click filters, the URL holds the view, and a hostile name calls nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, sync_playwright

from tests import shots
from tests.shots import served
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

pytestmark = pytest.mark.browser

HOSTILE = "![x](http://evil.example/p.png)<img src=http://evil.example/i.png>:material/bolt: $x$"
ROWS = f"""occurred_at,app,model,cost_usd,project
2026-11-10T10:00:00Z,Claude Code,claude-opus-4-6,12.5,web
2026-11-11T10:00:00Z,Claude Code,claude-haiku-4-5-20251001,2.5,{HOSTILE}
2026-11-11T11:00:00Z,{HOSTILE},{HOSTILE},5,web
2026-11-12T10:00:00Z,Cursor,claude-opus-4-6,4,web
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard on a small database with a hostile app, model and project."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "usage.csv").write_text(ROWS, encoding="utf-8")
    store = Store(folder / "usage.duckdb")
    import_paths(store, [folder / "usage.csv"])
    store.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USAGE_ANALYTICS_NOW", "2026-11-13T12:00")
        with served(folder / "usage.duckdb") as url:
            yield url


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser.new_page(viewport={"width": 1300, "height": 1100}, reduced_motion="reduce")
        browser.close()


def settled(page: Page) -> None:
    shots.settled(page, pause=450)


def bars(page: Page) -> list[Locator]:
    """The bars of the first figure that have a size."""
    page.wait_for_selector(".js-plotly-plot g.trace.bars path", state="attached")
    drawn = page.locator(".js-plotly-plot").first.locator("g.trace.bars path").all()
    return [one for one in drawn if (box := one.bounding_box()) and box["height"] > 4 and box["width"] > 4]


def click(page: Page, target: Locator) -> None:
    """A click as a hand makes it: there first, then down and up."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(300)
    page.mouse.down()
    page.mouse.up()
    settled(page)


def answer(page: Page) -> str:
    return page.locator("h2").first.inner_text()


@pytest.mark.slow
def test_a_click_on_a_bar_looks_at_its_day_and_a_reload_shows_the_same(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)
    assert answer(page).startswith("You spent $24.00 in the last 30 days")
    click(page, bars(page)[0])
    assert "span=Custom" in page.url
    assert "dates=2026-11-" in page.url
    found = answer(page)
    assert "in the 24 hours of" in found
    page.go_back()
    settled(page)
    assert answer(page).startswith("You spent $24.00")
    page.go_forward()
    settled(page)
    page.reload()
    settled(page)
    assert answer(page) == found


@pytest.mark.slow
def test_a_click_on_a_models_bar_keeps_that_model_and_its_chip_lets_go(page: Page, address: str) -> None:
    page.goto(f"{address}/models")
    settled(page)
    click(page, bars(page)[0])
    assert "model=Opus+4.6" in page.url
    assert answer(page).startswith("Opus 4.6 cost $16.50")
    page.get_by_role("button", name="Model: Opus 4.6").click()
    settled(page)
    assert "model=" not in page.url


@pytest.mark.slow
def test_a_name_that_is_an_image_a_link_or_an_icon_is_only_shown(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for place in ("", "?by=By+app", "?by=By+project", "models", "conversations", "apps", "imports"):
        page.goto(f"{address}/{place}")
        settled(page)
        assert page.locator("a[href*=evil], img[src*=evil]").count() == 0
    page.goto(f"{address}/models")
    settled(page)
    click(page, bars(page)[1])
    assert "model=" in page.url  # the chip and the answer name it now
    assert page.locator("a[href*=evil], img[src*=evil]").count() == 0
    assert [url for url in asked if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))] == []
