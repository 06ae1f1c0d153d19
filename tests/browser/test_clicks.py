"""In a real browser: how many clicks three journeys take. Each prints its steps, so that a person can read what was counted.

A drop of a file counts as a click. `JOURNEYS=FOLDER` keeps a picture of every step.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests import shots
from tests.pages.conftest import NOW
from tests.shots import served
from tests.transcripts import call, prompt, text

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 30_000  # milliseconds; a machine may be busy
TRANSCRIPT = text(prompt(), *(call(f"c{number}", 60 * number) for number in range(20)))


@dataclass
class Journey:
    """A person's way: what they opened, clicked and read."""

    page: Page
    name: str
    clicks: int = 0
    steps: list[str] = field(default_factory=list)

    def opens(self, url: str) -> None:
        self.page.goto(url)
        self._done(f"open {url}")

    def clicks_on(self, what: str, target: Locator, *, force: bool = False) -> None:
        target.click(force=force)
        self.clicks += 1
        self._done(f"click {self.clicks}: {what}")

    def drops(self, file: Path) -> None:
        self.page.locator("input[type=file]").set_input_files(file)
        self.clicks += 1
        self._done(f"click {self.clicks}: drop {file.name}")

    def reads(self, said: str | re.Pattern[str]) -> str:
        found = self.page.get_by_text(said).first
        expect(found).to_be_visible(timeout=PATIENCE)
        self._done(f"read: {found.inner_text()}")
        return found.inner_text()

    def _done(self, step: str) -> None:
        shots.settled(self.page, pause=400)
        self.steps.append(step)
        if folder := os.environ.get("JOURNEYS"):
            self.page.screenshot(path=Path(folder) / f"{self.name}-{len(self.steps)}.png")

    def ends(self, most: int) -> None:
        print(f"\n{self.name}: {self.clicks} clicks of at most {most}", *self.steps, sep="\n  ")
        assert self.clicks <= most


@pytest.fixture
def journey(
    chromium: str, tmp_path: Path, sample_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Callable[[str, bool], Journey]]:
    """The dashboard in a browser: on the sample as `--demo` shows it with an empty database behind it, or on the empty one."""
    monkeypatch.setenv("USAGE_ANALYTICS_NOW", NOW if "newcomer" not in request.node.name else "2026-11-03T18:00")
    monkeypatch.setenv("HOME", str(tmp_path))
    complaints: list[str] = []
    with ExitStack() as stack:

        def begin(name: str, sample: bool) -> Journey:
            if sample:
                monkeypatch.setenv("USAGE_ANALYTICS_SAMPLE_DB", str(sample_path))
            url = stack.enter_context(served(tmp_path / "store" / "usage.duckdb"))
            play = stack.enter_context(sync_playwright())
            browser = play.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
            )
            stack.callback(browser.close)
            page = browser.new_page(
                base_url=url, viewport={"width": 1280, "height": 800}, reduced_motion="reduce", timezone_id="UTC"
            )
            page.set_default_timeout(PATIENCE)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            return Journey(page, name)

        yield begin
    assert not complaints


def test_a_newcomer_on_the_sample_comes_to_the_first_answer_of_their_own(
    journey: Callable[[str, bool], Journey], tmp_path: Path
) -> None:
    folder = tmp_path / ".claude" / "projects" / "garden"
    folder.mkdir(parents=True)
    (folder / "one.jsonl").write_bytes(TRANSCRIPT)
    robin = journey("newcomer with Claude Code", True)
    robin.opens("/")
    robin.reads("Robin, a made-up developer")
    chart = robin.page.locator(".js-plotly-plot").first.bounding_box()
    assert chart is not None
    assert chart["y"] + chart["height"] <= 800, "the first chart is below the fold while the tour is open"
    robin.clicks_on("Start with my own data", robin.page.get_by_role("button", name="Start with my own data"))
    robin.reads("No usage imported yet")
    robin.clicks_on("Read my Claude Code usage", robin.page.get_by_role("button", name="Read my Claude Code usage"))
    robin.reads(re.compile(r"^You spent \$\d"))
    robin.ends(most=3)


def test_a_newcomer_with_a_file_comes_to_the_first_answer(journey: Callable[[str, bool], Journey], tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    file.write_bytes(TRANSCRIPT)
    kim = journey("newcomer with a file", False)
    kim.opens("/")
    kim.drops(file)
    kim.reads("1 file holds 20")
    kim.clicks_on("Import 1 file", kim.page.get_by_role("button", name="Import 1 file"))
    kim.reads(re.compile(r"^You spent \$\d"))
    kim.ends(most=3)


def test_why_yesterday_was_expensive_is_found(journey: Callable[[str, bool], Journey]) -> None:
    robin = journey("why was yesterday expensive", True)
    robin.opens("/")
    bars = robin.page.locator(".js-plotly-plot").first.locator(".bars .point").all()
    boxes = [(box["x"], box["height"], bar) for bar in bars if (box := bar.bounding_box())]
    newest = max(x for x, height, _ in boxes if height > 4)  # the sample ends yesterday
    _, bar = max(((height, bar) for x, height, bar in boxes if abs(x - newest) < 1), key=lambda one: one[0])
    robin.clicks_on("yesterday's bar", bar, force=True)
    robin.page.wait_for_url(re.compile("dates=2026-11-21"))
    robin.reads(re.compile(r"^You spent \$\d.*Nov 21"))
    robin.clicks_on(
        "By project",
        robin.page.get_by_role("radio", name="By project").or_(robin.page.get_by_role("button", name="By project")).first,
    )
    cells = robin.page.locator(".st-key-card-parts canvas").first.locator("td")
    expect(cells.first).to_have_text("inbox-watcher", timeout=PATIENCE)
    robin.steps.append(f"read: {' · '.join(cells.all_inner_texts()[:3])}")
    robin.ends(most=4)


def test_auto_reload_is_set_up(journey: Callable[[str, bool], Journey]) -> None:
    robin = journey("set up auto-reload", True)
    robin.opens("/")
    robin.clicks_on("Auto-reload", robin.page.get_by_role("link", name="Auto-reload"))
    lead = robin.reads(re.compile(r"^When the balance falls below \$\d+, reload it to \$\d+"))
    for amount in re.findall(r"\$\d+", lead)[:2]:
        expect(robin.page.get_by_text(re.compile(rf"claude\.ai.*|{re.escape(amount)}")).first).to_be_visible()
    robin.ends(most=3)
