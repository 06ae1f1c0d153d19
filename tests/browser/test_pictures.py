"""In a real browser: every page looks as it was accepted, at four widths and in both themes; `./dev shots --accept` accepts anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from tests import pictures, shots
from tests.shots import served


@pytest.mark.browser
@pytest.mark.slow
def test_every_page_looks_as_it_was_accepted(sample_path: Path, chromium: str, tmp_path: Path) -> None:
    differing = {}
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        patch.setenv("USAGE_ANALYTICS_NOW", pictures.NOW)
        with served(sample_path) as url:
            browser = play.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
            )
            for taken in shots.shots(browser, url, tmp_path, shots.PAGES):
                with Image.open(pictures.FOLDER / taken.name) as accepted:
                    share = pictures.difference(pictures.small(taken), accepted.convert("L"))
                if share > pictures.TOLERANCE:
                    differing[taken.name] = f"{share:.1%}"
            browser.close()
    assert not differing


def test_there_is_an_accepted_picture_of_every_page_and_each_is_small() -> None:
    found = {file.stem for file in pictures.FOLDER.glob("*.png")}
    named = {f"{page or 'overview'}-{width}-{theme}" for page in shots.PAGES for width in shots.WIDTHS for theme in shots.THEMES}
    assert found == named
    assert max(file.stat().st_size for file in pictures.FOLDER.glob("*.png")) < 16_000


def test_a_card_that_is_gone_is_a_clear_difference() -> None:
    accepted = pictures.FOLDER / "overview-1280-light.png"
    with Image.open(accepted) as opened:
        page = opened.convert("L")
    assert pictures.difference(page, page) == 0
    changed = page.copy()
    changed.paste(255, (45, 50, page.width - 10, 100))  # the chart
    assert pictures.difference(page, changed) > pictures.TOLERANCE
    assert pictures.difference(page, page.crop((0, 0, page.width, page.height * 9 // 10))) > pictures.TOLERANCE
