"""Names that are attacks stay plain text in all four formats, and nobody hears of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.databases import new
from tests.reports.conftest import NOW, asked
from usage_analytics import reports
from usage_analytics.ingest import import_paths
from usage_analytics.reports import Format, Report, markdown, pdf, svg
from usage_analytics.reports.report import Bar, Bars


class Canary(BaseHTTPRequestHandler):
    """Notes every request."""

    heard: list[str]

    def do_GET(self) -> None:
        self.heard.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[str, list[str]]]:
    heard: list[str] = []
    server = HTTPServer(("127.0.0.1", 0), type("Heard", (Canary,), {"heard": heard}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()


def hostile(url: str) -> list[str]:
    return [
        f'<img src="{url}/img"><script>fetch("{url}/js")</script>',
        f"![beacon]({url}/md) [click]({url}/link) <{url}/auto>",
        f"</title></desc></svg><style>@import url({url}/css)</style>",
        '=HYPERLINK("http://evil","x") | @SUM(1+1) | $x^2$ `code` **bold** ~~no~~ #1 @team',
        f'#image("{url}/typ") #read("report.typ") $ sum $ \\ */ // <label> @ref',
        "right\u202eto\u202cleft \u2066isolated\u2069 zero\u200bwidth bell\x07 null",
        "x" * 10_000,
        "| a | b |\n| --- | --- |\n| c | d |",
        "名前 имя όνομα naïve 🙂",
    ]


@pytest.fixture(scope="module")
def made(canary: tuple[str, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    folder = tmp_path_factory.mktemp("hostile")
    names = hostile(canary[0])
    with (folder / "events.jsonl").open("w", encoding="utf-8") as file:
        for day in range(30):
            for number, name in enumerate(names):
                moment = NOW - timedelta(days=30 - day, minutes=number)
                event = {"occurred_at": f"{moment.isoformat()}Z", "app": name, "project": name, "account": name, "model": name}
                more = {"cost_usd": number + 1, "conversation_id": f"c{number} {name}", "run": "scheduled", "human_prompt": False}
                file.write(json.dumps(event | more) + "\n")
    store = new(folder / "store")
    import_paths(store, [folder / "events.jsonl"])
    yield reports.make(asked(store))
    store.close()


class Shown(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_shows_them_as_text(made: Report) -> None:
    shown = Shown(reports.render(made, "html").decode())
    assert not {"img", "script", "a", "iframe", "link", "object"} & shown.tags
    assert "<img src=" in shown.text
    assert "![beacon](" in shown.text
    assert "=HYPERLINK(" in shown.text


@pytest.mark.parametrize("form", ["html", "md", "json"])
def test_direction_and_control_marks_are_gone_and_long_names_are_cut(made: Report, form: Format) -> None:
    text = reports.render(made, form).decode()
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\x00\x07\x1b")
    assert "x" * 81 not in text
    assert len(text) < 300_000


def test_markdown_has_no_link_image_or_row_of_theirs(made: Report) -> None:
    text = reports.render(made, "md").decode()
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert "](" not in text.replace("\\]", "")
    assert "<img" not in text
    assert "http://" not in text
    assert not [line for line in tables if line.replace("\\|", "").count("|") > 9]
    assert "| c | d |" not in text


def test_json_is_json(made: Report) -> None:
    found = json.loads(reports.render(made, "json"))
    assert found["report"] == 1
    assert found["sections"]


def test_the_pdf_is_set_from_data_and_reads_no_instruction(made: Report) -> None:
    content = reports.render(made, "pdf")
    assert content.startswith(b"%PDF")
    assert len(content) < 300_000
    assert b"/URI" not in content
    assert b"/JavaScript" not in content


def test_a_chart_of_its_own_is_sound_whatever_a_bar_is_called(canary: tuple[str, list[str]]) -> None:
    from xml.etree import ElementTree as ET

    for name in hostile(canary[0]):
        drawn = svg.standalone(Bars("k", name, name, (Bar(name, 10**9, name),)), 600)
        kinds = {one.tag.rpartition("}")[2] for one in ET.fromstring(drawn).iter()}
        assert kinds <= {"svg", "style", "text", "rect"}, name


def test_every_instruction_of_the_pages_is_ours() -> None:
    """Typst is handed a file of ours and data; nothing is put together from text."""
    source = (Path(pdf.__file__).with_name("report.typ")).read_text(encoding="utf-8")
    assert "eval(" not in source
    assert "json(bytes(sys.inputs.report))" in source


@pytest.mark.browser
def test_opened_in_a_browser_it_asks_for_nothing(
    made: Report, canary: tuple[str, list[str]], chromium: str, tmp_path: Path
) -> None:
    from playwright.sync_api import sync_playwright

    (tmp_path / "report.html").write_bytes(reports.render(made, "html"))
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        page = browser.new_page(viewport={"width": 390, "height": 844})
        asked_for: list[str] = []
        page.on("request", lambda request: asked_for.append(request.url))
        page.goto((tmp_path / "report.html").as_uri())
        page.wait_for_timeout(300)
        assert asked_for == [(tmp_path / "report.html").as_uri()]
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        browser.close()
    assert canary[1] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("$5.00, 21% less", "$5.00, 21% less"),
        ("my_project and _private_", "my_project and \\_private\\_"),
        ("a|b", "a\\|b"),
        ("<b>", "&lt;b&gt;"),
        ("1. first", "1\\. first"),
        ("0.7% of it", "0.7% of it"),
        ("- a list", "\\- a list"),
        ("-3%", "-3%"),
        ("[x](y)", "\\[x\\](y)"),
        ("$x$", "\\$x\\$"),
    ],
)
def test_markdown_escapes_what_would_be_obeyed_and_nothing_else(text: str, shown: str) -> None:
    assert markdown.plain(text) == shown
