"""In a real browser: axe-core finds nothing of ours on any page or panel, and keys alone reach everything and show where they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import axe, shots

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (390, 768, 1280, 1920)
PAGES = ("", "models", "conversations", "apps", "auto_reload", "background", "savings", "imports", "reports", "settings")
SETTINGS = ("Account", "Prices", "Sources", "Alerts", "Privacy")
PANELS = {
    "the search": ("", ".st-key-search button"),
    "the keys": ("", ".st-key-shortcuts button"),
    "the filters": ("models", ".st-key-filter button"),
    "the saved views": ("models", ".st-key-views button"),
    "what is kept": ("imports", ".st-key-privacy button"),
}
NAMED = "(one => [one.tagName, one.getAttribute('aria-label'), one.getAttribute('href'), one.innerText, one.dataset.testid].join(' '))"
MARK = f"(window.reached ??= new Set()).add({NAMED}(document.activeElement)) && null"
# Arrow keys go along the choices of a group: Tab reaches one of them.
LEFT_OUT = """() => [...document.querySelectorAll('button, a[href], input, textarea, [tabindex="0"]')].filter(one =>
    one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && !window.reached.has(NAMED(one)) && !one.closest('[data-testid=stDataFrame]') && one.getBoundingClientRect().width > 1
    && one.type !== 'file' && one.getAttribute('role') !== 'radio' && !one.dataset.variant && one.id !== 'stMain')
    .map(one => one.outerHTML.slice(0, 160) + one.innerText.slice(0, 60))""".replace("NAMED", NAMED)
OWN_FOCUS = "[data-testid=stDataFrame], [data-testid=stCode], iframe, #stMain:focus"
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
LOOK = """() => { let look = '', one = document.activeElement
    for (let up = 0; up < 4 && one; up++, one = one.parentElement) {
        const style = getComputedStyle(one)
        look += [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor, style.backgroundColor].join()
    }
    return look }"""


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        yield found
        found.close()


def opened(browser: Browser, url: str, theme: str = "light") -> Page:
    page = browser.new_page(
        viewport={"width": WIDTHS[-1], "height": 900}, color_scheme=theme, reduced_motion="reduce", bypass_csp=True
    )
    page.goto(url)
    shots.settled(page, pause=700)
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("place", [*PAGES, *(f"settings?settings={name}" for name in SETTINGS)])
def test_axe_finds_nothing_of_ours_on_a_page_at_any_width(browser: Browser, address: str, place: str, theme: str) -> None:
    page = opened(browser, f"{address}/{place}", theme)
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        found[width] = axe.violations(page)
    page.close()
    assert not any(found.values()), found


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("panel", PANELS)
def test_axe_finds_nothing_of_ours_in_a_panel(browser: Browser, address: str, panel: str, theme: str) -> None:
    place, opener = PANELS[panel]
    page = opened(browser, f"{address}/{place}", theme)
    page.locator(opener).first.click()
    page.mouse.move(1, 1)
    shots.settled(page, pause=500)
    found = axe.violations(page)
    page.close()
    assert found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_of_ours_in_the_panel_of_a_conversation(browser: Browser, address: str, theme: str) -> None:
    page = opened(browser, address, theme)
    page.locator(".st-key-search button").click()
    shots.settled(page, pause=400)
    page.get_by_role("dialog").locator("input").focus()
    page.keyboard.type("inbox conv", delay=20)
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    shots.settled(page, pause=900)
    assert page.get_by_role("dialog").inner_text().startswith("Conversation")
    found = axe.violations(page)
    page.close()
    assert found == []


@pytest.mark.parametrize("place", [*PAGES[:-1], *(f"settings?settings={name}" for name in SETTINGS)])
def test_tab_alone_reaches_everything_and_shows_where_it_is(browser: Browser, address: str, place: str) -> None:
    page = opened(browser, f"{address}/{place}")
    page.add_style_tag(content="* { transition: none !important }")  # a border that is still changing its color looks as before
    unseen = []
    for _ in range(300):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        page.evaluate(MARK)
        # The grid of a table and the report in its frame take several presses and draw their own focus, as does text that scrolls.
        if page.evaluate(
            "!!document.activeElement.closest('[data-testid=stDataFrame], [data-testid=stCode], iframe, #stMain:focus')"
        ):
            continue
        page.evaluate(DRAWN)
        focused = page.evaluate(LOOK)
        name = page.evaluate("document.activeElement.outerHTML.slice(0, 160)")
        page.evaluate("window.last = document.activeElement; window.last.blur()")
        page.evaluate(DRAWN)
        plain = page.evaluate(LOOK.replace("document.activeElement", "window.last"))
        page.evaluate("window.last.focus({focusVisible: true, preventScroll: true})")
        if focused == plain:
            unseen.append(name)
    else:
        pytest.fail("The keys never come to the end of the page.")
    left_out = page.evaluate(LEFT_OUT)
    page.close()
    assert not left_out, "\n".join(left_out)
    assert not unseen, "\n".join(unseen)
