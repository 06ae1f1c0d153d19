"""In a real browser: a chat user, a Cursor user and an administrator each come from nothing to what they wanted to know.

`JOURNEYS=FOLDER` keeps a picture of every stop.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.browser.test_journey import PATIENCE, says, settled, spend
from tests.organization_server import KEY, World, serving
from tests.shots import served

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """An organization whose keys spend $1.50 a day."""
    days = [date(2026, 11, number) for number in range(1, 22)]
    known = World(tokens={day: {"apikey_1": 1000} for day in days}, cents={day: {"Output": "150"} for day in days})
    known.clock = datetime(2026, 11, 22, 14, 25, tzinfo=UTC)
    with serving(known) as address:
        monkeypatch.setenv("USAGE_ANALYTICS_API_URL", address)
        monkeypatch.setenv("ANTHROPIC_ADMIN_KEY", KEY)
        yield known


@pytest.fixture
def page(chromium: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The dashboard on an empty database, as somebody sees it who was never here; what the browser complains of must be nothing."""
    if "world" in request.fixturenames:
        request.getfixturevalue("world")
    monkeypatch.setenv("USAGE_ANALYTICS_NOW", "2026-11-22T14:25")
    monkeypatch.setenv("HOME", str(tmp_path))
    complaints: list[str] = []
    with ExitStack() as stack:
        url = stack.enter_context(served(tmp_path / "store" / "usage.duckdb"))
        play = stack.enter_context(sync_playwright())
        opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        found = opened.new_page(base_url=url, viewport={"width": 1280, "height": 800}, reduced_motion="reduce", timezone_id="UTC")
        found.set_default_timeout(PATIENCE)
        found.on("pageerror", lambda error: complaints.append(str(error)))
        yield found
        opened.close()
    assert not complaints


def picture(page: Page, name: str) -> None:
    """Keep a picture, where somebody wants to look."""
    settled(page)
    if folder := os.environ.get("JOURNEYS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def upload(page: Page, file: Path) -> None:
    """From the first visit to an import."""
    page.goto("/")
    says(page, "No usage imported yet")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=re.compile(r"^Import \d+ files?$")).click()
    page.get_by_text(re.compile(r"\d+ files? imported:")).first.wait_for()
    settled(page)


def test_a_chat_user_sees_spend_by_length_and_connected_app_as_estimates(page: Page, tmp_path: Path) -> None:
    export = shutil.make_archive(str(tmp_path / "data-2026-10-05-batch-0000"), "zip", FIXTURES / "claude_ai")
    upload(page, Path(export))
    picture(page, "chat-1-imported")
    page.goto("/conversations?span=All")
    says(page, "Spend by conversation length")
    says(page, "Estimated: $")
    picture(page, "chat-2-conversations")
    page.goto("/apps?span=All")
    says(page, "Estimated: $")
    says(page, "Connected apps")
    picture(page, "chat-3-apps")


def test_a_cursor_user_sees_what_the_plan_included_and_what_was_charged(page: Page) -> None:
    upload(page, FIXTURES / "cursor" / "usage-events-2025-12-11.csv")
    page.goto("/?span=All")
    assert spend(page) > 0
    picture(page, "cursor-1-overview")
    page.goto("/apps?span=All")
    says(page, "Cursor cost $")
    picture(page, "cursor-2-apps")


def test_an_administrator_comes_from_a_key_to_spend(page: Page, world: World) -> None:
    page.goto("/settings?settings=Sources")
    says(page, "Admin key found: …Wxyz")
    page.get_by_text("Sync usage", exact=False).first.click()
    says(page, "Not synced yet.")
    picture(page, "admin-1-settings")
    page.get_by_role("button", name="Sync now").click()
    page.get_by_text("new call").first.wait_for(timeout=60_000)
    picture(page, "admin-2-synced")
    page.goto("/?span=All")
    assert spend(page) == pytest.approx(31.5)
    picture(page, "admin-3-overview")
    assert "kanarienvogel" not in page.content()
