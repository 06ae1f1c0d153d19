"""An upload that is too large is refused early, however it is sent, and costs no memory."""

from __future__ import annotations

import http.client
import select
import socket
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.campaign.frame import Result, all_of, by_tests, holds
from tests.campaign.serving import Dashboard, dashboard
from tests.server.tab import cookies, opened

PROMISES = ""
GROWTH = 50 << 20
PATH = "/_stcore/upload_file/session/file"


def check(where: Path) -> Result:
    """Sends 1 GB to a real server: announced, in chunks without a length, and to routes that take no upload; watches its memory."""
    with dashboard(where) as served, httpx.Client() as http, opened(served.url, http) as tab:
        tab.run("imports")
        kept = cookies(http.cookies.jar)
        before = served.memory
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in kept.items()),
            "X-Xsrftoken": kept.get("_streamlit_xsrf", ""),
        }
        assert announced(served, headers) == 413
        sent, status = in_chunks(served, PATH, headers)
        assert status in (400, 403, 413), status
        assert sent < 260 << 20, f"{sent >> 20} MB were taken"
        small, other = in_chunks(served, "/healthz", headers)
        assert (other, small < 8 << 20) == (413, True) or other in (405, 404), (other, small)
        grown = served.memory - before
        assert grown < GROWTH, f"memory grew by {grown >> 20} MB"
        assert tab.run("imports").messages
    known = by_tests(where, "tests/server/test_limits.py")
    return all_of(holds(f"refused after {sent >> 20} MB, memory grew by {max(0, grown) >> 20} MB"), known)


def announced(served: Dashboard, headers: dict[str, str]) -> int:
    """What is answered to a body of 1 GB that says so, before any of it is sent."""
    asked = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=30)
    asked.putrequest("PUT", PATH)
    for name, value in (headers | {"Content-Length": str(1 << 30)}).items():
        asked.putheader(name, value)
    asked.endheaders()
    status = asked.getresponse().status
    asked.close()
    return status


def in_chunks(served: Dashboard, path: str, headers: dict[str, str]) -> tuple[int, int]:
    """Send up to 1 GB without saying how much; how much was taken until the answer came, and what was answered."""
    sent, part = 0, b"100000\r\n" + b"x" * (1 << 20) + b"\r\n"
    given = headers | {"Host": urlsplit(served.url).netloc, "Transfer-Encoding": "chunked"}
    with socket.create_connection(("localhost", urlsplit(served.url).port or 0), timeout=60) as raw:
        raw.sendall(
            "\r\n".join([f"PUT {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items()), "", ""]).encode()
        )
        with suppress(BrokenPipeError, ConnectionResetError):
            while sent < 1 << 30 and not select.select([raw], [], [], 0)[0]:
                raw.sendall(part)
                sent += 1 << 20
        with suppress(ConnectionResetError):
            line = raw.recv(200).split(b"\r\n")[0].split()
            return sent, int(line[1]) if len(line) > 1 else 413
    return sent, 413  # it closed the connection while we were still sending
