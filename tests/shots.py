"""A picture of every page, at three widths, in both themes: `./dev shots [FOLDER] [--empty | --readme]`; look at them before you sign.

The server is a process of its own, on the database that USAGE_ANALYTICS_DB names or on the sample data.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests import pictures
from tests.conftest import BROWSERS

PROJECT = Path(__file__).parents[1]
WIDTHS = (390, 768, 1280, 1920)
THEMES = ("light", "dark")
PAGES = ("", "models", "conversations", "apps", "auto_reload", "background", "savings", "imports", "reports", "settings")
GREY = "[data-testid=stSkeleton]"  # what a busy machine has not loaded yet
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=PROJECT / "dist" / "shots")
    parser.add_argument("--empty", action="store_true", help="of an empty database")
    parser.add_argument("--pages", nargs="*", default=PAGES, choices=PAGES)
    parser.add_argument("--readme", action="store_true", help="only the two pictures of the README, into docs/")
    parser.add_argument("--accept", action="store_true", help="make the small pictures too that tests compare with")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        database = Path(scratch) / "usage.duckdb" if options.empty else None
        if options.accept:
            database = pictures.sample(Path(scratch))
        with served(database) as url, sync_playwright() as play:
            browser = play.chromium.launch(
                executable_path=os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None),
                args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
            )
            if options.accept:
                pictures.accept(shots(browser, url, options.folder, tuple(options.pages)))
                return
            taken = readme(browser, url) if options.readme else shots(browser, url, options.folder, tuple(options.pages))
            for file in taken:
                print(file)


def shots(browser: Browser, url: str, folder: Path, pages: tuple[str, ...]) -> Iterator[Path]:
    """Every page in every width and theme, as tall as it is."""
    for theme in THEMES:
        for width in WIDTHS:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce")
            page = context.new_page()
            for name in pages:
                page.goto(f"{url}/{name}")
                settled(page)
                while (height := min(tall(page), 6000)) > (page.viewport_size or {"height": height})["height"]:
                    page.set_viewport_size({"width": width, "height": height})
                    settled(page)
                file = folder / f"{name or 'overview'}-{width}-{theme}.png"
                page.screenshot(path=file)
                page.set_viewport_size({"width": width, "height": 900})
                yield file
            context.close()


def readme(browser: Browser, url: str) -> Iterator[Path]:
    """The overview on a laptop's screen, light and dark, in few colors so that the files are small."""
    for theme in THEMES:
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme=theme, reduced_motion="reduce")
        page.goto(url)
        page.get_by_role("button", name="Skip the tour").click()
        page.mouse.move(0, 0)
        settled(page)
        file = PROJECT / "docs" / ("overview.png" if theme == "light" else "overview-dark.png")
        page.screenshot(path=file)
        page.close()
        Image.open(file).convert("RGB").quantize(192, dither=Image.Dither.NONE).save(file, optimize=True)
        yield file


def settled(page: Page, pause: int = 800) -> None:
    """Wait until the script has run and its figures are drawn; `pause` is in milliseconds."""
    page.wait_for_selector(IDLE, timeout=60_000)
    page.wait_for_timeout(pause)
    page.wait_for_selector(IDLE, timeout=60_000)
    page.wait_for_selector(GREY, state="detached", timeout=60_000)


def tall(page: Page) -> int:
    """How many pixels the page's content takes."""
    return int(page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]')?.scrollHeight ?? 900")) + 60


@contextmanager
def served(database: Path | None) -> Iterator[str]:
    """The dashboard in a process of its own: on `database`, or on what the environment says; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {"USAGE_ANALYTICS_DB": str(database)} if database else {}
    demo = [] if given or "USAGE_ANALYTICS_DB" in os.environ else ["--demo"]
    command = [sys.executable, "-m", "usage_analytics", "run", "--port", str(port), *demo]
    server = subprocess.Popen(command, cwd=PROJECT, env=os.environ | given)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/healthz")
        yield url
    finally:
        server.terminate()
        server.wait(20)


def wait_for(url: str, seconds: float = 180) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).read()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


if __name__ == "__main__":
    main()
