"""Names that try to be obeyed: as Markdown, HTML, a link, a formula, SQL, a path; each calls the canary if anything obeys it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from usage_analytics.question.scan import kind_of

END = datetime(2026, 11, 20, 12)


@contextmanager
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server that nothing may ask; yields its address and what it heard."""
    heard: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_POST = do_HEAD = do_OPTIONS = do_GET  # noqa: N815  the library's words

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listening)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def names(url: str) -> list[str]:
    """One name of each kind."""
    return [
        f"![x]({url}/image)",
        f"<img src={url}/img onerror=window.__pwn=1>",
        f"<script src={url}/script></script>",
        f"[click]({url}/link)",
        f"<a href=javascript:window.__pwn=1>{url}/a</a>",
        f"{url}/auto",
        ":material/bolt: :red[x] $x^2$",
        f'=HYPERLINK("{url}/formula")',
        f"'; copy (select 1) to '{url}'; --",
        f"<svg onload=fetch('{url}/svg')>",
        "../../../etc/passwd",
        f"\u202e{url}\u202c\x07\x1b[31m",
        f"<style>@import '{url}/css'</style>",
        f"<!channel> <{url}/slack|x> @everyone",
        f"<iframe src={url}/frame>",
        f"%3Cimg src={url}%3E &lt;b&gt; <b>{'x' * 60}",
        f"|a|b|\n|---|---|\n![y]({url}/table)",
        f'#import "{url}"; #read("/etc/passwd")',
        f"{{{{7*7}}}} ${{7*7}} {url}",
        f"<meta http-equiv=refresh content='0;url={url}/meta'>",
    ]


def events(path: Path, url: str) -> Path:
    """Three weeks of events in which app, model, project, account, conversation and an unknown column carry those names."""
    found = names(url)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["occurred_at", "app", "model", "cost_usd", "project", "account", "conversation_id", "message_index", "run", found[1]]
        )
        for hour in range(20 * 24):
            name, other = found[hour % len(found)], found[(hour * 7 + 3) % len(found)]
            if kind_of(other):  # with a model that is called like a path, no report is made, and none would be looked at
                other = "claude-opus-4-6"
            at = END - timedelta(hours=hour)
            rows.writerow(
                [
                    f"{at.isoformat()}Z",
                    name,
                    other,
                    "2.5",
                    name,
                    other,
                    name,
                    hour,
                    "headless" if hour % 3 else "interactive",
                    name,
                ]
            )
    return path
