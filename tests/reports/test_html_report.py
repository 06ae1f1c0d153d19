"""The HTML file: it calls nothing, runs nothing, and is readable by everyone."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import pytest

from tests import axe
from usage_analytics import reports
from usage_analytics.reports import Report, svg

STYLE = Path(svg.__file__).with_name("report.css")


class Page(HTMLParser):
    """The tags of a page, with their attributes, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def text(report: Report) -> str:
    return reports.render(report, "html").decode()


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_it_names_no_address_and_runs_nothing(text: str, page: Page) -> None:
    assert not re.search(r"https?:|//[a-z]|url\(|@import|javascript:", text, re.IGNORECASE)
    assert not {"script", "link", "img", "iframe", "object", "form", "a"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name in ("src", "href")]


def test_its_own_policy_forbids_everything_but_its_styles(page: Page) -> None:
    policies = [one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"]


def test_it_has_one_heading_of_its_own_a_language_and_landmarks(page: Page) -> None:
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1
    assert [one["aria-labelledby"] for one in page.all("section")] == [one["id"] for one in page.all("h2")]


def test_every_table_has_a_caption_and_every_heading_its_scope(page: Page) -> None:
    assert len(page.all("caption")) == len(page.all("table")) > 5
    assert all(one.get("scope") in ("col", "row") for one in page.all("th"))


def test_every_chart_has_a_name_a_description_and_its_numbers(page: Page, text: str, report: Report) -> None:
    charts = [one for one in page.all("svg") if one.get("aria-hidden") is None]
    assert len(charts) == sum(len(section.charts) for section in report.sections) > 2
    assert all(one["role"] == "img" and one["aria-labelledby"] for one in charts)
    assert len(re.findall(r"<title id=", text)) == len(re.findall(r"<desc id=", text)) == len(charts)
    assert "The numbers of this chart" in text


def test_no_id_is_given_twice(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_text_can_be_read_on_its_paper_in_both_themes() -> None:
    light, dark = re.findall(r":root \{(.*?)\}", STYLE.read_text(encoding="utf-8"), re.DOTALL)
    for theme in (light, dark):
        colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", theme))
        for ink in ("ink", "soft", "faint", "accent"):
            for paper in ("paper", "wash"):
                assert contrast(colours[ink], colours[paper]) >= 4.5, f"{ink} on {paper}"


def test_the_hues_of_charts_are_those_of_the_dashboard(project: Path) -> None:
    settings = (project / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    light, dark = re.findall(r"chartCategoricalColors = \[(.*?)\]", settings)
    assert [*svg.LIGHT] == re.findall(r"#[0-9A-F]{6}", light)
    assert [*svg.DARK] == re.findall(r"#[0-9A-F]{6}", dark)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, as WCAG defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(text: str, chromium: str, tmp_path: Path, theme: Literal["light", "dark"], width: int) -> None:
    from playwright.sync_api import sync_playwright

    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme, bypass_csp=True)
        page.goto((tmp_path / "report.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = axe.violations(page)
        browser.close()
    assert found == []


def test_every_format_names_the_product_and_the_pages_show_its_mark(report: Report, project: Path) -> None:
    drawn = (project / "static" / "mark.svg").read_text(encoding="utf-8")
    shapes = re.findall(r"<(?:rect|path) [^>]+/>", drawn)
    page = reports.render(report, "html").decode()
    assert len(shapes) == 5
    assert all(shape in page for shape in shapes)
    assert re.search(r"<title>[^<]+ · Usage analytics</title>", page)
    assert "Usage analytics · Claude usage report" in reports.render(report, "md").decode()
    assert reports.render(report, "pdf").startswith(b"%PDF")
