"""What alerts are about and where they go in tests: a flag, and a server of the test's own on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from usage_analytics.answers.background.flags import Flag, Reason
from usage_analytics.answers.background.found_by import found_by

NOW: Final = datetime(2026, 11, 20, 3, 30)


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Receiver:
    """A server that takes webhooks; `answer` is what it says: a status, a redirect to somewhere, or nothing at all (0)."""

    port: int = 0
    scheme: str = "http"
    answer: list[int] = field(default_factory=list)
    location: str = ""
    pause: float = 0
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}/services/T0/B0/s3cr3t-t0k3n"


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.receiver.received.append(Received(self.path, dict(self.headers), body))
        time.sleep(self.receiver.pause)
        status = self.receiver.answer.pop(0) if self.receiver.answer else 200
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        if self.receiver.location:
            self.send_header("Location", self.receiver.location)
        self.end_headers()
        self.wfile.write(b"ok")

    do_GET = do_POST  # noqa: N815  the library's word

    def log_message(self, *_: object) -> None:
        pass


def serve(wrap: Callable[[Any], Any] = lambda socket: socket, scheme: str = "http") -> Iterator[Receiver]:
    receiver = Receiver(scheme=scheme)
    handler = type("Handler", (_Handler,), {"receiver": receiver})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = wrap(server.socket)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    server.server_close()
    thread.join()


def flag(key: str = "one", **changed: Any) -> Flag:
    """A drain as the analysis flags it."""
    known: dict[str, Any] = {
        "key": key,
        "app": "nightly-sync",
        "account": None,
        "project": "garden",
        "run": "scheduled",
        "source": "nightly-sync, garden",
        "kind": "scheduled_loop",
        "started_at": NOW - timedelta(hours=2),
        "flagged_at": NOW - timedelta(hours=1),
        "last_seen_at": NOW - timedelta(minutes=1),
        "spent_before_flag_nanos": 2_100_000_000,
        "spent_nanos": 7_400_000_000,
        "pace_nanos_per_hour": 3_700_000_000,
        "projected_nanos": 25_900_000_000,
        "projected_until": NOW + timedelta(hours=5),
        "severity": "drain",
        "found_by": found_by("no_prompt", 6 * 3_600_000, 2.1e9, 0.2e9, 2e9),
        "reasons": (Reason("interval", "It calls every 5 minutes, to within 2 s."),),
        "what_to_do": "Remove the schedule of nightly-sync.",
        "sees_prompts": True,
        "over": False,
    }
    return Flag(**known | changed)
